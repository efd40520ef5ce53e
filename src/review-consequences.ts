// SPDX-License-Identifier: GPL-2.0-only

import type { Defect, MergedDefect } from './review-defects.ts';

/**
 * One broken patch breaks several promises: what was mapped wrongly is freed wrongly later. A defect follows from
 * another of the same patch if in each scenario that shows it one goes before it, or shows in the same event at the
 * same line; then that which comes first most often is its root. What several calls leave in the same way is told
 * under one of them. Nothing is taken away: a second fault may well hide behind the first.
 */

const GRAVITY = ['bug', 'risk', 'cost'] as const;

/** The root of each defect that follows from another; a root follows from none. */
export function whatTheyFollow(all: readonly MergedDefect[]): Map<MergedDefect, MergedDefect> {
  const roots = new Map<MergedDefect, MergedDefect>();
  // Where two show in the same event, the graver one is told first, and then that of more scenarios.
  const inOrder = all
    .filter(({ defect }) => defect.kind === 'brought' && defect.repairedBy === undefined)
    .toSorted((a, b) => rankOf(a.defect) - rankOf(b.defect) || sizeOf(b) - sizeOf(a));
  for (const [index, one] of inOrder.entries()) {
    const root = rootOf(one, index, inOrder) ?? sameAtReturn(one, inOrder.slice(0, index));
    if (root !== undefined) roots.set(one, roots.get(root) ?? root);
  }
  return roots;
}

function rootOf(
  one: MergedDefect,
  order: number,
  inOrder: readonly MergedDefect[],
): MergedDefect | undefined {
  const graver = inOrder
    .map((each, index) => ({ each, index }))
    .filter(({ each }) => isOfSamePatch(each, one) && rankOf(each.defect) <= rankOf(one.defect));
  const counts = new Map<MergedDefect, number>();
  for (const { machine, defect } of one.on) {
    const others = graver.flatMap(({ each, index }) => {
      const there = each.on.find((other) => other.machine === machine)?.defect;
      return there === undefined || there === defect ? [] : [{ each, there, isBefore: index < order }];
    });
    for (const scenario of defect.scenarios) {
      const own = defect.events.get(scenario);
      if (own === undefined) return undefined;
      const first = others
        .flatMap(({ each, there, isBefore }) => {
          const event = there.events.get(scenario);
          const ties = isBefore && isSameLine(there, defect);
          return event !== undefined && (event < own || (event === own && ties)) ? [{ each, event }] : [];
        })
        .toSorted((a, b) => a.event - b.event || inOrder.indexOf(a.each) - inOrder.indexOf(b.each))[0];
      if (first === undefined) return undefined;
      counts.set(first.each, (counts.get(first.each) ?? 0) + 1);
    }
  }
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

/**
 * What shows in the state that a call leaves has no line of its own, and stands at each call that leaves it: the same
 * words but for numbers, of one patch, are told once, under the call that shows it most.
 */
function sameAtReturn(one: MergedDefect, before: readonly MergedDefect[]): MergedDefect | undefined {
  return showsAtReturn(one) ? before.find((other) => areLeftAlike(other, one)) : undefined;
}

/** Whether two defects are one that several calls of a version leave in the same way. */
export function areLeftAlike(a: MergedDefect, b: MergedDefect): boolean {
  return isOfSamePatch(a, b) && showsAtReturn(a) && showsAtReturn(b) && wordsOf(a) === wordsOf(b);
}

function showsAtReturn({ defect: { violation } }: MergedDefect): boolean {
  return violation.stack.every(({ file }) => file === undefined);
}

function wordsOf({ defect: { invariant, violation } }: MergedDefect): string {
  return [invariant, violation.expected, violation.seen]
    .join('\n')
    .replaceAll(/\b(?:0x[\da-f]+|\d+)\b/g, '0');
}

function isOfSamePatch(a: MergedDefect, b: MergedDefect): boolean {
  return (
    a.label === b.label && a.defect.patch === b.defect.patch && a.defect.repairedBy === b.defect.repairedBy
  );
}

function isSameLine({ violation: a }: Defect, { violation: b }: Defect): boolean {
  return a.where.file === b.where.file && a.where.line === b.where.line;
}

function rankOf({ violation }: Defect): number {
  return GRAVITY.indexOf(violation.severity);
}

function sizeOf({ on }: MergedDefect): number {
  return on.reduce((sum, { defect }) => sum + defect.scenarios.size, 0);
}
