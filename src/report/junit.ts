// SPDX-License-Identifier: GPL-2.0-only

import exported, { type Builder, type TestCase } from 'junit-report-builder';
import { placeAtTip } from './finding-place.ts';
import {
  countsAgainstSeries,
  summarizeMatrix,
  type MatrixColumn,
  type SummaryCell,
} from './matrix-summary.ts';
import type { Finding, Review } from './review-schema.ts';
import { terminalLines } from './terminal-text.ts';
import { unknownsOf } from './unknowns.ts';

/** The package's types say that its one export is an ES module's; it is the builder itself. */
const junit = exported as unknown as Builder;

/**
 * A review as a JUnit report: a suite for each version, a case for each promise. A promise that the series breaks
 * fails; one that was not tested, or that the tree before the series breaks as well, is skipped and says why. What
 * could not be modelled, read or completed is a suite of its own, so that no report is green for want of a verdict.
 */
export function reviewAsJunit(review: Review, { baseline }: { readonly baseline: boolean }): string {
  const report = junit.newBuilder().name('rewalk');
  const { columns, rows } = summarizeMatrix(review);
  for (const [index, column] of columns.entries()) {
    if (column.version === 0 && review.series !== null && !baseline) continue;
    const suite = report.testSuite().name(clean(suiteName(column, review)));
    for (const { invariant, cells } of rows) {
      const test = suite.testCase().className(`rewalk.${column.label}`).name(invariant);
      judgeCase(
        test,
        cells[index]!,
        findingsIn(review, column.label, invariant),
        baseline || review.series === null,
      );
    }
  }
  addUnknowns(report, review);
  return report.build();
}

function suiteName({ label, version }: MatrixColumn, { series, tree }: Review): string {
  return version === 0 || series === null ? tree.title : `${label}: ${series.title}`;
}

function findingsIn({ findings }: Review, label: string, invariant: string): Finding[] {
  return findings.filter(
    (finding) =>
      finding.label === label &&
      (finding.invariant === invariant || finding.breaks?.includes(invariant) === true),
  );
}

function judgeCase(test: TestCase, cell: SummaryCell, findings: readonly Finding[], baseline: boolean): void {
  const counting = findings.filter((finding) => baseline || countsAgainstSeries(finding));
  const [first] = counting;
  if (first !== undefined) {
    const place = placeAtTip(first);
    if (place !== undefined) test.file(clean(place.file));
    test
      .failure(clean(summaryOf(first)), first.severity)
      .stacktrace(clean(counting.map(detailOf).join('\n\n')));
    return;
  }
  const reason = reasonForNone(cell);
  if (reason !== undefined) test.skipped().standardOutput(clean(reason));
}

/** Why a promise that nothing broke does not count as kept; undefined where it does. */
function reasonForNone({ verdict }: SummaryCell): string | undefined {
  switch (verdict) {
    case 'holds':
      return undefined;
    case 'violated':
      return 'broken as in the tree before the series, and not counted';
    case 'not-reached':
      return 'not reached: no scenario put it to the test';
    case 'not-modelled':
      return 'not modelled: scenarios ended at something that rewalk does not model';
    case 'not-run':
      return 'not run';
  }
}

function summaryOf({ label, version, patch, repairedBy, expected, seen }: Finding): string {
  const where = version === 0 ? 'in the tree' : `by ${label} patch ${patch}`;
  const then = repairedBy === undefined ? '' : `, repaired by patch ${repairedBy}`;
  return `broken ${where}${then}: expected ${expected}, seen ${seen}`;
}

function detailOf(finding: Finding): string {
  const { id, where, code, scenario, machines, replay } = finding;
  return [
    `${id} (${finding.severity}) ${summaryOf(finding)}`,
    `${where.file}:${where.line} in ${where.function}()${code === undefined ? '' : `: ${code}`}`,
    `on ${machines.join(', ')}${scenario === '' ? '' : `, smallest case: ${scenario}`}`,
    `run again: ${replay}`,
  ].join('\n');
}

/** Unread input and what was given up are errors; the rest is skipped. */
function addUnknowns(report: Builder, review: Review): void {
  const unknowns = unknownsOf(review).filter(({ invariant }) => invariant === undefined);
  if (unknowns.length === 0) return;
  const suite = report.testSuite().name('without a verdict');
  for (const { kind, text } of unknowns) {
    const test = suite.testCase().className(`rewalk.${kind}`).name(clean(text));
    if (kind === 'not-modelled') test.skipped().standardOutput(clean(text));
    else test.error(clean(text), kind);
  }
}

/**
 * Text that XML can hold: it has no way to write most control characters nor U+FFFE and U+FFFF, and where the builder
 * writes CDATA, it looks for the first `]]>` alone.
 */
function clean(text: string): string {
  return terminalLines(text)
    .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll(']]>', ']] >');
}
