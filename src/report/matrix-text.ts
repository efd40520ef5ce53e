// SPDX-License-Identifier: GPL-2.0-only

import { groupedBy } from '../base/grouped.ts';
import {
  summarizeMatrix,
  type MatrixColumn,
  type MatrixRow,
  type MatrixSummary,
  type SummaryCell,
} from './matrix-summary.ts';
import type { Review, Verdict } from './review-schema.ts';
import {
  padded,
  paddedLeft,
  span,
  textWidth,
  wrapped,
  type Line,
  type Span,
  type Style,
} from './styled-text.ts';

/** What stands for a verdict in one column; each is told apart by its shape. */
const MARKS: Readonly<Record<Verdict | 'not-run', { readonly mark: string; readonly style: Style }>> = {
  holds: { mark: 'ok', style: 'good' },
  violated: { mark: '✗', style: 'bad' },
  'not-reached': { mark: '–', style: 'unknown' },
  'not-modelled': { mark: '?', style: 'unknown' },
  'not-run': { mark: '', style: 'dim' },
};

const GAP = 2;

/** The matrix of versions and invariants, and under it each version that breaks something, patch by patch. */
export function renderMatrix(review: Review, width: number): Line[] {
  const { columns, rows: all } = summarizeMatrix(review);
  const rows = all.filter(({ cells }) => cells.some(({ verdict }) => verdict !== 'not-run'));
  const calm = rows.filter(({ cells }) => cells.every((cell) => isRunAnd(cell, 'holds')));
  const unreached = rows.filter(({ cells }) => cells.every((cell) => isRunAnd(cell, 'not-reached')));
  const telling = rows.filter((row) => !calm.includes(row) && !unreached.includes(row));
  const summary = { columns, rows: telling };
  const blocks = [
    telling.length === 0 ? [] : renderTable(summary, width),
    telling.length === 0 ? [] : renderLegend(summary, width),
    renderPatchStrips(summary, width),
    [
      ...renderNames(columns.length === 1 ? 'Hold' : 'Hold throughout', calm, width),
      ...renderNames('Not reached', unreached, width),
    ],
  ];
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : [[], ...block]));
}

function isRunAnd({ verdict, breaks, patches }: SummaryCell, wanted: Verdict): boolean {
  return breaks.length === 0 && (verdict === 'not-run' || patches.every((each) => each.verdict === wanted));
}

/** Promises of which there is no more to say, in a few lines instead of a row each. */
function renderNames(title: string, rows: readonly MatrixRow[], width: number): Line[] {
  if (rows.length === 0) return [];
  const indent = 'Hold throughout  '.length;
  const names = rows
    .map(({ invariant }, index) => (index < rows.length - 1 ? `${invariant},` : invariant))
    .join(' ');
  return wrapped(names, width - indent).map((text, index) => [
    span(padded(index === 0 ? title : '', indent), 'heading'),
    span(text, title === 'Not reached' ? 'unknown' : 'good'),
  ]);
}

const AS_IN_BASE: StripMark = { mark: '=', style: 'warn' };

interface TextCell {
  readonly text: string;
  readonly style: Style;
}

function renderTable({ columns, rows }: MatrixSummary, width: number): Line[] {
  const labelWidth =
    Math.max('99 older left out'.length, ...rows.map((row) => textWidth(rowLabel(row)))) + GAP;
  const countWidth = Math.max('checked'.length, ...rows.map(({ exercised }) => counted(exercised).length));
  const cells = rows.map((row) => row.cells.map((cell) => cellText(cell)));
  const widths = columns.map((column, index) =>
    Math.max(...[column.label, patchCount(column), ...cells.map((row) => row[index]!.text)].map(textWidth)),
  );
  const needed = labelWidth + widths.reduce((sum, each) => sum + each + GAP, 0);
  // The counts go before the oldest versions do.
  const hasCounts = needed + countWidth <= width;
  const shown = columnsThatFit(widths, width - labelWidth - (hasCounts ? countWidth : 0));
  const line = (label: Span, texts: readonly TextCell[], count: string): Line => [
    span(padded(label.text, labelWidth), label.style),
    ...shown.map((index) => span(padded(texts[index]!.text, widths[index]! + GAP), texts[index]!.style)),
    ...(hasCounts ? [span(paddedLeft(count, countWidth), 'dim')] : []),
  ];
  const head = line(
    span(shown.length < columns.length ? `${columns.length - shown.length} older left out` : ''),
    columns.map(({ label }) => ({ text: label, style: 'heading' })),
    'checked',
  );
  const totals = line(
    span('patches', 'dim'),
    columns.map((column) => ({ text: patchCount(column), style: 'dim' })),
    '',
  );
  const body = rows.map((row, index) => line(span(rowLabel(row)), cells[index]!, counted(row.exercised)));
  return columns.length === 1 ? [head, ...body] : [head, totals, ...body];
}

/** A promise with what it weighs, where that is not a bug. */
export function rowLabel({ invariant, severity }: MatrixRow): string {
  return severity === 'bug' ? invariant : `${invariant} (${severity})`;
}

/** How many patches a version has, and how many could be run where not all could. */
export function patchCount({ version, total, run }: MatrixColumn): string {
  if (version === 0) return '';
  return run === total ? String(total) : `${run} of ${total}`;
}

function counted(count: number): string {
  return count === 0 ? '' : count.toLocaleString('en-US');
}

/** Indices of the columns that are shown: the base and as many of the newest versions as there is room for. */
export function columnsThatFit(widths: readonly number[], room: number): number[] {
  let left = room - widths[0]! - GAP;
  const shown: number[] = [];
  for (let index = widths.length - 1; index > 0; index--) {
    left -= widths[index]! + GAP;
    if (left < 0 && shown.length > 0) break;
    shown.unshift(index);
  }
  return [0, ...shown];
}

