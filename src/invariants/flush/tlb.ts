// SPDX-License-Identifier: GPL-2.0-only
import { endOfCall } from '../../trace/added-calls.ts';
import { hex } from '../../base/u64.ts';
import type { Pfn, VirtAddr } from '../../base/units.ts';
import { AddressRanges } from '../../trace/address-ranges.ts';
import type { AreaEvent } from '../../trace/events.ts';
import type { StaleTranslation } from '../../trace/stale-translations.ts';
import { flushesTlbItself, freesPages, keepsArea, leavesTlbFlushToCaller } from '../entry-points.ts';
import { levelOfSize } from '../huge/level-of-size.ts';
import type { Invariant, Verdict } from '../invariant.ts';
import type { JudgedRun } from '../judged-run.ts';
import { quoteRange } from '../quoting.ts';

export const flushTlb: Invariant = {
  id: 'flush/tlb',
  title: 'no use of stale TLB entries',
  promise:
    'While the worst-case TLB still holds a translation, its address is not mapped again, a table that it was found through is not freed, and calls that promise a flush do not return; pages are not freed while their area is mapped.',
  source:
    'Documentation/core-api/cachetlb.rst; the comments on lazy purging in mm/vmalloc.c; Arm ARM, TLB maintenance.',
  why: 'A CPU that still holds the old translation writes to memory that has long belonged to somebody else.',
  example:
    'A lazily freed area is handed out again before the purge, or the flush stops short of the last page.',
  limits:
    "vfree() returns pages before the lazy flush: that is the kernel's design (an access through the freed address is a bug by itself) and counts only for VM_FLUSH_RESET_PERMS. Flushes of one CPU count outside of vmalloc space only. Entries that are replaced while valid are bbm on arm64. Addresses of the linear map, and entries that the caller of set_huge_pte_at() has to flush, are not judged.",
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    const unmapped = new AddressRanges();
    /** Areas whose flush was put off. */
    const lazy = new AddressRanges();
    const areas = new Map<VirtAddr, AreaEvent>();
    let reused: { n: number; stale: StaleTranslation } | undefined;
    let remapped = false;
    let hasFreed = false;
    /** Pages that the current call has given back, where it was not to unmap anything. */
    const freed = new Set<Pfn>();
    return {
      operation: () => {
        reused = undefined;
        remapped = false;
        hasFreed = false;
        freed.clear();
      },
      area: (event) => {
        areas.set(event.addr, event);
      },
      'table-write': (event, n) => {
        if (event.addr === undefined || run.operation === undefined || run.inLinearMap(event.addr)) return;
        const { format: entries } = run.state.tables;
        const format = entries.level(event.level);
        const end = event.addr + format.entrySize;
        if (entries.kind(format, event.after) !== 'leaf') {
          if (entries.kind(format, event.before) === 'leaf') unmapped.add(event.addr, end);
          return;
        }
        if (!isMapping(run)) return;
        if (!remapped && unmapped.firstOverlap(event.addr, end) !== undefined) remapped = true;
        if (reused !== undefined || run.state.stale.isEmpty) return;
        const stale = run.state.stale
          .overlapping(event.addr, end)
          .find((old) => (old.since !== n || run.machine.arch !== 'arm64') && contradicts(run, old));
        if (stale !== undefined) reused = { n, stale };
      },
      free: (event, n) => {
        if (event.what !== 'table' || run.operation === undefined) return;
        checkTable(run, verdict, { pfn: (event.addr - run.machine.addresses.pageOffset) / run.pageSize, n });
      },
      page: (event, n) => {
        if (event.change !== 'free') return;
        const page = { pfn: event.pfn, n };
        // What splits a large page may take the memory for its table as a page, and give it back so.
        if (run.operation !== undefined) checkTable(run, verdict, page, 2 ** event.order);
        if (!hasFreed) checkMapped(run, verdict, page);
        hasFreed = true;
        if (run.state.stale.isEmpty) return;
        checkPageFree(run, verdict, page, areas);
        if (run.operation?.intent.kind === 'unmap') return;
        for (let i = 0; i < 2 ** event.order; i++) freed.add(event.pfn + i);
      },
      return: (event, n) => {
        const intent = run.operation?.intent;
        if (remapped) verdict.exercise();
        if (reused !== undefined) reportReuse(verdict, reused);
        if (
          intent?.kind === 'protect' &&
          event.error === 0 &&
          !leavesTlbFlushToCaller(run.operation!.event.name)
        ) {
          checkProtection(run, verdict, intent.addr, intent.addr + intent.size);
          checkOldAliases(run, verdict, intent.addr, intent.addr + intent.size);
        }
        if (intent?.kind === 'unmap' && event.error === 0) {
          checkUnmap(run, verdict, n);
          if (!keepsArea(run.operation!.event.name)) lazy.add(intent.addr, intent.addr + intent.size);
        }
        if (freed.size > 0) for (const { addr, size } of staleTo(run, freed)) lazy.add(addr, addr + size);
        if (intent?.kind === 'huge' && intent.change === 'clear') checkUnmap(run, verdict, n);
        if (run.operation?.event.name === 'vm_unmap_aliases' && !lazy.isEmpty) {
          verdict.exercise();
          checkAliases(run, verdict, lazy, n);
          lazy.clear();
        }
      },
    };
  },
};

