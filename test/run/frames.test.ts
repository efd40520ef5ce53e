// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machines } from '../../src/model/machines/machine-list.ts';
import { FrameSource } from '../../src/run/frames.ts';
import {
  countPages,
  invalidPages,
  nullPages,
  runOf,
  singles,
  type PageGroup,
} from '../../src/run/scenario.ts';

const arm64 = machines[0]!;
const layOut = (...groups: readonly PageGroup[]) => new FrameSource(arm64).layOut(groups);

describe('FrameSource', () => {
  it('keeps runs apart unless they follow', () => {
    const apart = layOut(singles(3)).entries;
    expect(apart).toHaveLength(3);
    expect(layOut(runOf(16), runOf(16, { follows: true })).entries).toMatchObject([{ count: 32 }]);
    expect(layOut(runOf(16), runOf(16)).entries).toHaveLength(2);
    expect(layOut(nullPages(), runOf(16, { follows: true })).entries).toMatchObject([
      { bad: 'null' },
      { count: 16 },
    ]);
  });

  it('aligns runs to their size, or as far beside it as asked', () => {
    for (const pages of [1, 2, 16, 512, 1024]) {
      expect(layOut(singles(1), runOf(pages)).entries.at(-1)!.pfn % pages).toBe(0);
      expect(layOut(runOf(pages, { misaligned: pages - 1 })).entries[0]!.pfn % pages).toBe(pages - 1);
    }
    expect(layOut(runOf(16, { first: 3, count: 4 })).entries).toMatchObject([{ count: 4 }]);
  });

  it('makes compound pages of aligned runs only', () => {
    expect(layOut(runOf(16)).compounds).toMatchObject([{ order: 4 }]);
    expect(layOut(runOf(16, { compound: false })).compounds).toEqual([]);
    expect(layOut(singles(1), runOf(16, { follows: true })).compounds).toEqual([]);
  });

  it('never hands out a frame twice, and only RAM', () => {
    const group = fc
      .record({
        run: fc.integer({ min: 1, max: 600 }),
        follows: fc.boolean(),
        repeat: fc.integer({ min: 1, max: 3 }),
      })
      .map(({ run, ...options }) => runOf(run, options));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(group, fc.constant(nullPages(2)), fc.constant(invalidPages()))),
        (groups) => {
          const source = new FrameSource(arm64);
          const { ramStart, ramPages } = arm64.addresses;
          const half = Math.floor(groups.length / 2);
          const seen = new Set<number>();
          for (const part of [groups.slice(0, half), groups.slice(half)]) {
            const { entries } = source.layOut(part);
            const pages = countPages(part);
            expect(entries.reduce((sum, { count }) => sum + count, 0)).toBe(pages);
            for (const { pfn, count, bad } of entries) {
              if (bad !== undefined) continue;
              expect(pfn >= ramStart && pfn + count <= ramStart + ramPages).toBe(true);
              for (let frame = pfn; frame < pfn + count; frame++) {
                expect(seen.has(frame)).toBe(false);
                seen.add(frame);
              }
            }
          }
        },
      ),
      { seed: 1, numRuns: 50 },
    );
  });
});
