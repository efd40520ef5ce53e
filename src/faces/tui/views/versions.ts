// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic } from '../../../base/diagnostic.ts';
import { behaviourDiff } from '../../../report/behaviour-diff.ts';
import { countsAgainstSeries } from '../../../report/matrix-summary.ts';
import type { Finding } from '../../../report/review-schema.ts';
import { span, wrapped } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import { renderCells } from '../../../report/version-diff-text.ts';
import type { Known } from '../known.ts';
import { gravestDefects } from '../order.ts';
import type { Look, Page, Row } from '../page.ts';
import { askComparison } from './asked.ts';
import { findingRows } from './finding-row.ts';
import { titled, versionDiffSections } from './version-diff-rows.ts';

/** Two versions of a series: what one does that the other does not, what the author says of it, and what differs. */
export function versionsPage(
  { from, to }: { readonly from: string; readonly to: string },
  known: Known,
  { width }: Look,
): Page {
  const labels = known.series?.versions.map(({ label }) => label) ?? [];
  const page = {
    title: `${from} against ${to}`,
    head: [],
    mode: 'text',
    columns: 1,
    about: { label: to },
  } as const;
  if (!labels.includes(from) || !labels.includes(to)) {
    return { ...page, rows: [{ line: [span('the series has no two such versions', 'bad')] }] };
  }
  const { answer, why, asks } = askComparison(from, to, known);
  const sections = [
    ...findingSections(from, to, known, width),
    ...(answer === undefined ? [[waiting(why)]] : versionDiffSections(answer.diff, width)),
    ...(answer === undefined ? [] : [warningRows(answer.diagnostics, width)]),
    ...cellSection(from, to, known),
  ].filter((section) => section.length > 0);
  const rows = sections.flatMap((section, index) => (index === 0 ? section : [{ line: [] }, ...section]));
  return { ...page, rows, asks };
}

function waiting(why: string | undefined): Row {
  const text = why === undefined ? 'comparing …' : `they cannot be compared: ${terminalText(why)}`;
  return { line: [span(text, why === undefined ? 'warn' : 'bad')] };
}

/** What limits the comparison. */
function warningRows(diagnostics: readonly Diagnostic[], width: number): Row[] {
  const own = diagnostics.filter(({ code }) => code === 'series/compared-by-hunks');
  return own.flatMap(({ message }) =>
    wrapped(terminalText(message), width).map((text): Row => ({ line: [span(text, 'warn')] })),
  );
}

/** Findings that one of the two has and the other has not. */
function findingSections(
  older: string,
  newer: string,
  { review, pending, ended }: Known,
  width: number,
): Row[][] {
  const unknown = [older, newer].filter((label) => pending.includes(label));
  if (review === undefined) {
    const text = ended ? 'neither is run' : 'nothing has been run yet';
    return [[{ line: [span(text, 'warn')] }]];
  }
  if (unknown.length > 0) {
    return [[{ line: [span(`${unknown.join(' and ')} not run to the end yet`, 'warn')] }]];
  }
  const own = (label: string): Finding[] =>
    review.findings.filter((finding) => finding.label === label && countsAgainstSeries(finding));
  const rowsOf = (findings: readonly Finding[]): Row[] => {
    const defects = gravestDefects(findings.map((finding) => ({ finding, elsewhere: [] })));
    return findingRows(defects, review, width, true);
  };
  const [before, after] = [own(older), own(newer)];
  const isIn = (findings: readonly Finding[], { defect }: Finding): boolean =>
    findings.some((other) => other.defect === defect);
  if (before.length + after.length === 0) return [[{ line: [span('no findings in either', 'good')] }]];
  return [
    titled(`New in ${newer}`, rowsOf(after.filter((finding) => !isIn(before, finding)))),
    titled(`Gone in ${newer}`, rowsOf(before.filter((finding) => !isIn(after, finding)))),
    titled(`Still in ${newer}`, rowsOf(after.filter((finding) => isIn(before, finding)))),
  ];
}

/** Promises and costs that come out otherwise, machine by machine. */
function cellSection(from: string, to: string, { review, pending }: Known): Row[][] {
  if (review === undefined || pending.includes(from) || pending.includes(to)) return [];
  const rows = behaviourDiff(review, from, to).cells.map((cells): Row => ({
    line: renderCells(cells),
    opens: { kind: 'promise', invariant: cells.after.invariant, label: to },
  }));
  return [titled('Promises and costs after the last patch', rows)];
}