function isMapping(run: JudgedRun): boolean {
  const kind = run.operation?.intent.kind;
  return kind === 'map' || kind === 'show' || kind === 'other';
}

/** What is cached is another page, or other rights, than what the tables hold now; a mere split is neither. */
function contradicts(run: JudgedRun, { addr, size, pfn, descriptor, format }: StaleTranslation): boolean {
  const { tables } = run.state;
  const { attributes } = tables.format.leaf(format, descriptor, addr);
  return tables.leaves(addr, addr + size).some((leaf) => {
    const start = Math.max(addr, leaf.addr);
    const cached = pfn + (start - addr) / run.pageSize;
    if (leaf.pfn + (start - leaf.addr) / run.pageSize !== cached) return true;
    const mask = tables.format.translationMask & ~run.machine.attributes.contiguous;
    return ((leaf.attributes ^ attributes) & mask) !== 0;
  });
}

function reportReuse(verdict: Verdict, { n, stale }: { n: number; stale: StaleTranslation }): void {
  verdict.violate({
    key: 'reused',
    event: n,
    related: [stale.since],
    addr: stale.addr,
    expected: 'a flush between the end of one mapping and the next',
    seen: `the TLB may still translate ${hex(stale.addr)} to pfn ${hex(stale.pfn)}`,
  });
}

function checkTable(run: JudgedRun, verdict: Verdict, { pfn, n }: FreedPage, count = 1): void {
  const stale = run.state.stale.staleTable(pfn, count);
  if (stale === undefined) return;
  verdict.exercise();
  verdict.violate({
    key: 'table-freed',
    event: n,
    related: [stale.since],
    addr: stale.addr,
    expected: `a flush in ${quoteRange(stale.addr, stale.addr + stale.size)} before its table is freed`,
    seen: `the table at pfn ${hex(stale.table)} is freed while a walker may still use it`,
  });
}

/** Whoever gets the page shares it with everybody who has the address: the mapping goes first. */
function checkMapped(run: JudgedRun, verdict: Verdict, { pfn, n }: FreedPage): void {
  const { operation } = run;
  if (operation?.intent.kind !== 'unmap' || !freesPages(operation.event.name)) return;
  const { addr, size } = operation.intent;
  const leaf = run.leafRuns(addr, addr + size).find((each) => {
    return pfn >= each.pfn && pfn < each.pfn + (each.end - each.addr) / run.pageSize;
  });
  if (leaf === undefined) return;
  verdict.exercise();
  verdict.violate({
    key: 'freed-mapped',
    event: n,
    related: [operation.n],
    addr: leaf.addr,
    expected: `${quoteRange(addr, addr + size)} unmapped before its pages are freed`,
    seen: `pfn ${hex(pfn)} is freed while it is mapped`,
  });
}

interface FreedPage {
  readonly pfn: Pfn;
  /** The event that freed it. */
  readonly n: number;
}

function checkPageFree(
  run: JudgedRun,
  verdict: Verdict,
  freed: FreedPage,
  areas: Map<VirtAddr, AreaEvent>,
): void {
  const intent = run.operation?.intent;
  const area = intent?.kind === 'unmap' ? areas.get(intent.addr) : undefined;
  if (area?.flagNames.includes('VM_FLUSH_RESET_PERMS') !== true) return;
  const stale = run.state.stale.first(area.addr, area.addr + area.size);
  if (stale === undefined) return;
  verdict.exercise();
  verdict.violate({
    key: 'page-freed',
    event: freed.n,
    related: [stale.since],
    addr: stale.addr,
    expected: 'a flush of the area before its pages are freed (VM_FLUSH_RESET_PERMS)',
    seen: `pfn ${hex(freed.pfn)} is freed while the TLB may still translate ${hex(stale.addr)}`,
  });
}

