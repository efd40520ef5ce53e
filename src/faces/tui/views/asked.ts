// SPDX-License-Identifier: GPL-2.0-only

import type { Known } from '../known.ts';
import type { Answer, Question } from '../messages.ts';

/** What is known of a question: its answer, and the question itself as long as there is none. */
export interface Asked<To extends Answer['to']> {
  readonly answer: Extract<Answer, { to: To }> | undefined;
  /** Why there is none. */
  readonly why: string | undefined;
  /** For the page that needs it. */
  readonly asks: readonly Question[];
}

/** Two versions of the series, compared. */
export function askComparison(from: string, to: string, known: Known): Asked<'compare'> {
  return asked('compare', { ask: 'compare', key: `compare ${JSON.stringify([from, to])}`, from, to }, known);
}

/** In which lines of its messages a version claims something. */
export function askClaims(label: string, known: Known): Asked<'claims'> {
  return asked('claims', { ask: 'claims', key: `claims ${label}`, label }, known);
}

/** Modelled figures beside what the series claims. */
export function askCosts(known: Known): Asked<'costs'> {
  return asked('costs', { ask: 'costs', key: 'costs' }, known);
}

function asked<To extends Answer['to']>(to: To, question: Question, { answers }: Known): Asked<To> {
  const answer = answers.get(question.key);
  return {
    answer: isTo(answer, to) ? answer : undefined,
    why: answer?.to === 'nothing' ? answer.why : undefined,
    asks: answer === undefined ? [question] : [],
  };
}

function isTo<To extends Answer['to']>(
  answer: Answer | undefined,
  to: To,
): answer is Extract<Answer, { to: To }> {
  return answer?.to === to;
}
