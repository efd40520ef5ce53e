// SPDX-License-Identifier: GPL-2.0-only
import type { Pfn, VirtAddr } from '../base/units.ts';
import { AddressRanges } from './address-ranges.ts';
import type { OperationJournal } from './operation-journal.ts';
import type { LevelFormat } from './page-table-entry.ts';
import type { PageTableState } from './page-table-state.ts';

/** Neighbouring leaves of one level with the same attributes, whose frames follow one another. */
export interface LeafRun {
  readonly addr: VirtAddr;
  /** Exclusive. */
  readonly end: VirtAddr;
  /** Frame of the first page, as the walker uses it. */
  readonly pfn: Pfn;
  /** Frame as it stands in the first entry. */
  readonly rawPfn: Pfn;
  readonly format: LevelFormat;
  readonly attributes: number;
  /** The entries bear the contiguous (NAPOT) bit. */
  readonly contiguous: boolean;
}

/** The leaves that share an address with [start, end), run by run. */
export function leafRuns(tables: PageTableState, start: VirtAddr, end: VirtAddr): LeafRun[] {
  const runs: LeafRun[] = [];
  const { format: entries } = tables;
  const page = 2 ** entries.machine.pageShift;
  let open: { -readonly [Key in keyof LeafRun]: LeafRun[Key] } | undefined;
  tables.forEachLeaf(start, end, (leaf) => {
    if (
      open !== undefined &&
      open.end === leaf.addr &&
      open.attributes === leaf.attributes &&
      open.format.name === leaf.level &&
      open.pfn + (leaf.addr - open.addr) / page === leaf.pfn
    ) {
      open.end = leaf.addr + leaf.size;
      return;
    }
    const format = entries.level(leaf.level);
    open = {
      addr: leaf.addr,
      end: leaf.addr + leaf.size,
      pfn: leaf.pfn,
      rawPfn: entries.rawPfn(format, leaf.descriptor),
      format,
      attributes: leaf.attributes,
      contiguous: entries.isContiguous(format, leaf.descriptor),
    };
    runs.push(open);
  });
  return runs;
}

/**
 * The leaves that stand where an operation wrote, with the rest of every contiguous run that it wrote to: what can be
 * judged of entries without knowing what was asked.
 */
export function writtenLeafRuns(tables: PageTableState, journal: OperationJournal): LeafRun[] {
  const written = new AddressRanges();
  for (const { format, addr, end } of journal.runs) {
    const group = format.entrySize * format.runEntries;
    written.add(Math.floor(addr / group) * group, Math.ceil(end / group) * group);
  }
  return [...written].flatMap(({ start, end }) => leafRuns(tables, start, end));
}
