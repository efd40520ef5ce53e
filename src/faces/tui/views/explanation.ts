// SPDX-License-Identifier: GPL-2.0-only

import { renderExplanation, renderExplanationBeside } from '../../../report/explanation-text.ts';
import type { Explanation } from '../../../report/explanation.ts';
import { renderDefect } from '../../../report/finding-text.ts';
import type { Finding, Review } from '../../../report/review-schema.ts';
import { shownDefects, type ShownDefect } from '../../../report/shown-defects.ts';
import { lineWidth, plainText, span, type Line } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { Known } from '../known.ts';
import type { Look, Page, Row } from '../page.ts';
import { aboutFinding } from './finding-row.ts';

/** Why a finding is one: the promise, what happened, the page table before and after, the lines of C, the hunk. */
export function explanationPage(id: string, { review, answers }: Known, { width, isPreview }: Look): Page {
  const finding = review?.findings.find((each) => each.id === id);
  const page = { title: id, head: [], mode: 'text', columns: 1 } as const;
  if (review === undefined || finding === undefined) {
    const line: Line = [span(`there is no finding ${id} any more: the review went on`, 'warn')];
    return { ...page, rows: [{ line }], about: {} };
  }
  const about = aboutFinding(finding);
  // What the review learns later may change the scenario; the question changes with it.
  const key = `explain ${id} ${finding.scenario}`;
  const answer = answers.get(key);
  if (answer?.to === 'explain') {
    return { ...page, rows: explanationRows(answer.explanation, width), about };
  }
  const lines = renderDefect(defectOf(finding, review), review, width);
  if (isPreview === true) return { ...page, rows: asRows(lines), about };
  const state: Line =
    answer?.to === 'nothing'
      ? [span(`it cannot be explained further: ${terminalText(answer.why)}`, 'bad')]
      : [span('running the scenario again …', 'warn')];
  return {
    ...page,
    rows: asRows([...lines, [], state]),
    about,
    ...(answer === undefined ? { asks: [{ ask: 'explain', key, id }] } : {}),
  };
}

/** The finding with what became of it in other versions. */
function defectOf(finding: Finding, review: Review): ShownDefect {
  const { now, before, left, inherited } = shownDefects(review);
  const all = [...now, ...before, ...left, ...inherited];
  return all.find((defect) => defect.finding.id === finding.id) ?? { finding, elsewhere: [] };
}

/** From this width on, the page table and the C stand beside what is said of the finding. */
const BESIDE_FROM = 150;
const BETWEEN = ' │ ';

function explanationRows(explanation: Explanation, width: number): Row[] {
  if (width < BESIDE_FROM) return asRows(renderExplanation(explanation, width));
  const half = Math.floor((width - BETWEEN.length) / 2);
  const { left, right } = renderExplanationBeside(explanation, { left: half, right: half });
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index): Row => {
    const said = left[index] ?? [];
    const shown = right[index] ?? [];
    const blank = span(' '.repeat(Math.max(0, half - lineWidth(said))));
    const line = [...said, blank, span(BETWEEN, 'dim'), ...shown];
    return isHeading(said) || isHeading(shown) ? { line, stop: true } : { line };
  });
}

/** Tab goes from heading to heading. */
function asRows(lines: readonly Line[]): Row[] {
  return lines.map((line): Row => (isHeading(line) ? { line, stop: true } : { line }));
}

function isHeading(line: Line): boolean {
  return line[0]?.style === 'heading' && !plainText(line).startsWith(' ');
}
