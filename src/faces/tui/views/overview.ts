// SPDX-License-Identifier: GPL-2.0-only

import { isIncomplete } from '../../../report/completeness.ts';
import type { Review } from '../../../report/review-schema.ts';
import { shownDefects, type ShownDefect } from '../../../report/shown-defects.ts';
import { counted, span, wrapped, type Line, type Span } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { Known } from '../known.ts';
import { gravestDefects, reviewOn } from '../order.ts';
import type { Look, Page, Row } from '../page.ts';
import { versionsWithPatches } from '../posted.ts';
import { findingRows } from './finding-row.ts';
import { matrixRows } from './matrix-rows.ts';
import { threadRows } from './mail.ts';
import { seriesRows, versionRows } from './series-rows.ts';

const PREVIEW_FROM_LINES = 34;

/** What is wrong with the series, and where: findings with their lines of C, then the matrix. */
export function overviewPage(known: Known, { width, machine }: Look): Page {
  const { review: whole, series, pending } = known;
  const title = terminalText(series?.title ?? whole?.tree.title ?? known.sources.join(' '));
  const about = {};
  if (whole === undefined) {
    const head = [
      ...troubleLines(known, width),
      ...severalLines(known),
      ...(series === undefined && known.mails.length === 0 ? [] : [[]]),
    ];
    const rows = series === undefined ? threadRows(known.mails) : seriesRows(series, width);
    return { title, head, rows, mode: 'list', columns: 1, about };
  }
  const review = reviewOn(whole, machine);
  const { now, before, left, inherited } = shownDefects(review);
  const matrix = matrixRows(review, pending, width);
  const latest = review.series?.versions.at(-1)?.label;
  const rows: Row[] = [
    ...section(
      now.length === 0 ? '' : `Findings in ${latest ?? 'the tree'}`,
      gravestDefects(now),
      review,
      width,
      false,
    ),
    ...matrixPart(matrix.head, matrix.broken),
    ...notRunRows(review),
    ...patchRows(series, review, width),
    ...section('Findings in earlier versions only', gravestDefects(before), review, width, true),
    ...matrixPart(matrix.head, matrix.others),
    ...section('Left as in the tree before the series, and not counted', left, review, width, false),
    ...section('In the tree before the series', latest === undefined ? [] : inherited, review, width, false),
  ];
  return {
    title,
    head: [verdictLine(review, known, now, before), ...severalLines(known)],
    rows: rows[0]?.line.length === 0 ? rows.slice(1) : rows,
    mode: 'list',
    columns: matrix.columns,
    about: latest === undefined ? { label: 'base' } : { label: latest },
    previewFrom: PREVIEW_FROM_LINES,
  };
}

/** A part of the matrix below its heads. */
function matrixPart(head: readonly Line[], rows: readonly Row[]): Row[] {
  if (rows.length === 0) return [];
  return [
    { line: [] },
    ...head.map((line): Row => ({ line })),
    ...rows.map((row, index): Row => (index === 0 ? { ...row, stop: true } : row)),
  ];
}

/** The patches of the newest version. */
function patchRows(series: Known['series'], review: Review, width: number): Row[] {
  const latest = versionsWithPatches(series).at(-1);
  return latest === undefined ? [] : [{ line: [] }, ...versionRows(latest, review, width)];
}

function section(
  title: string,
  defects: readonly ShownDefect[],
  review: Review,
  width: number,
  withLabel: boolean,
): Row[] {
  if (defects.length === 0) return [];
  const rows = findingRows(defects, review, width, withLabel);
  return [
    { line: [] },
    { line: [span(title, 'heading')] },
    ...rows.map((row, index): Row => (index === 0 ? { ...row, stop: true } : row)),
  ];
}

/** The whole in one sentence. */
function verdictLine(
  review: Review,
  { pending, ended }: Known,
  now: readonly ShownDefect[],
  before: readonly ShownDefect[],
): Line {
  const latest = review.series?.versions.at(-1)?.label;
  const name = latest ?? review.tree.title;
  const on = latest === undefined ? '' : ` on ${terminalText(review.tree.title)}`;
  if (pending.includes(latest ?? 'base')) return [span(`${name}${on}: not run to its end yet`, 'warn')];
  const spans: Span[] = [span(`${name}${on}: `, 'strong')];
  if (now.length === 0) spans.push(span('nothing found', isIncomplete(review) ? 'warn' : 'good'));
  else spans.push(span(severityCounts(now), 'bad'));
  if (before.length > 0) spans.push(span(`; ${before.length} more in older versions`));
  if (ended && isIncomplete(review)) spans.push(span('; not everything could be run', 'unknown'));
  return spans;
}

function severityCounts(defects: readonly ShownDefect[]): string {
  return (['bug', 'risk', 'cost'] as const)
    .map((severity) => ({
      severity,
      count: defects.filter(({ finding }) => finding.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => counted(count, severity))
    .join(', ');
}

function notRunRows(review: Review): Row[] {
  if (!isIncomplete(review)) return [];
  const { notModelled, timedOut, diagnostics } = review;
  const parts = [
    ...(notModelled.length === 0 ? [] : [`${counted(notModelled.length, 'thing')} not modelled`]),
    ...(timedOut.length === 0 ? [] : [`${counted(timedOut.length, 'state')} given up`]),
    ...(diagnostics.length === 0 ? [] : [counted(diagnostics.length, 'diagnostic')]),
  ];
  return [
    { line: [] },
    {
      line: [span(`Not everything could be run: ${parts.join(', ')}`, 'unknown')],
      opens: { kind: 'coverage' },
      key: 'coverage',
      stop: true,
    },
  ];
}

/** That the sources hold more than what is shown. */
function severalLines({ isOneOfSeveral }: Known): Line[] {
  const text = 'one of several series here: `rewalk show` numbers them, --pick N takes another';
  return isOneOfSeveral ? [[span(text, 'warn')]] : [];
}

/** Why nothing is run, or that nothing is known yet. */
function troubleLines({ ended, diagnostics, series, progress }: Known, width: number): Line[] {
  if (!ended) {
    const what =
      series === undefined
        ? 'reading the series'
        : progress === undefined
          ? 'building its states'
          : 'running them';
    return [[span(`${what} …`, 'warn')]];
  }
  const why = diagnostics[0]?.message ?? 'nothing could be run';
  return wrapped(terminalText(`nothing is run: ${why}`), width).map((text) => [span(text, 'bad')]);
}
