// SPDX-License-Identifier: GPL-2.0-only
import { beforeAll, describe, expect, it } from 'vitest';
import { countsAgainstSeries } from '../../src/report/matrix-summary.ts';
import type { Review } from '../../src/report/review-schema.ts';
import { poolRunner } from '../../src/review-pool.ts';
import { review } from '../../src/review.ts';

/** The series beside the large one, each on the tree that its file `base` names, on one machine. */

async function reviewOf(series: string): Promise<Review> {
  const request = {
    sources: [`patches/${series}`],
    tree: undefined,
    versions: undefined,
    machines: ['arm64-4k'],
    fromTree: false,
    scenarios: 0,
    seed: 1,
  };
  const { value } = await review(
    request,
    poolRunner(1, () => undefined),
  );
  return value!;
}

/** `v1/2 mem/valid`: what the version or a patch of it broke that held before. */
function broken({ findings }: Review): string[] {
  const own = findings.filter(countsAgainstSeries);
  return [...new Set(own.map((one) => `${one.label}/${one.patch} ${one.invariant}`))].toSorted();
}

/** Verdict of a promise after the last patch of a version, or of the tree before it. */
function verdict({ matrix }: Review, invariant: string, label: string): string | undefined {
  return matrix.filter((cell) => cell.invariant === invariant && cell.label === label).at(-1)?.verdict;
}

describe('vmap-optin', () => {
  let reviewed: Review;
  beforeAll(async () => {
    reviewed = await reviewOf('vmap-optin');
  });

  it('turns off what v4 of the series before it left open, and costs what that brought', () => {
    expect(verdict(reviewed, 'split/flag', 'base')).toBe('violated');
    expect(verdict(reviewed, 'split/flag', 'v1')).toBe('holds');
    expect(broken(reviewed)).toEqual(['v1/1 leaf/largest']);
  });
});

describe('huge-vmalloc', () => {
  let reviewed: Review;
  beforeAll(async () => {
    reviewed = await reviewOf('huge-vmalloc');
  });

  it('runs into a block at set_memory_ro() in v2, which v3 refuses', () => {
    // Both descend from the root for each block, which vmalloc() of a block and a page shows.
    expect(broken(reviewed)).toEqual(['v2/1 walk/once', 'v2/1 warn', 'v3/3 walk/once']);
    const [found] = reviewed.findings.filter(({ invariant }) => invariant === 'warn');
    expect(found!.scenario).toContain('set_memory_ro');
    expect(verdict(reviewed, 'split/set_memory', 'v3')).toBe('holds');
    // Both mark the area, v2 with the bit of another flag.
    expect(verdict(reviewed, 'split/flag', 'v2')).toBe('holds');
  });
});

describe('vmap-rewrite', () => {
  let reviewed: Review;
  beforeAll(async () => {
    reviewed = await reviewOf('vmap-rewrite');
  });

  it('breaks in v1 what its table says, patch by patch, and nothing of it in v2', () => {
    expect(broken(reviewed)).toEqual([
      'v1/1 area/disjoint',
      // Pages of an area that lies over another one lead to that one.
      'v1/1 area/record',
      'v1/1 leak',
      'v1/1 warn',
      'v1/2 error/clean',
      // vfree() frees the pages of an area that stays mapped until a purge.
      'v1/2 flush/tlb',
      'v1/2 map/exact',
      'v1/2 mem/valid',
      // What vm_unmap_ram() gives back stays mapped until a purge, as what vunmap() does since patch 2.
      'v1/3 error/clean',
      'v1/3 flush/cache-vmap',
      'v1/3 map/exact',
    ]);
  });
});

describe('fixmap-slots', () => {
  let reviewed: Review;
  beforeAll(async () => {
    reviewed = await reviewOf('fixmap-slots');
  });

  it('flushes slots together, which the tree before it does not, and breaks nothing', () => {
    expect(verdict(reviewed, 'fixmap/batch', 'base')).toBe('violated');
    expect(verdict(reviewed, 'fixmap/batch', 'v2')).toBe('holds');
    for (const promise of ['fixmap/cleanup', 'flush/tlb', 'map/exact', 'mem/valid']) {
      expect([promise, verdict(reviewed, promise, 'v2')]).toEqual([promise, 'holds']);
    }
    expect(broken(reviewed)).toEqual([]);
    expect(reviewed.notModelled).toEqual([]);
  });
});
