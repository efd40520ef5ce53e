// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MappedRanges } from '../../src/run/mapped-ranges.ts';

const range = fc
  .tuple(fc.nat(19), fc.integer({ min: 1, max: 8 }))
  .map(([start, size]) => ({ start, end: start + size }));

describe('MappedRanges', () => {
  it('is a set of addresses', () => {
    const step = fc.record({ range, add: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), range, (steps, { start, end }) => {
        const ranges = new MappedRanges();
        const flat = new Set<number>();
        for (const { range: each, add } of steps) {
          if (add) ranges.add({ ...each, group: 1, whole: true });
          else ranges.remove(each.start, each.end);
          for (let addr = each.start; addr < each.end; addr++) {
            if (add) flat.add(addr);
            else flat.delete(addr);
          }
        }
        const asked = Array.from({ length: end - start }, (_, i) => start + i);
        expect(ranges.overlaps(start, end)).toBe(asked.some((addr) => flat.has(addr)));
        expect(ranges.covers(start, end)).toBe(asked.every((addr) => flat.has(addr)));
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('knows where a leaf may lie', () => {
    const ranges = new MappedRanges();
    ranges.add({ start: 8, end: 24, group: 8, whole: true });
    expect(ranges.cuts(8, 16)).toBe(false);
    expect(ranges.cuts(0, 32)).toBe(false);
    expect(ranges.cuts(8, 12)).toBe(true);
    ranges.remove(8, 16);
    expect(ranges.cuts(8, 12)).toBe(false);
    ranges.add({ start: 32, end: 64, group: Infinity, whole: false });
    expect(ranges.cuts(32, 48)).toBe(true);
    expect(ranges.covers(32, 33)).toBe(false);
  });
});
