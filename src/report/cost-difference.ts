// SPDX-License-Identifier: GPL-2.0-only

import type { CountKind } from '../costs/count.ts';
import type { Part } from '../costs/weights.ts';
import { INDENT, number, timeText } from './cost-words.ts';
import { span, wrapped, type Line } from './styled-text.ts';
import { terminalText } from './terminal-text.ts';

/** What a call costs in one of two versions. */
export interface CostSide {
  /** Null where it did not come to its end. */
  readonly ns: number | null;
  readonly reason?: string;
  readonly parts: readonly Part[];
}

/** A call that does other work in two versions, or the same. */
export interface CostDifference {
  /** `ioremap(1 MiB)`. */
  readonly name: string;
  readonly machine: string;
  /** The table of weights. */
  readonly weights: string;
  readonly before: Pick<CostSide, 'ns' | 'reason'>;
  readonly after: Pick<CostSide, 'ns' | 'reason'>;
  /** What is counted otherwise, what makes most of the difference first. Empty where both do the same. */
  readonly counts: readonly { readonly kind: CountKind; readonly before: number; readonly after: number }[];
}

/** The kinds of events whose numbers differ. */
export function differingCounts(before: CostSide, after: CostSide): CostDifference['counts'] {
  if (before.ns === null || after.ns === null) return [];
  const kinds = [...new Set([...before.parts, ...after.parts].map(({ kind }) => kind))];
  return kinds
    .map((kind) => {
      const [old, now] = [before, after].map(({ parts }) => parts.find((part) => part.kind === kind));
      const ns = Math.abs((now?.ns ?? 0) - (old?.ns ?? 0));
      return { kind, before: old?.count ?? 0, after: now?.count ?? 0, ns };
    })
    .filter((each) => each.before !== each.after)
    .toSorted((left, right) => right.ns - left.ns)
    .map(({ kind, before: old, after: now }) => ({ kind, before: old, after: now }));
}

/** The differences for a terminal: a line for each call, and what it does more or less of below. */
export function renderCostDifferences(costs: readonly CostDifference[], width: number): Line[] {
  return costs.flatMap(({ name, machine, before, after, counts }): Line[] => {
    const head = span(`${INDENT}${name}  ${machine}  `);
    const reasons = [...new Set([before.reason, after.reason])].filter((reason) => reason !== undefined);
    if (reasons.length > 0) {
      const why = reasons.map(terminalText).join('; ');
      return [[head, span('cannot be compared', 'unknown')], ...below(why, width)];
    }
    const times = span(`${timeText(before.ns)} -> ${timeText(after.ns)}`);
    if (counts.length === 0) return [[head, times, span('  the same work', 'dim')]];
    const texts = counts.map(
      ({ kind, before: old, after: now }) => `${kind} ${number(old)} -> ${number(now)}`,
    );
    return [[head, times], ...below(texts.join(', '), width)];
  });
}

function below(text: string, width: number): Line[] {
  const indent = INDENT.repeat(3);
  return wrapped(text, width - indent.length).map((line) => [span(`${indent}${line}`, 'dim')]);
}
