// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, VirtAddr } from '../base/units.ts';
import { AddressRanges } from './address-ranges.ts';
import type { OperationJournal } from './operation-journal.ts';
import type { Leaf } from './page-table-entry.ts';
import type { PageTableState } from './page-table-state.ts';

/** A range that translates to something else than before, or with other rights. */
export interface TranslationChange {
  readonly addr: VirtAddr;
  readonly size: ByteCount;
  /** The leaf that covered the range when the operation began. */
  readonly before: Leaf | undefined;
  readonly after: Leaf | undefined;
}

/**
 * What an operation changed, ascending. Only the outcome counts: an entry that was changed and restored, or a block
 * that was split into pages which map the same, is no change.
 */
export function netChanges(tables: PageTableState, journal: OperationJournal): TranslationChange[] {
  const written = new AddressRanges();
  for (const { addr, end } of journal.runs) written.add(addr, end);
  return [...written].flatMap(({ start, end }) => changesIn(tables, journal, start, end));
}

/** The same for what lies outside of [start, end). */
export function changesOutside(
  tables: PageTableState,
  journal: OperationJournal,
  start: VirtAddr,
  end: VirtAddr,
): TranslationChange[] {
  const outside = new AddressRanges();
  for (const run of journal.runs) {
    if (run.addr >= start && run.end <= end) continue;
    outside.add(run.addr, Math.min(run.end, Math.max(start, run.addr)));
    outside.add(Math.max(run.addr, Math.min(end, run.end)), run.end);
  }
  return [...outside].flatMap((range) => changesIn(tables, journal, range.start, range.end));
}

/** The same for what lies inside of [start, end). */
export function changesIn(
  tables: PageTableState,
  journal: OperationJournal,
  start: VirtAddr,
  end: VirtAddr,
): TranslationChange[] {
  const changes: TranslationChange[] = [];
  for (let addr = start; addr < end;) {
    const before = tables.lookupBefore(addr, journal);
    const after = tables.lookup(addr);
    const next = Math.min(end, before.addr + before.size, after.addr + after.size);
    if (differs(tables, addr, before.leaf, after.leaf)) {
      changes.push({ addr, size: next - addr, before: before.leaf, after: after.leaf });
    }
    addr = next;
  }
  return changes;
}

function differs(
  tables: PageTableState,
  addr: VirtAddr,
  before: Leaf | undefined,
  after: Leaf | undefined,
): boolean {
  if (before === undefined || after === undefined) return before !== after;
  const { machine } = tables.format;
  if (((before.attributes ^ after.attributes) & machine.attributes.protection) !== 0) return true;
  const page = 2 ** machine.pageShift;
  return before.pfn + (addr - before.addr) / page !== after.pfn + (addr - after.addr) / page;
}
