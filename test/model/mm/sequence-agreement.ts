// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { LinkedKernel } from '../../../src/run/link.ts';
import type { SourceText } from '../../../src/run/link-tree.ts';
import { relevantPaths, treeHeaders } from '../../../src/run/source.ts';
import type { Machine } from '../../../src/trace/machine.ts';
import { linkForSequences, runSequence, type Step } from './operation-sequences.ts';

/** Which operations sequences may be made of, and in how many of them each is to be called. */
export interface Wanted {
  readonly calls: readonly string[];
  readonly each: number;
  readonly refusesOnce: boolean;
  /** Those of other seeds are other sequences; 1 if it is left out. */
  readonly firstSeed?: number;
}

/** More are no use: a call that is still short of its number by then never comes about. */
const MOST_SEQUENCES_FOR_EACH = 20;

/**
 * Runs the same sequences on both until every call was made in so many of them. Throws where two kernels do something differently, with what led to it, and where a call does not come about.
 */
export function expectAgreement(
  left: LinkedKernel,
  right: LinkedKernel,
  { calls, each, refusesOnce, firstSeed = 1 }: Wanted,
): void {
  const counts = new Map(calls.map((call) => [call, 0]));
  const allowed = new Set(calls);
  for (let i = 0; i < each * MOST_SEQUENCES_FOR_EACH; i++) {
    const seed = firstSeed + i;
    const favoured = new Set(calls.toSorted((a, b) => counts.get(a)! - counts.get(b)!).slice(0, 16));
    if ([...counts.values()].every((count) => count >= each)) break;
    const request = { seed, calls: allowed, favoured, refusesOnce };
    const [one, other] = [left, right].map((linked) => runSequence(linked, request));
    expect(firstDifference(seed, one!, other!)).toBeUndefined();
    for (const call of new Set(one!.map((step) => step.call))) counts.set(call, (counts.get(call) ?? 0) + 1);
  }
  expect([...counts].filter(([, count]) => count < each)).toEqual([]);
}

function firstDifference(seed: number, one: readonly Step[], other: readonly Step[]) {
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    if (sameStep(one[at], other[at])) continue;
    return { seed, before: one.slice(0, at).map(({ text }) => text), one: one[at], other: other[at] };
  }
  return undefined;
}

function sameStep(one: Step | undefined, other: Step | undefined): boolean {
  return (
    one?.call === other?.call &&
    one?.text === other?.text &&
    one?.result === other?.result &&
    one?.effects === other?.effects
  );
}

function readTree(root: string, paths: Iterable<string>): SourceText {
  const present = [...paths].filter((path) => existsSync(join(root, path)));
  return Object.fromEntries(present.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/**
 * The model and the C of a tree. What an architecture can map is a matter of the kernel's version: both take it from the
 * tree's headers.
 */
export function linkBoth(machine: Machine, root: string) {
  return {
    model: linkForSequences(machine, readTree(root, treeHeaders(machine).values()), 'from-tree'),
    linux: linkForSequences(machine, readTree(root, relevantPaths(machine)), 'from-tree'),
  };
}
