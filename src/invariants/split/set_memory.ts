// SPDX-License-Identifier: GPL-2.0-only
import { errorText } from '../../trace/error-names.ts';
import { hex } from '../../base/u64.ts';
import type { VirtAddr } from '../../base/units.ts';
import type { Intent } from '../../trace/events.ts';
import type { LeafRun } from '../../trace/leaf-runs.ts';
import { changesIn } from '../../trace/translation-change.ts';
import type { Invariant, Verdict } from '../invariant.ts';
import type { JudgedOperation, JudgedRun } from '../judged-run.ts';
import { isTorn } from '../map/contig.ts';
import { quoteLeafSize, quoteRange, quoteTranslation } from '../quoting.ts';

type ProtectIntent = Extract<Intent, { kind: 'protect' }>;

export const splitSetMemory: Invariant = {
  id: 'split/set_memory',
  title: 'set_memory() and blocks',
  promise:
    'A change of attributes over a part of a block or contiguous mapping either is refused before anything changed, or splits it in a way that the machine allows; it never changes bytes outside of the range. On arm64 a range that goes on behind its area is refused.',
  source:
    'arch/arm64/mm/pageattr.c, change_memory_common(): live block mappings must not be split; Arm ARM, FEAT_BBM.',
  why: 'Code made read-only takes its neighbours with it, which then fault on a write; splitting a live block can raise a TLB conflict abort.',
  example: 'set_memory_ro() on half of a huge vmap() on a machine that cannot split live.',
  limits:
    'Counts as exercised when the range holds a leaf larger than a page. An error after a refused allocation, or at an address that is not mapped, may leave what was done before. The linear map, whose aliases follow, is not looked at.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    let live: { n: number; addr: VirtAddr } | undefined;
    const allowed = new Set<VirtAddr>();
    return {
      operation: () => {
        live = undefined;
      },
      'table-write': (event, n) => {
        if (run.operation?.intent.kind !== 'protect' || event.addr === undefined || live !== undefined)
          return;
        if (run.machine.splitsLive || run.inLinearMap(event.addr)) return;
        const { format: entries } = run.state.tables;
        const format = entries.level(event.level);
        if (entries.kind(format, event.before) !== 'leaf') return;
        const after = entries.kind(format, event.after);
        const resized =
          after === 'table' ||
          (after === 'leaf' &&
            entries.isContiguous(format, event.before) !== entries.isContiguous(format, event.after));
        if (resized) live = { n, addr: event.addr };
      },
      return: (event, n) => {
        const { operation } = run;
        if (operation?.intent.kind !== 'protect' || !operation.alone) return;
        const { intent } = operation;
        if (intent.beyond === true) return checkBeyond(run, verdict, intent, { error: event.error, n });
        const large = hasLarge(run, operation, intent);
        if (large) verdict.exercise();
        const before = verdict.violations.length;
        if (live !== undefined) reportLive(verdict, live);
        if (event.error === 0) allowed.add(intent.addr);
        if (intent.size === 0 && allowed.has(intent.addr))
          checkNothing(verdict, intent, { error: event.error, n });
        if (event.error === 0) checkDone(run, verdict, operation, intent);
        else if (operation.legal && operation.refusals === 0) checkRefused(run, verdict, event.error);
        if (!large && verdict.violations.length > before) verdict.exercise();
      },
    };
  },
};

function hasLarge(run: JudgedRun, { journal }: JudgedOperation, { addr, size }: ProtectIntent): boolean {
  const { tables } = run.state;
  const { format: entries } = tables;
  for (let at = addr; at < addr + size;) {
    const extent = tables.lookupBefore(at, journal);
    if (extent.leaf !== undefined) {
      const format = entries.level(extent.leaf.level);
      if (format.entryPages > 1 || entries.isContiguous(format, extent.leaf.descriptor)) return true;
    }
    at = extent.addr + extent.size;
  }
  return false;
}

/** A range that goes on behind an area is refused, and nothing changes. */
function checkBeyond(
  run: JudgedRun,
  verdict: Verdict,
  { addr }: ProtectIntent,
  { error, n }: { readonly error: number; readonly n: number },
): void {
  verdict.exercise();
  if (error !== 0) return checkRefused(run, verdict, error);
  verdict.violate({
    key: 'beyond',
    event: n,
    addr,
    expected: 'a refusal: the range goes on behind the area',
    seen: 'success',
  });
}

/** Where attributes may change, to change those of no page is no mistake. */
function checkNothing(
  verdict: Verdict,
  { addr }: ProtectIntent,
  { error, n }: { readonly error: number; readonly n: number },
): void {
  verdict.exercise();
  if (error === 0) return;
  verdict.violate({
    key: 'nothing',
    event: n,
    addr,
    expected: 'success: no page is to change',
    seen: errorText(error),
  });
}

