// SPDX-License-Identifier: GPL-2.0-only
import { expect } from 'vitest';
import type { Review } from '../../src/report/review-schema.ts';
import { poolRunner } from '../../src/review-pool.ts';
import { review } from '../../src/review.ts';

/** Reviews the embedded series in this process, with the systematic scenarios alone. */
export async function reviewEmbedded(options: {
  readonly machines: readonly string[];
  readonly versions?: readonly string[];
}): Promise<Review> {
  const request = {
    sources: ['patches/contiguous-vmap'],
    tree: 'fixtures/linux',
    versions: options.versions,
    machines: options.machines,
    fromTree: false,
    scenarios: 0,
    seed: 1,
  };
  const { value, diagnostics } = await review(
    request,
    poolRunner(1, () => undefined),
  );
  expect(diagnostics).toEqual([]);
  return value!;
}
