// SPDX-License-Identifier: GPL-2.0-only
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digest } from '../../../src/digest.ts';
import { Digest } from '../../../src/report/digest-schema.ts';
import { renderDigest } from '../../../src/report/digest-text.ts';
import { plainText, textWidth } from '../../../src/report/styled-text.ts';
import { changelogList, folderWithList } from './list-fixture.ts';

const nothingRuns = {
  runJobs: () => Promise.reject(new Error('nothing is to be run')),
  isTimeUp: () => false,
};

async function digestOf(folder: string, since?: string, until?: string, told: readonly string[] = []) {
  const request = {
    sources: [join(folder, 'list.mbox')],
    tree: undefined,
    machines: undefined,
    scenarios: 0,
    seed: 1,
    since,
    until,
    isReported: (key: string) => told.includes(key),
  };
  return (await digest(request, nothingRuns)).value!;
}

describe('a digest of a list', () => {
  it('tells of each series once, with its latest version, what changed and who is waited for', async () => {
    const { digest: made } = await digestOf(folderWithList());
    expect(Digest.parse(made)).toEqual(made);
    expect(made.series.map(({ id, attention }) => [id, attention])).toEqual([
      ['a2@example.org', ['1 open question']],
      ['b1@example.org', ['waits for reviewers']],
    ]);
    const [first] = made.series;
    expect(first!.changes!.stated.map(({ text }) => text)).toEqual(['say it better (Reviewer A)']);
    expect(first!.state.waits).toMatchObject({ for: 'author', who: ['Series Author'] });
    expect(first!.state.questions).toMatchObject([{ by: 'Reviewer A', text: 'Why not third?', patch: 1 }]);
    expect(first!.run).toEqual({
      kind: 'not-modelled',
      skipped: 'it touches no file that is modelled',
    });
  });

  it('holds what a changelog says against what differs', async () => {
    const { digest: made } = await digestOf(folderWithList(changelogList()));
    const [{ changes, attention } = { changes: null, attention: [] }] = made.series;
    expect(changes!.stated.map(({ text, verdict }) => [text, verdict])).toEqual([
      ['make vmap_two() say more', 'seen'],
      ['rename vmap_one()', 'not-seen'],
    ]);
    expect([changes!.basis, attention]).toEqual([
      'hunks',
      ['1 stated change not seen in the patches', 'waits for reviewers'],
    ]);
    const text = renderDigest(made, 80).map(plainText).join('\n');
    expect(text).toContain('- stated, and not seen in the patches: patch 1: rename vmap_one()');
  });

  it('looks at nothing after the period, and takes nothing before it for news', async () => {
    const folder = folderWithList();
    const early = await digestOf(folder, undefined, '2026-05-10T00:00:00.000Z');
    expect(early.digest.series.map(({ latest }) => latest.label)).toEqual(['v1']);
    const late = await digestOf(folder, '2026-05-12T00:00:00.000Z');
    expect(late.digest.series.map(({ id, news }) => [id, news.versions, news.replies])).toEqual([
      ['a2@example.org', [], 1],
      ['b1@example.org', ['v1'], 0],
    ]);
  });

  it('leaves out what was told', async () => {
    const folder = folderWithList();
    const { told } = await digestOf(folder);
    const again = await digestOf(folder, undefined, undefined, told);
    expect([again.digest.series, again.digest.quiet, again.told]).toEqual([[], 2, []]);
    const onlyReply = await digestOf(
      folder,
      undefined,
      undefined,
      told.filter((key) => !key.startsWith('r1')),
    );
    expect(onlyReply.told).toEqual(['r1@example.org']);
  });

  it.each([60, 72, 80, 200])(
    'fits %i columns, links apart, with the summary on one screen',
    async (width) => {
      const { digest: made } = await digestOf(folderWithList());
      const [first] = made.series;
      const title =
        'mm/vmalloc: a title that is quite as long as titles of patches to the kernel can well be';
      const many = Array.from({ length: 40 }, (_, index) => ({
        ...first!,
        title,
        attention: [...first!.attention, `${index} reasons more`, 'and one more than those'],
      }));
      for (const series of [made.series, many.slice(0, 9), many]) {
        const lines = renderDigest({ ...made, series }, width).map(plainText);
        expect(lines.filter((line) => textWidth(line) > width && !line.includes('https://'))).toEqual([]);
        const end = lines.findIndex((line) => line.startsWith('---'));
        expect(end).toBeLessThanOrEqual(24);
        const summary = lines.slice(0, end).join('\n');
        const listed = summary.match(/ \(v[12]\)/g)!.length;
        const rest = /and (\d+) more, which wait/.exec(summary);
        expect(listed + Number(rest?.[1] ?? 0)).toBe(series.length);
      }
    },
  );
});
