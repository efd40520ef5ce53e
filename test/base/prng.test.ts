// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.ts';

describe('Prng', () => {
  it('gives the same numbers for the same seed', () => {
    const numbers = (seed: number): number[] => {
      const prng = new Prng(seed);
      return Array.from({ length: 5 }, () => prng.next());
    };
    expect(numbers(1)).toEqual(numbers(1));
    expect(numbers(1)).not.toEqual(numbers(2));
    // Scenarios are named by their seed, so these may never change.
    expect(numbers(0)).toEqual([2462723854, 1020716019, 454327756, 1275600319, 1215922603]);
  });

  it('splits into generators that do not follow one another', () => {
    const parent = new Prng(7);
    const child = parent.split();
    const twin = new Prng(7);
    const twinChild = twin.split();
    expect(child.next()).toBe(twinChild.next());
    const seen = new Set(Array.from({ length: 100 }, () => child.next()));
    expect(Array.from({ length: 100 }, () => parent.next()).filter((value) => seen.has(value))).toEqual([]);
  });

  it('stays in its bounds and reaches all of them', () => {
    const prng = new Prng(3);
    const counts = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 6000; i++) counts[prng.below(6)]!++;
    for (const count of counts) expect(count).toBeGreaterThan(850);
    expect(prng.below(1)).toBe(0);
    expect(prng.below(2 ** 32)).toBeLessThan(2 ** 32);
    for (let i = 0; i < 100; i++) expect([5, 6, 7]).toContain(prng.between(5, 7));
  });
});
