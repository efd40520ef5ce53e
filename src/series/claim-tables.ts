// SPDX-License-Identifier: GPL-2.0-only

import type { ClaimBlock, TableRow } from './claim-blocks.ts';
import { cellFigure, rounded, unitName, type CellFigure } from './claim-figures.ts';
import { looksLikeMachine } from './claim-machine.ts';
import type { PerformanceClaim } from './series.ts';

const BEFORE =
  /\b(?:before|base|baseline|vanilla|old|original|orig|mainline|unpatched|without|stock|current|upstream)\b|\bw\/o\b/i;
const AFTER = /\b(?:after|patched|new|rewrite|rewritten|with|series|batched|optimi[sz]ed|this)\b/i;

/** What stands around a table. */
export interface TableContext {
  /** The sentence before it. */
  readonly lead: string | undefined;
  readonly machine: string | undefined;
  readonly unit: string | undefined;
  readonly per: string | undefined;
}

interface Grid {
  /** One for each column; empty where there is none. */
  readonly headings: readonly string[];
  readonly rows: readonly TableRow[];
  /** What headings or cells say, if they agree. */
  readonly unit: string | undefined;
}

/** The two columns, or the two rows, that a table compares. */
interface Sides {
  readonly before: number;
  readonly after: number;
}

/**
 * The claims of a table that sets `before` against `after` in two columns or two rows, one for each row or column.
 * None where it cannot be told which is which.
 */
export function tableClaims(block: ClaimBlock, context: TableContext): PerformanceClaim[] {
  const grid = readGrid(block.table ?? []);
  const columns = sidesAmong(grid.headings.map((text, at) => (at === 0 ? '' : text)));
  if (columns !== undefined) {
    return grid.rows.flatMap((row) => rowClaim(grid, row, columns, context));
  }
  const rows = sidesAmong(grid.rows.map(({ cells }) => cells[0] ?? ''));
  if (rows === undefined) return [];
  const width = Math.max(...grid.rows.map(({ cells }) => cells.length));
  return Array.from({ length: width - 1 }, (_, at) => at + 1).flatMap((column) =>
    columnClaim(grid, column, rows, context),
  );
}

function readGrid(rows: readonly TableRow[]): Grid {
  const isData = ({ cells }: TableRow): boolean =>
    cells.slice(1).some((cell) => cellFigure(cell) !== undefined);
  const data = rows.filter(isData);
  const first = rows.findIndex(isData);
  const width = Math.max(0, ...data.map(({ cells }) => cells.length));
  const headings = Array.from({ length: width }, () => '');
  let unit: string | undefined;
  for (const { cells } of rows.slice(0, first)) {
    // Where the labels' column has no heading, the others stand one further to the right.
    const shift = cells.length === width - 1 ? 1 : 0;
    if (cells.length + shift > width) continue;
    for (const [index, cell] of cells.entries()) {
      const named = unitName(/^\W*([a-zµμ/]+)/i.exec(cell)?.[1]);
      if (named !== undefined && /^\S{1,10}(?:\s\(%\))?$/.test(cell)) unit = named;
      else headings[index + shift] = `${headings[index + shift] ?? ''} ${cell}`.trim();
    }
  }
  const bracketed = headings
    .map((heading) => unitName(/[([]([a-zµμ/]{1,12})[)\]]/i.exec(heading)?.[1]))
    .find((found) => found !== undefined);
  return { headings, rows: data, unit: unit ?? bracketed };
}

/** Which of the texts names the state before and which the state after; of two, naming one is enough. */
function sidesAmong(texts: readonly string[]): Sides | undefined {
  const before = texts.findIndex((text) => BEFORE.test(text));
  const after = texts.findIndex((text, at) => at !== before && AFTER.test(text) && !BEFORE.test(text));
  if (before !== -1 && after !== -1) return { before, after };
  const named = texts.flatMap((text, at) => (text === '' ? [] : [at]));
  const [one, other] = named;
  if (named.length !== 2 || one === undefined || other === undefined) return undefined;
  if (before !== -1) return { before, after: before === one ? other : one };
  return after === -1 ? undefined : { before: after === one ? other : one, after };
}

function rowClaim(grid: Grid, row: TableRow, sides: Sides, context: TableContext): PerformanceClaim[] {
  const label = row.cells[0] ?? '';
  const heading = grid.headings[0] ?? '';
  const name = cellFigure(label) === undefined || heading === '' ? label : `${heading} ${label}`;
  const others = row.cells
    .map(cellFigure)
    .filter((figure, at) => at !== 0 && at !== sides.before && at !== sides.after && figure !== undefined);
  const figures = [row.cells[sides.before], row.cells[sides.after]].map((cell) => cellFigure(cell ?? ''));
  return claimOf(grid, { name, line: row.line, quote: row.cells.join(' | ') }, figures, others, context);
}

function columnClaim(grid: Grid, column: number, sides: Sides, context: TableContext): PerformanceClaim[] {
  const [before, after] = [grid.rows[sides.before], grid.rows[sides.after]];
  if (before === undefined || after === undefined) return [];
  const name = grid.headings[column] ?? '';
  const cells = [before, after].map((row) => row.cells[column] ?? '');
  const quote = [name, ...[before, after].map((row, at) => `${row.cells[0] ?? ''} ${cells[at] ?? ''}`)].join(
    ' | ',
  );
  return claimOf(grid, { name, line: before.line, quote }, cells.map(cellFigure), [], context);
}

function claimOf(
  grid: Grid,
  place: { readonly name: string; readonly line: number; readonly quote: string },
  [before, after]: readonly (CellFigure | undefined)[],
  others: readonly (CellFigure | undefined)[],
  context: TableContext,
): PerformanceClaim[] {
  if (before?.value === undefined || after?.value === undefined) return [];
  const unit = after.unit ?? before.unit ?? grid.unit ?? context.unit;
  const percent = after.percent ?? others.find((figure) => figure?.percent !== undefined)?.percent;
  const factor = others.find((figure) => figure?.factor !== undefined)?.factor;
  const isMachine = looksLikeMachine(place.name);
  const machine = isMachine ? place.name : context.machine;
  return [
    {
      text: place.quote,
      line: place.line,
      table: true,
      ...(context.lead === undefined ? {} : { lead: context.lead }),
      ...(isMachine || place.name === '' ? {} : { workload: place.name }),
      ...(machine === undefined ? {} : { machine }),
      ...(unit === undefined ? {} : { unit }),
      ...(context.per === undefined ? {} : { per: context.per }),
      before: before.value,
      after: after.value,
      ...(after.value === 0 ? {} : { ratio: rounded(before.value / after.value) }),
      ...(factor === undefined ? {} : { factor }),
      ...(percent === undefined ? {} : { percent }),
    },
  ];
}
