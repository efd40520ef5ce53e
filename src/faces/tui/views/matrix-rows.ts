// SPDX-License-Identifier: GPL-2.0-only

import { summarizeMatrix, type MatrixRow, type SummaryCell } from '../../../report/matrix-summary.ts';
import { cellText, columnsThatFit, patchCount, rowLabel } from '../../../report/matrix-text.ts';
import type { Review } from '../../../report/review-schema.ts';
import { padded, span, textWidth, type Line, type Span, type Style } from '../../../report/styled-text.ts';
import type { Row } from '../page.ts';

interface Cell {
  readonly text: string;
  readonly style: Style;
}

export interface MatrixRows {
  readonly head: readonly Line[];
  /** Promises that some version breaks, or that the tree before the series does not keep. */
  readonly broken: readonly Row[];
  /** Those without a verdict, then those kept throughout. */
  readonly others: readonly Row[];
  readonly columns: number;
}

/** Between columns; the column of the cursor has its brackets there. */
const GAP = 2;

/** The matrix with a row for each promise: what is broken now first, what always held last. */
export function matrixRows(review: Review, pending: readonly string[], width: number): MatrixRows {
  const { columns, rows: all } = summarizeMatrix(review);
  const rows = all.toSorted((a, b) => rankOf(a) - rankOf(b));
  const cells = rows.map((row) =>
    row.cells.map((cell, at) => shownCell(cell, row.cells[0]!, columns[at]!.label, pending)),
  );
  const widths = columns.map((column, at) =>
    Math.max(
      textWidth(column.label),
      textWidth(patchCount(column)),
      ...cells.map((row) => textWidth(row[at]!.text)),
    ),
  );
  const labelWidth = Math.max(...rows.map((row) => textWidth(rowLabel(row)))) + GAP;
  const shown = columnsThatFit(widths, width - labelWidth);
  const line = (label: Span, texts: readonly Cell[], selected?: number): Line => [
    span(padded(label.text, labelWidth - 1), label.style),
    ...shown.flatMap((at, column): Span[] => {
      const { text, style } = texts[at]!;
      const isHere = column === selected;
      return [
        span(isHere ? '[' : ' '),
        span(text, style),
        span((isHere ? ']' : '').padEnd(widths[at]! - textWidth(text) + 1)),
      ];
    }),
  ];
  const older = columns.length - shown.length;
  const head = line(
    span(older > 0 ? `${older} older left out` : 'promise', older > 0 ? 'dim' : 'heading'),
    columns.map(({ label }) => ({ text: label, style: 'heading' })),
  );
  const counts = line(
    span('patches', 'dim'),
    columns.map((column) => ({ text: patchCount(column), style: 'dim' })),
  );
  const lines = rows.map((row, index): Row => ({
    line: line(span(rowLabel(row)), cells[index]!),
    lineAt: (column) => line(span(rowLabel(row)), cells[index]!, column),
    opens: shown.map((at) => ({ kind: 'promise', invariant: row.invariant, label: columns[at]!.label })),
    about: shown.map((at) => ({ label: columns[at]!.label, ...brokenBy(row.cells[at]!) })),
    key: `promise ${row.invariant}`,
  }));
  return {
    head: columns.length === 1 ? [head] : [head, counts],
    broken: lines.filter((_, index) => rankOf(rows[index]!) <= BROKEN),
    others: lines.filter((_, index) => rankOf(rows[index]!) > BROKEN),
    columns: shown.length,
  };
}

/**
 * Of a version that was not run to its end, no patch numbers are known yet; nor, where the tree before the series fails
 * too, whether that is the series' doing.
 */
function shownCell(cell: SummaryCell, base: SummaryCell, label: string, pending: readonly string[]): Cell {
  if (!pending.includes(label)) return cellText(cell);
  const isBroken = cell.patches.some(({ verdict }) => verdict === 'violated');
  if (isBroken && (cell === base || base.verdict !== 'violated')) return { text: '✗ …', style: 'bad' };
  return { text: '…', style: 'dim' };
}

function brokenBy({ breaks }: SummaryCell): { patch?: number } {
  return breaks[0] === undefined ? {} : { patch: breaks[0].patch };
}

/** The last rank of promises that something breaks. */
const BROKEN = 1;

/** Broken in the newest version, broken elsewhere, without a verdict, kept. */
function rankOf({ cells }: MatrixRow): number {
  if (cells.at(-1)!.breaks.length > 0) return 0;
  if (cells.some(({ verdict, breaks }) => verdict === 'violated' || breaks.length > 0)) return 1;
  return cells.at(-1)!.verdict === 'holds' ? 3 : 2;
}
