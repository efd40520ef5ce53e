// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, VirtAddr } from '../base/units.ts';
import { AddressRanges } from './address-ranges.ts';
import type { JournalRun, OperationJournal } from './operation-journal.ts';
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
  return changesOutside(tables, journal, 0, 0);
}

/** The same for what lies outside of [start, end). */
export function changesOutside(
  tables: PageTableState,
  journal: OperationJournal,
  start: VirtAddr,
  end: VirtAddr,
): TranslationChange[] {
  const touched = new AddressRanges();
  for (const run of journal.runs) {
    if (run.addr >= start && run.end <= end) continue;
    if (run.end <= start || run.addr >= end) {
      addTouched(tables, run, { start: run.addr, end: run.end }, touched);
      continue;
    }
    addTouched(tables, run, { start: run.addr, end: start }, touched);
    addTouched(tables, run, { start: end, end: run.end }, touched);
  }
  return [...touched].flatMap((range) => changesIn(tables, journal, range.start, range.end));
}

/**
 * The part of a range where translations can differ: where a leaf stood in one of the entries, or stands below one. An
 * entry of an upper level that was only filled covers much that never was mapped.
 */
function addTouched(
  tables: PageTableState,
  run: JournalRun,
  range: { start: VirtAddr; end: VirtAddr },
  touched: AddressRanges,
): void {
  const add = (start: VirtAddr, end: VirtAddr): void =>
    touched.add(Math.max(start, range.start), Math.min(end, range.end));
  const { format, addr, befores = [] } = run;
  for (const [index, before] of befores.entries()) {
    const first = addr + index * format.entrySize;
    if (tables.format.kind(format, before) === 'leaf') add(first, first + format.entrySize);
  }
  tables.forEachLeaf(range.start, range.end, (leaf) => add(leaf.addr, leaf.addr + leaf.size));
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