/** What stands in one cell of the table. */
export function cellText({ verdict, breaks, asInBase }: SummaryCell): TextCell {
  if (breaks.length > 0) {
    const ranges = breaks.map(({ patch, repairedBy }) =>
      repairedBy === undefined
        ? `${patch}`
        : repairedBy === patch + 1
          ? `(${patch})`
          : `(${patch}–${repairedBy - 1})`,
    );
    return { text: `✗ ${ranges.join(' ')}`, style: 'bad' };
  }
  if (asInBase) return { text: AS_IN_BASE.mark, style: AS_IN_BASE.style };
  const { mark, style } = MARKS[verdict];
  return { text: mark, style };
}

function renderLegend({ columns, rows }: MatrixSummary, width: number): Line[] {
  const cells = rows.flatMap((row) => row.cells.slice(columns.length === 1 ? 0 : 1));
  const baseCells = rows.flatMap((row) => row.cells.slice(0, 1));
  const entries: [string, string][] = [];
  const has = (test: (cell: SummaryCell) => boolean): boolean => cells.some(test);
  entries.push(['ok', 'holds']);
  if (has(({ breaks }) => breaks.some(({ repairedBy }) => repairedBy === undefined))) {
    entries.push(['✗ 4', 'broken by patch 4']);
  }
  if (has(({ breaks }) => breaks.some(({ repairedBy }) => repairedBy !== undefined))) {
    entries.push(['✗ (3)', 'broken by patch 3 and repaired after it']);
  }
  if (columns.length > 1 && has(isAnywhereAsInBase)) entries.push(['=', 'broken as in the base']);
  if (baseCells.some(({ verdict }) => verdict === 'violated')) entries.push(['✗', 'broken']);
  if ([...cells, ...baseCells].some(({ verdict }) => verdict === 'not-reached'))
    entries.push(['–', 'not reached']);
  if ([...cells, ...baseCells].some(({ verdict }) => verdict === 'not-modelled'))
    entries.push(['?', 'not modelled']);
  const lines: Span[][] = [[]];
  let used = 0;
  for (const [mark, meaning] of entries) {
    const text = `${mark} ${meaning}`;
    if (used > 0 && used + 3 + textWidth(text) > width) {
      lines.push([]);
      used = 0;
    }
    if (used > 0) lines.at(-1)!.push(span('   '));
    lines.at(-1)!.push(span(mark, 'strong'), span(` ${meaning}`, 'dim'));
    used += textWidth(text) + 3;
  }
  return lines;
}

/** For each version with something to answer for, a mark a patch; promises that read alike share a line. */
function renderPatchStrips({ columns, rows }: MatrixSummary, width: number): Line[] {
  const strips = columns.flatMap(({ label, version, total }, index) => {
    if (version === 0) return [];
    const broken = rows.filter(({ cells }) => cells[index]!.breaks.length > 0);
    const marksOf = ({ cells }: MatrixRow): StripMark[] =>
      Array.from({ length: total }, (_, at) => stripMark(cells[index]!, at + 1));
    const alike = groupedBy(broken, (row) =>
      marksOf(row)
        .map(({ mark }) => mark)
        .join(),
    );
    return [...alike.values()].map((group) => ({ label, total, marks: marksOf(group[0]!), group }));
  });
  if (strips.length === 0) return [];
  const most = Math.max(...strips.map(({ total }) => total));
  const markWidth = String(most).length + 1;
  const labelWidth = Math.max(...strips.map(({ label }) => textWidth(label))) + 2 * GAP;
  const indent = Math.max('Patch by patch'.length, labelWidth + most * markWidth) + GAP;
  if (indent + 20 > width) return [];
  const numbers = Array.from({ length: most }, (_, index) => paddedLeft(String(index + 1), markWidth)).join(
    '',
  );
  const lines = strips.flatMap(({ label, total, marks, group }, index): Line[] => {
    const isFirst = strips[index - 1]?.label !== label;
    const head = [
      span(padded(isFirst ? `  ${label}` : '', labelWidth)),
      ...marks.map(({ mark, style }) => span(paddedLeft(mark, markWidth), style)),
    ];
    const used = labelWidth + total * markWidth;
    return wrapped(group.map(({ invariant }) => invariant).join(', '), width - indent).map(
      (text, line): Line =>
        line === 0
          ? [...head, span(' '.repeat(indent - used)), span(text)]
          : [span(' '.repeat(indent)), span(text)],
    );
  });
  return [
    [span('Patch by patch', 'heading')],
    [span(' '.repeat(labelWidth)), span(numbers, 'dim')],
    ...lines,
  ];
}

/** In the table, or in the strip of a promise that a later patch breaks anew. */
function isAnywhereAsInBase(cell: SummaryCell): boolean {
  const { asInBase, breaks, patches } = cell;
  return (
    asInBase || (breaks.length > 0 && patches.some(({ patch }) => stripMark(cell, patch) === AS_IN_BASE))
  );
}

interface StripMark {
  readonly mark: string;
  readonly style: Style;
}

/** What the tree had before and this patch leaves as it was is none of the patch's. */
function stripMark({ patches, breaks }: SummaryCell, of: number): StripMark {
  const verdict = patches.find(({ patch }) => patch === of)?.verdict;
  if (verdict === 'holds') return { mark: '·', style: 'good' };
  const isOwn = breaks.some(
    ({ patch, repairedBy }) => patch <= of && (repairedBy === undefined || of < repairedBy),
  );
  if (verdict === 'violated' && !isOwn) return AS_IN_BASE;
  return MARKS[verdict ?? 'not-run'];
}
