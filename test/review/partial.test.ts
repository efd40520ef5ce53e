// SPDX-License-Identifier: GPL-2.0-only
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Review } from '../../src/report/review-schema.ts';
import type { PartialReview } from '../../src/review-partial.ts';
import { poolRunner } from '../../src/review-pool.ts';
import { review } from '../../src/review.ts';

const root = join(import.meta.dirname, '../..');

it('what is told while jobs run grows into the review, newest version first, and is never taken back', async () => {
  const seen: (PartialReview & { readonly done: number; readonly total: number })[] = [];
  const { value } = await review(
    {
      sources: [join(root, 'patches/contiguous-vmap')],
      tree: join(root, 'fixtures/linux'),
      versions: ['3', '4'],
      machines: ['x86_64-4level'],
      fromTree: false,
      scenarios: 0,
      seed: 1,
    },
    poolRunner(1, () => undefined),
    { onProgress: (done, total, snapshot) => seen.push({ done, total, ...snapshot() }) },
  );
  const whole: Review = value!;
  expect(seen.map(({ done }) => done)).toEqual(seen.map((_, index) => index + 1));
  expect(seen.map(({ total }) => total)).toEqual(seen.map(() => seen.length));
  expect(seen[0]!.pending).toContain('v4');
  const withV4 = seen.findIndex(({ pending }) => !pending.includes('v4'));
  expect(seen[withV4]!.pending).toContain('v3');
  expect(seen.at(-1)!.pending).toEqual([]);
  for (const { review: partial, pending } of seen) {
    for (const cell of partial.matrix) expect(whole.matrix).toContainEqual(cell);
    expect(partial.findings.filter(({ label }) => pending.includes(label))).toEqual([]);
    const count = (among: Review, label: string): number =>
      among.findings.filter((finding) => finding.label === label).length;
    if (!pending.includes('v4')) expect(count(partial, 'v4')).toBe(count(whole, 'v4'));
  }
  expect(seen.at(-1)!.review.matrix).toEqual(whole.matrix);
  expect(seen.at(-1)!.review.findings.map(({ id }) => id)).toEqual(whole.findings.map(({ id }) => id));
});
