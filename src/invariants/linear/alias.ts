// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { ByteCount, Pfn, VirtAddr } from '../../base/units.ts';
import { AddressRanges } from '../../trace/address-ranges.ts';
import type { AreaEvent, Intent } from '../../trace/events.ts';
import type { Leaf } from '../../trace/page-table-entry.ts';
import type { StaleTranslation } from '../../trace/stale-translations.ts';
import type { Invariant, Verdict } from '../invariant.ts';
import type { JudgedOperation, JudgedRun } from '../judged-run.ts';

type ProtectIntent = Extract<Intent, { kind: 'protect' }>;

export const linearAlias: Invariant = {
  id: 'linear/alias',
  title: 'the linear map keeps up',
  promise:
    'Where the linear map is made of pages: under rodata=full it has the rights that set_memory_ro() and set_memory_rw() give the same pages elsewhere; when vfree() gives the pages of a VM_FLUSH_RESET_PERMS area back they are mapped there, writable, which they are not before the area is flushed, and no TLB remembers otherwise; and no other page changes.',
  source:
    'mm/vmalloc.c, vm_reset_perms(); arch/arm64/mm/pageattr.c, change_memory_common(); arm64: mm: apply r/o permissions of VM areas to its linear alias as well.',
  why: 'Code that is read-only can be written through its alias; whoever gets a page that stayed read-only or invalid there faults on first use.',
  example: 'vm_reset_perms() gives the default back to all pages but the last.',
  limits:
    'Exercised where a scenario has the linear map made of tables, which only arm64 is asked for. Pages of an area without VM_FLUSH_RESET_PERMS only have to be no worse than before the call. What else maps a page is not looked for.',
  severity: 'bug',
  appliesTo: ({ arch }) => arch === 'arm64',
  begin: (run, verdict) => {
    const areas = new Map<VirtAddr, AreaEvent>();
    const freed = new Set<Pfn>();
    /** What of the linear map has been in tables. */
    const known = new AddressRanges();
    /** Pages of it that are not there, or read-only. */
    const unusual = new Set<VirtAddr>();
    const { pageOffset, vmallocStart } = run.machine.addresses;
    let touched = false;
    let follows = false;
    return {
      operation: ({ intent }) => {
        if (intent.kind === 'linear') ({ follows } = intent);
        touched = false;
        freed.clear();
      },
      area: (event) => {
        areas.set(event.addr, event);
      },
      'table-write': ({ addr, level, after }, n) => {
        if (addr === undefined || addr < pageOffset || addr >= vmallocStart) return;
        touched = true;
        const { format: entries } = run.state.tables;
        const format = entries.level(level);
        const isLeaf = entries.kind(format, after) === 'leaf';
        const isUsualNow = isLeaf && entries.isWritable(entries.leaf(format, after, addr).attributes);
        const isBack = isUsualNow && unusual.delete(addr);
        if (!isUsualNow && format === entries.last) unusual.add(addr);
        if (!isLeaf) return;
        known.add(addr, addr + format.entrySize);
        const intent = run.operation?.intent;
        const area = intent?.kind === 'unmap' ? areas.get(intent.addr) : undefined;
        if (isBack && bears(area, RESETS)) checkFlushed(run, verdict, area, n);
      },
      page: ({ change, pfn, order }, n) => {
        const { operation } = run;
        if (known.isEmpty || change !== 'free' || !endsArea(run, operation)) return;
        const area = areas.get(operation.intent.addr);
        for (let each = pfn; each < pfn + 2 ** order; each++) {
          freed.add(each);
          if (isIn(run, known, each)) checkFreed(run, verdict, operation, { pfn: each, area, n });
        }
      },
      return: ({ error }) => {
        const { operation } = run;
        if (known.isEmpty || operation === undefined || !operation.alone) return;
        const { intent } = operation;
        if (intent.kind === 'protect') {
          if (error === 0 && follows && run.inVmallocSpace(intent.addr)) {
            checkFollowed(run, verdict, intent, known);
          }
          if (touched) checkStrangers(run, verdict, pagesOf(run, areas, intent));
        } else if (endsArea(run, operation) && touched) {
          checkStrangers(run, verdict, freed);
        }
      },
    };
  },
};

type Unmapping = JudgedOperation & { readonly intent: Extract<Intent, { kind: 'unmap' }> };

/** The call unmaps what is not the linear map itself: memory that is unplugged leaves that for good. */
function endsArea(run: JudgedRun, operation: JudgedOperation | undefined): operation is Unmapping {
  return operation?.intent.kind === 'unmap' && run.inVmallocSpace(operation.intent.addr);
}

function linearOf({ machine, pageSize }: JudgedRun, pfn: Pfn): VirtAddr {
  return machine.addresses.pageOffset + pfn * pageSize;
}

function isIn(run: JudgedRun, known: AddressRanges, pfn: Pfn): boolean {
  const addr = linearOf(run, pfn);
  return known.firstOverlap(addr, addr + run.pageSize) !== undefined;
}

/** As the linear map has pages that nobody asks anything special of. */
function isUsual({ state }: JudgedRun, leaf: Leaf | undefined): boolean {
  return leaf !== undefined && state.tables.format.isWritable(leaf.attributes);
}

/** Such areas are mapped as their pages shall not be in the linear map: executable, or read-only. */
const RESETS = 'VM_FLUSH_RESET_PERMS';

function bears(area: AreaEvent | undefined, flag: string): area is AreaEvent {
  return area?.flagNames.includes(flag) === true;
}

