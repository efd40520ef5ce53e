// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Review } from '../../src/report/review-schema.ts';

/** The main job: the four versions of the embedded series, every prefix, every machine. */

const root = join(import.meta.dirname, '../..');
const args = ['review', 'patches/contiguous-vmap', '--tree', 'fixtures/linux', '--json'];
let review: Review;

beforeAll(() => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/rewalk.js', ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  expect({ status, stderr: stderr.replace('rewalk: building\n', '') }).toEqual({ status: 1, stderr: '' });
  review = Review.parse(JSON.parse(stdout));
}, 600_000);

/** `v1/5 v2/5`: where an invariant counts against the series. */
function places(invariant: string): string {
  const own = review.findings.filter(
    (finding) => finding.invariant === invariant && finding.status !== 'pre-existing',
  );
  return [...new Set(own.map(({ label, patch }) => `${label}/${patch}`))].join(' ');
}

describe('the embedded series', () => {
  // What each version does is said in patches/README.md.
  it.each([
    ['a size of PMD_SIZE counts as base pages', 'huge/size', 'v1/1'],
    ['flush_cache_vmap() gets the advanced start', 'flush/cache-vmap', 'v1/5 v2/5'],
    ['no check before a PMD block', 'map/refuse', 'v1/4 v2/4 v2/5'],
    ['the page index runs ahead above PMD_SHIFT', 'bounds/pages', 'v1/4 v2/4 v3/4'],
    ['vmap() maps blocks and does not say so', 'split/flag', 'v1/5 v2/5 v3/5 v4/5'],
  ])('%s: %s in %s', (_title, invariant, expected) => {
    expect(places(invariant)).toBe(expected);
  });

  it('a helper is wrong in patch 3 and put right in patch 4 of v3', () => {
    expect(review.findings).toContainEqual(
      expect.objectContaining({ invariant: 'bisect', label: 'v3', patch: 3, repairedBy: 4, severity: 'bug' }),
    );
  });

  it('what is not batched costs, until a version batches it', () => {
    const costs = review.findings.filter(({ invariant }) => invariant === 'leaf/largest');
    expect(costs).toContainEqual(
      expect.objectContaining({ label: 'v1', patch: 5, severity: 'cost', status: 'fixed-later' }),
    );
    expect(costs).toContainEqual(
      expect.objectContaining({
        label: 'v3',
        patch: 5,
        severity: 'cost',
        status: 'fixed-later',
        fixedIn: { version: 4, label: 'v4' },
      }),
    );
  });

  it('everything is modelled, and every cell has a verdict', () => {
    expect({ notModelled: review.notModelled, timedOut: review.timedOut }).toEqual({
      notModelled: [],
      timedOut: [],
    });
    const states = 1 + 8 + 7 + 6 + 6;
    const cells = review.matrix.filter(({ invariant }) => invariant === 'map/exact');
    expect(cells).toHaveLength(states * review.machines.length);
    expect(cells.filter(({ verdict }) => verdict !== 'holds' && verdict !== 'violated')).toEqual([]);
  });

  it('a finding says where, and how to run it again', () => {
    for (const { where, replay, count, patch, version } of review.findings) {
      expect(where).toEqual({
        file: expect.stringMatching(/^(?:mm|arch|include)\/.*\.[ch]$/),
        line: expect.any(Number),
        function: expect.any(String),
      });
      expect(count).toBeGreaterThan(0);
      expect(replay).toMatch(
        version === 0 ? /^rewalk replay / : new RegExp(`--version ${version} --patch ${patch}$`),
      );
    }
  });

  it('ids are unique', () => {
    const ids = review.findings.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