/** A right that was taken away must be gone when the call returns. */
function checkProtection(run: JudgedRun, verdict: Verdict, start: VirtAddr, end: VirtAddr): void {
  verdict.exercise();
  const { stale, tables } = run.state;
  const { format } = tables;
  const wider = stale.overlapping(start, end).find(({ addr, descriptor, format: level }) => {
    const now = tables.translate(addr)?.attributes;
    const { attributes } = format.leaf(level, descriptor, addr);
    if (now === undefined) return true;
    if (format.isWritable(attributes) && !format.isWritable(now)) return true;
    return format.isExecutable(attributes) && !format.isExecutable(now);
  });
  if (wider === undefined) return;
  verdict.violate({
    key: 'rights-kept',
    event: wider.since,
    addr: wider.addr,
    expected: `a flush of ${quoteRange(start, end)} before the call returns`,
    seen: `the TLB may still grant the old rights at ${hex(wider.addr)}`,
  });
}

/** The pages may have been mapped elsewhere before, with other rights; a TLB that knows of it gets around the new ones. */
function checkOldAliases(run: JudgedRun, verdict: Verdict, start: VirtAddr, end: VirtAddr): void {
  const { stale } = run.state;
  if (stale.isEmpty) return;
  const alias = run
    .leafRuns(start, end)
    .flatMap((leaf) => stale.toFrames(leaf.pfn, (leaf.end - leaf.addr) / run.pageSize))
    .find(({ addr, size }) => run.inVmallocSpace(addr) && (addr + size <= start || addr >= end));
  if (alias === undefined) return;
  verdict.violate({
    key: 'alias-kept',
    event: run.lastWriteTo(start),
    related: [alias.since],
    addr: alias.addr,
    expected: `no other translation to the pages of ${quoteRange(start, end)} when their attributes change`,
    seen: `the TLB may still translate ${hex(alias.addr)} to pfn ${hex(alias.pfn)}`,
  });
}

function checkUnmap(run: JudgedRun, verdict: Verdict, n: number): void {
  const { operation } = run;
  if (operation === undefined || !flushesTlbItself(operation.event.name)) return;
  const { intent } = operation;
  if (intent.kind !== 'unmap' && intent.kind !== 'huge') return;
  const { addr } = intent;
  // To invalidate any address of a block takes all of its translation.
  const isBlock = intent.kind === 'huge' && !levelOfSize(run.state.tables.format, intent.size).contiguous;
  const size = isBlock ? run.pageSize : intent.size;
  verdict.exercise();
  const stale = run.state.stale.overlapping(addr, addr + size).find(({ since }) => since >= operation.n);
  if (stale === undefined) return;
  verdict.violate({
    key: 'not-flushed',
    event: n,
    related: [stale.since],
    addr: stale.addr,
    expected: `a flush of ${quoteRange(addr, addr + size)} before ${endOfCall(operation.event)}`,
    seen: `the TLB may still translate ${hex(stale.addr)} to pfn ${hex(stale.pfn)}`,
  });
}

/** What TLBs may still translate to some of these pages, from vmalloc space. */
function staleTo(run: JudgedRun, pages: ReadonlySet<Pfn>): readonly StaleTranslation[] {
  const { vmallocStart, vmallocEnd } = run.machine.addresses;
  return run.state.stale.overlapping(vmallocStart, vmallocEnd).filter(({ pfn, size }) => {
    for (let i = 0; i < size / run.pageSize; i++) if (pages.has(pfn + i)) return true;
    return false;
  });
}

/** vm_unmap_aliases() is called to be sure that nothing translates to pages that are gone, with their areas or before. */
function checkAliases(run: JudgedRun, verdict: Verdict, lazy: AddressRanges, n: number): void {
  for (const { start, end } of lazy) {
    const stale = run.state.stale.first(start, end);
    if (stale === undefined) continue;
    verdict.violate({
      key: 'aliases-left',
      event: n,
      related: [stale.since],
      addr: stale.addr,
      expected: `a flush of ${quoteRange(start, end)} before ${endOfCall(run.operation!.event)}`,
      seen: `the TLB may still translate ${hex(stale.addr)} to pfn ${hex(stale.pfn)}`,
    });
    return;
  }
}