/** The linear map gets its usual attributes back for a page of an area that was unmapped. */
function checkFlushed(run: JudgedRun, verdict: Verdict, area: AreaEvent, n: number): void {
  verdict.exercise();
  const stale = run.state.stale.first(area.addr, area.addr + area.size);
  if (stale === undefined) return;
  verdict.violate({
    key: 'usual-too-soon',
    event: n,
    related: [stale.since],
    addr: stale.addr,
    expected: 'a flush of the area before the linear map gets its usual attributes back',
    seen: `the TLB may still translate ${hex(stale.addr)} to pfn ${hex(stale.pfn)}`,
  });
}

interface FreedPage {
  readonly pfn: Pfn;
  readonly area: AreaEvent | undefined;
  /** The event that gave it back. */
  readonly n: number;
}

function checkFreed(
  run: JudgedRun,
  verdict: Verdict,
  { journal }: JudgedOperation,
  { pfn, area, n }: FreedPage,
): void {
  const { tables, stale } = run.state;
  const addr = linearOf(run, pfn);
  if (!bears(area, RESETS) && !isUsual(run, tables.lookupBefore(addr, journal).leaf)) return;
  verdict.exercise();
  const leaf = tables.translate(addr);
  if (!isUsual(run, leaf)) {
    verdict.violate({
      key: leaf === undefined ? 'left-invalid' : 'left-read-only',
      event: n,
      related: [run.lastWriteTo(addr)],
      addr,
      expected: `pfn ${hex(pfn)} mapped and writable in the linear map when it is freed`,
      seen: leaf === undefined ? 'no translation' : 'read-only',
    });
    return;
  }
  const cached = stale.overlapping(addr, addr + run.pageSize).find((old) => !grantsSame(run, old, leaf!));
  if (cached === undefined) return;
  verdict.violate({
    key: 'old-rights-cached',
    event: n,
    related: [cached.since],
    addr,
    expected: `a flush of ${hex(addr)} before pfn ${hex(pfn)} is freed`,
    seen: 'the TLB may still hold the old rights of the linear map',
  });
}

/** What is cached grants the same; it may be of a block or of a run that was split since. */
function grantsSame({ state, pageSize }: JudgedRun, old: StaleTranslation, leaf: Leaf): boolean {
  const { format } = state.tables;
  const { attributes } = format.leaf(old.format, old.descriptor, old.addr);
  const pfn = old.pfn + (leaf.addr - old.addr) / pageSize;
  return pfn === leaf.pfn && format.isWritable(attributes) === format.isWritable(leaf.attributes);
}

/** The rights of the area are those of the linear map, in the tables and in every TLB. */
function checkFollowed(
  run: JudgedRun,
  verdict: Verdict,
  { addr, size, change }: ProtectIntent,
  known: AddressRanges,
): void {
  if (change !== 'ro' && change !== 'rw') return;
  const { tables, stale } = run.state;
  const { format } = tables;
  const aliases = pagesIn(run, addr, size)
    .filter((pfn) => isIn(run, known, pfn))
    .map((pfn) => linearOf(run, pfn));
  if (aliases.length > 0) verdict.exercise();
  const isAsWanted = (attributes: number): boolean => format.isWritable(attributes) === (change === 'rw');
  for (const alias of aliases) {
    const leaf = tables.translate(alias);
    const cached = stale.overlapping(alias, alias + run.pageSize).find(({ descriptor, format: level }) => {
      return change === 'ro' && !isAsWanted(format.leaf(level, descriptor, alias).attributes);
    });
    const inTables = leaf !== undefined && isAsWanted(leaf.attributes);
    if (inTables && cached === undefined) continue;
    verdict.violate({
      key: inTables ? 'alias-cached' : `alias-not-${change}`,
      event: cached?.since ?? run.lastWriteTo(addr),
      addr: alias,
      expected: `${change} in the linear map as well (rodata=full)`,
      seen: inTables ? 'the TLB may still hold the old rights there' : `${hex(alias)} is not ${change}`,
    });
    return;
  }
}

/** Pages that the call is about, all of the area that it works on. */
function pagesOf(
  run: JudgedRun,
  areas: ReadonlyMap<VirtAddr, AreaEvent>,
  { addr, size }: ProtectIntent,
): ReadonlySet<Pfn> {
  const area = [...areas.values()].find((each) => addr >= each.addr && addr < each.addr + each.size);
  if (area !== undefined) return new Set(pagesIn(run, area.addr, area.size));
  const first = (addr - run.machine.addresses.pageOffset) / run.pageSize;
  return new Set(Array.from({ length: size / run.pageSize }, (_, index) => first + index));
}

function pagesIn(run: JudgedRun, start: VirtAddr, size: ByteCount): readonly Pfn[] {
  return run
    .leafRuns(start, start + size)
    .flatMap(({ pfn, addr, end }) =>
      Array.from({ length: (end - addr) / run.pageSize }, (_, index) => pfn + index),
    );
}

function checkStrangers(run: JudgedRun, verdict: Verdict, own: ReadonlySet<Pfn>): void {
  const { pageOffset } = run.machine.addresses;
  verdict.exercise();
  for (const { addr: start, size } of run.changes()) {
    if (!run.inLinearMap(start)) continue;
    for (let addr = start; addr < start + size; addr += run.pageSize) {
      if (own.has((addr - pageOffset) / run.pageSize)) continue;
      verdict.violate({
        key: 'other-page',
        event: run.lastWriteTo(addr),
        addr,
        expected: 'the linear map of no other page changed',
        seen: `${hex(addr)} changed`,
      });
      return;
    }
  }
}
