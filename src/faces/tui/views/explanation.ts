// SPDX-License-Identifier: GPL-2.0-only

import { renderExplanation } from '../../../report/explanation-text.ts';
import { renderDefect } from '../../../report/finding-text.ts';
import { plainText, span, type Line } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { Known } from '../known.ts';
import type { Look, Page, Row } from '../page.ts';
import { aboutFinding } from './finding-row.ts';

/** Why a finding is one: the promise, what happened, the page table before and after, the lines of C, the hunk. */
export function explanationPage(id: string, { review, answers }: Known, { width }: Look): Page {
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
    return { ...page, rows: asRows(renderExplanation(answer.explanation, width)), about };
  }
  const lines = renderDefect({ finding, elsewhere: [] }, review, width);
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

/** Tab goes from heading to heading. */
function asRows(lines: readonly Line[]): Row[] {
  return lines.map((line): Row => {
    const [first] = line;
    const isHeading = first?.style === 'heading' && !plainText(line).startsWith(' ');
    return isHeading ? { line, stop: true } : { line };
  });
}
