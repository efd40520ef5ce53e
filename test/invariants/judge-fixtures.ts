// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import type { Invariant } from '../../src/invariants/invariant.ts';
import { judge } from '../../src/invariants/judge.ts';
import type { TraceBuilder } from './trace-on.ts';

/** A bad fixture names what it breaks: `key` of its own invariant, or `id: key` of another that breaks with it. */
type Bad = readonly [breaks: readonly string[], build: () => TraceBuilder];

type Fixtures = Readonly<Record<`good_${string}`, () => TraceBuilder> & Record<`bad_${string}`, Bad>>;

/**
 * Holds every fixture against all invariants: a good one breaks none, a bad one exactly what it says. Both must have
 * exercised the invariant that they are for.
 */
export function judgeFixtures(invariant: Invariant, fixtures: Fixtures): void {
  describe(invariant.id, () => {
    for (const [name, fixture] of Object.entries<Bad | (() => TraceBuilder)>(fixtures)) {
      it(name, () => {
        const [breaks, build] = typeof fixture === 'function' ? [[], fixture] : fixture;
        const outcomes = judge(build().trace);
        expect(outcomes.get(invariant.id)?.exercised).toBeGreaterThan(0);
        expect(brokenIn(outcomes, invariant.id)).toEqual([...breaks].toSorted());
      });
    }
  });
}

function brokenIn(outcomes: ReturnType<typeof judge>, own: string): string[] {
  const broken: string[] = [];
  for (const [id, { violations }] of outcomes) {
    for (const { key } of violations) broken.push(id === own ? key : `${id}: ${key}`);
  }
  return broken.toSorted();
}
