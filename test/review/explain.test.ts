// SPDX-License-Identifier: GPL-2.0-only
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/explain.ts';
import { hunkFor } from '../../src/explain-hunk.ts';
import { parseUnifiedDiff } from '../../src/ingest/unified-diff.ts';
import { renderExplanation } from '../../src/report/explanation-text.ts';
import type { ExplainedHunk, Explanation } from '../../src/report/explanation.ts';
import type { Finding, Review } from '../../src/report/review-schema.ts';
import type { Frame } from '../../src/run/call-stack.ts';
import type { Patch } from '../../src/series/series.ts';
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

describe('the hunk that a reader should look at', () => {
  const text = [
    'diff --git a/mm/vmalloc.c b/mm/vmalloc.c',
    '--- a/mm/vmalloc.c',
    '+++ b/mm/vmalloc.c',
    '@@ -10,3 +10,3 @@ int other(void)',
    ' a',
    '-b',
    '+c',
    ' d',
    '@@ -20,3 +20,2 @@ int vunmap(void)',
    ' {',
    '-\tflush();',
    ' \tclear();',
  ].join('\n');
  const { value: files } = parseUnifiedDiff(text, { file: 'patch', line: 1 });
  const patch = { index: 3, subject: 'drop it', files, functions: [] } as unknown as Patch;
  const at = (line: number): readonly Frame[] => [{ function: 'vunmap', file: 'mm/vmalloc.c', line }];
  const hunk = (stack: readonly Frame[], before: readonly Frame[]): ExplainedHunk | undefined =>
    hunkFor(patch, stack, () => ({ before, after: [] }));

  it('is the one that changes a line of the call stack', () => {
    expect(hunk(at(11), at(21))).toMatchObject({ reason: 'line', head: '@@ -10,3 +10,3 @@ int other(void)' });
  });

  it('else the one that takes away the line at which the run first differs', () => {
    const found = hunk(at(21), at(21));
    expect(found).toMatchObject({ reason: 'removed', head: '@@ -20,3 +20,2 @@ int vunmap(void)' });
    expect(found!.lines.filter(({ here }) => here)).toMatchObject([{ kind: 'removed', text: '\tflush();' }]);
  });

  it('else the one around the call stack, and else none', () => {
    expect(hunk(at(21), at(40))).toMatchObject({ reason: 'near' });
    expect(hunk(at(40), at(41))).toBeUndefined();
  });

  it('else one in the function at which the run first differs, though only heads of hunks tell functions', () => {
    const functions = [{ change: 'modified', name: 'vunmap', file: 'mm/vmalloc.c', basis: 'hunks' }];
    const named = { ...patch, functions } as unknown as Patch;
    const found = hunkFor(named, at(40), () => ({ before: at(41), after: [] }));
    expect(found).toMatchObject({ reason: 'diverges', head: '@@ -20,3 +20,2 @@ int vunmap(void)' });
  });
});

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
    expect(found.hunk).toMatchObject({ patch: 5, file: 'mm/vmalloc.c', reason: 'line' });
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
