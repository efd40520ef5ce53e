// SPDX-License-Identifier: GPL-2.0-only
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/explain.ts';
import { renderExplanation } from '../../src/report/explanation-text.ts';
import type { Explanation } from '../../src/report/explanation.ts';
import type { Finding, Review } from '../../src/report/review-schema.ts';
import { lineWidth, plainText } from '../../src/report/styled-text.ts';
import { sampleFinding, sampleReview } from '../report/sample-review.ts';

const root = join(import.meta.dirname, '../..');

/** A review of the embedded series with one finding, as a saved one could hold it. */
function reviewWith(...findings: readonly Partial<Finding>[]): Review {
  const sample = sampleReview();
  return {
    ...sample,
    tree: { title: join(root, 'fixtures/linux') },
    series: { ...sample.series!, sources: [join(root, 'patches/contiguous-vmap')] },
    findings: findings.map((finding) => ({ ...sampleFinding, ...finding })),
  };
}

const shortFlush: Partial<Finding> = {
  id: 'v2-flush-cache-vmap-0a1b2c',
  invariant: 'flush/cache-vmap',
  version: 2,
  label: 'v2',
  patch: 5,
  scenario: 'vmap 4K',
};

async function explained(review: Review, id: string): Promise<Explanation> {
  const { value, diagnostics } = await explain(review, id);
  if (value === undefined) throw new Error(diagnostics[0]?.message);
  return value;
}

describe('an explanation', () => {
  it('runs the finding again and shows what broke the promise, and the hunk that did it', async () => {
    const { value: first } = await explain(reviewWith(shortFlush), 'v2-flush');
    // Where it is decides what is quoted; a saved review says it.
    const innermost = first!.stack.find(({ code }) =>
      code.some(({ text }) => text.includes('flush_cache_vmap')),
    )!;
    const where = { function: innermost.function, file: innermost.file!, line: innermost.line! };
    const found = await explained(reviewWith({ ...shortFlush, where }), 'v2-flush-cache-vmap-0a1b2c');
    expect(found.seen).toMatch(/^flush_cache_vmap .*\(empty\)$/);
    expect(found.events.filter(({ guilty }) => guilty)).toHaveLength(1);
    expect(found.hunk).toMatchObject({ patch: 5, file: 'mm/vmalloc.c', holdsLine: true });
    expect(found.hunk!.lines.find(({ here }) => here)).toMatchObject({
      kind: 'added',
      text: expect.stringContaining('flush_cache_vmap'),
    });
  });

  it.each([60, 80, 200])('keeps to %d columns, but for the drawing', async (width) => {
    const { drawing, ...rest } = await explained(reviewWith(shortFlush), 'v2');
    expect(drawing).toContain('4 KiB');
    const lines = renderExplanation(rest, width);
    expect(lines.filter((line) => lineWidth(line) > width).map(plainText)).toEqual([]);
  });

  it('of a patch that does not build needs no run', async () => {
    const found = await explained(
      reviewWith({ ...shortFlush, invariant: 'bisect', breaks: [], scenario: '', seen: '`f()` comes later' }),
      'v2',
    );
    expect(found).toMatchObject({ events: [], seen: '`f()` comes later' });
  });

  it.each([
    ['an unknown id', 'v9-nothing', /no finding is called `v9-nothing`; there are v2-flush/],
    ['an id that is not unique', 'v2', /`v2` may be v2-flush.*, v2-other/],
  ])('refuses %s', async (_title, id, message) => {
    const { value, diagnostics } = await explain(
      reviewWith(shortFlush, { ...shortFlush, id: 'v2-other' }),
      id,
    );
    expect(value).toBeUndefined();
    expect(diagnostics[0]).toMatchObject({
      code: 'review/no-finding',
      message: expect.stringMatching(message),
    });
  });
});
