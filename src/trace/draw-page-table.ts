// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../base/u64.ts';
import type { VirtAddr } from '../base/units.ts';
import { rightsText } from './entry-text.ts';
import { type LeafRun, leafRuns } from './leaf-runs.ts';
import { MachineState } from './machine-state.ts';
import type { PageTableState } from './page-table-state.ts';
import { roughSizeText } from './size-text.ts';
import type { Trace } from './trace.ts';

export interface DrawingPlace {
  readonly addr: VirtAddr;
  /** Draw the tables as they were before this event … */
  readonly before: number;
  /** … and as they are after this one. */
  readonly after: number;
  /** Rows to show on each side of the address; 4 if absent. */
  readonly rows?: number;
}

/**
 * A drawing of the page-table entries around an address, one line for an entry or a run of them. `>` marks the
 * address, `*` what changed:
 *
 *       address             size     before    after
 *       0xffff800080000000  2 MiB    -         pmd pfn 0x50000 rw nx
 *     > 0xffff800080200000  64 KiB * -         16 pte cont pfn 0x50200..0x5020f rw nx
 */
export function drawPageTable(trace: Trace, place: DrawingPlace): string {
  const state = new MachineState(trace.machine);
  const old = new MachineState(trace.machine);
  for (let n = 0; n <= place.after && n < trace.events.length; n++) {
    const event = trace.events.at(n)!;
    state.step(event, n);
    if (n < place.before) old.step(event, n);
  }
  return drawTables(old.tables, state.tables, place);
}

/** The same of two page tables at hand. */
function drawTables(
  before: PageTableState,
  after: PageTableState,
  place: { readonly addr: VirtAddr; readonly rows?: number },
): string {
  const { rows: count = 4 } = place;
  const here = rowAt(before, after, place.addr);
  const rows = [here];
  const isSameHalf = (addr: VirtAddr): boolean => addr < 0 === place.addr < 0;
  for (let i = 0; i < count; i++) {
    const lower = rows[0]!.start;
    const upper = rows.at(-1)!.end;
    if (isSameHalf(lower - 1)) rows.unshift({ ...rowAt(before, after, lower - 1), end: lower });
    if (isSameHalf(upper)) rows.push({ ...rowAt(before, after, upper), start: upper });
  }
  return render(trim(rows, here), here);
}

interface Row {
  readonly start: VirtAddr;
  readonly end: VirtAddr;
  readonly before: string;
  readonly after: string;
}

/** The largest range around an address of which both states say one thing. */
function rowAt(before: PageTableState, after: PageTableState, addr: VirtAddr): Row {
  const old = spanAt(before, addr);
  const now = spanAt(after, addr);
  const start = Math.max(old.start, now.start);
  const end = Math.min(old.end, now.end);
  return {
    start,
    end,
    before: spanText(before, old.run, start, end),
    after: spanText(after, now.run, start, end),
  };
}

interface Span {
  readonly start: VirtAddr;
  readonly end: VirtAddr;
  readonly run: LeafRun | undefined;
}

/** The run, or the hole, that an address lies in, as far as the table that decides goes. */
function spanAt(tables: PageTableState, addr: VirtAddr): Span {
  const extent = tables.lookup(addr);
  const format = tables.format.levels.find(({ entrySize }) => entrySize === extent.size)!;
  const low = Math.floor(addr / format.tableSize) * format.tableSize;
  let start = low;
  let end = low + format.tableSize;
  for (const run of leafRuns(tables, low, end)) {
    if (run.addr <= addr && run.end > addr) return { start: run.addr, end: run.end, run };
    if (run.end <= addr) start = run.end;
    else end = Math.min(end, run.addr);
  }
  return { start, end, run: undefined };
}

function spanText(tables: PageTableState, run: LeafRun | undefined, start: VirtAddr, end: VirtAddr): string {
  if (run === undefined) return '-';
  const { format, attributes, contiguous } = run;
  const page = format.entrySize / format.entryPages;
  const first = run.pfn + (start - run.addr) / page;
  const last = first + (end - start) / page - 1;
  const entries = (end - start) / format.entrySize;
  const count = entries > 1 ? `${entries} ` : '';
  const pfns = last > first ? `${hex(first)}..${hex(last)}` : hex(first);
  const rights = rightsText(tables.format, attributes);
  return `${count}${format.name}${contiguous ? ' cont' : ''} pfn ${pfns} ${rights}`;
}

/** Holes at the edges say nothing. */
function trim(rows: readonly Row[], here: Row): readonly Row[] {
  const isEmpty = (row: Row): boolean => row !== here && row.before === '-' && row.after === '-';
  const from = rows.findIndex((row) => !isEmpty(row));
  const to = rows.findLastIndex((row) => !isEmpty(row));
  return rows.slice(Math.max(0, from - 1), to + 2);
}

function render(rows: readonly Row[], here: Row): string {
  const cells = rows.map((row) => [
    row === here ? '>' : ' ',
    hex(row.start),
    roughSizeText(row.end - row.start),
    row.before === row.after ? ' ' : '*',
    row.before,
    row.after,
  ]);
  const all = [[' ', 'address', 'size', ' ', 'before', 'after'], ...cells];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((cell) => cell[column]!.length)));
  return all
    .map((cell) =>
      cell
        .map((text, column) => text.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