function reportLive(verdict: Verdict, { n, addr }: { n: number; addr: VirtAddr }): void {
  verdict.violate({
    key: 'live-split',
    event: n,
    addr,
    expected: 'a refusal: the machine cannot split a live mapping',
    seen: `the mapping at ${hex(addr)} is split in place`,
  });
}

function checkRefused(run: JudgedRun, verdict: Verdict, error: number): void {
  const change = run.changes().find(({ addr }) => !run.inLinearMap(addr));
  if (change === undefined) return;
  verdict.violate({
    key: 'changed-and-refused',
    event: run.lastWriteTo(change.addr),
    addr: change.addr,
    expected: 'nothing changed by a call that fails',
    seen: `${errorText(error)}, and ${quoteRange(change.addr, change.addr + change.size)} changed`,
  });
}

function checkDone(
  run: JudgedRun,
  verdict: Verdict,
  { journal }: JudgedOperation,
  intent: ProtectIntent,
): void {
  const { addr, size, change } = intent;
  const end = addr + size;
  const outside = run.changesOutside(addr, end).find((found) => !run.inLinearMap(found.addr));
  if (outside !== undefined) {
    const seen = `${quoteRange(outside.addr, outside.addr + outside.size)} changed as well`;
    const expected = `no change outside of ${quoteRange(addr, end)}`;
    verdict.violate({
      key: 'outside',
      event: run.lastWriteTo(outside.addr),
      addr: outside.addr,
      expected,
      seen,
    });
    return;
  }
  const torn = run.writtenLeafRuns().find((leaf) => leaf.contiguous && isTorn(leaf));
  if (torn !== undefined) return reportTorn(run, verdict, torn);
  for (const { addr: at, before, after } of changesIn(run.state.tables, journal, addr, end)) {
    if (before === undefined || after === undefined) continue;
    const offset = (leaf: { addr: VirtAddr; pfn: number }): number =>
      leaf.pfn + (at - leaf.addr) / run.pageSize;
    if (offset(before) === offset(after)) continue;
    const expected = quoteTranslation(at, before, run.pageSize);
    const seen = quoteTranslation(at, after, run.pageSize);
    verdict.violate({ key: 'moved', event: run.lastWriteTo(at), addr: at, expected, seen });
    return;
  }
  checkEffect(run, verdict, { start: addr, end, change });
}

function reportTorn(run: JudgedRun, verdict: Verdict, torn: LeafRun): void {
  verdict.violate({
    key: 'run-torn',
    event: run.lastWriteTo(torn.addr),
    addr: torn.addr,
    expected: 'equal attributes for a whole contiguous run, or no contiguous bit',
    seen: `${(torn.end - torn.addr) / torn.format.entrySize} entries of a ${quoteLeafSize(torn)} differ from the others`,
  });
}

/** What was asked for is in the tables; holes are left alone. */
function checkEffect(
  run: JudgedRun,
  verdict: Verdict,
  asked: { start: VirtAddr; end: VirtAddr; change: ProtectIntent['change'] },
): void {
  const { start, end, change } = asked;
  const runs = run.leafRuns(start, end);
  if (change === 'valid') return checkValid(run, verdict, start, end);
  const wrong = runs.find((leaf) => !hasEffect(run, leaf, change));
  if (wrong === undefined) return;
  const at = Math.max(wrong.addr, start);
  verdict.violate({
    key: `no-effect/${change}`,
    event: run.lastWriteTo(at),
    addr: at,
    expected: `${change} from ${hex(start)} to ${hex(end)}`,
    seen: `${quoteRange(at, Math.min(end, wrong.end))} is not`,
  });
}

function checkValid(run: JudgedRun, verdict: Verdict, start: VirtAddr, end: VirtAddr): void {
  const { tables } = run.state;
  for (let addr = start; addr < end;) {
    const extent = tables.lookup(addr);
    // What was never mapped stays so.
    if (extent.leaf === undefined && tables.rawEntry(addr) !== 0) {
      verdict.violate({
        key: 'no-effect/valid',
        event: run.lastWriteTo(addr),
        addr,
        expected: `valid from ${hex(start)} to ${hex(end)}`,
        seen: 'no translation',
      });
      return;
    }
    addr = extent.addr + extent.size;
  }
}

function hasEffect(
  run: JudgedRun,
  { attributes }: LeafRun,
  change: Exclude<ProtectIntent['change'], 'valid'>,
): boolean {
  const { format } = run.state.tables;
  switch (change) {
    case 'ro':
      return !format.isWritable(attributes);
    case 'rw':
      return format.isWritable(attributes);
    case 'nx':
      return !format.isExecutable(attributes);
    case 'x':
      return format.isExecutable(attributes);
    case 'rox':
      return format.isExecutable(attributes) && !format.isWritable(attributes);
    case 'invalid':
      return false;
  }
}
