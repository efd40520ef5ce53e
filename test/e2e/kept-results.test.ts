// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeTemporaryFolder } from '../ingest/git-fixture.ts';
import { program, root } from './rewalk.ts';
import { commitSeries } from './small-series.ts';

const cache = makeTemporaryFolder();
const results = join(cache, 'results');

const MAP = '\t\terr = vmap_pages_range(addr, end, prot, area->pages,\n';
const series = commitSeries({
  subject: 'mm/vmalloc: map the first page alone',
  replace: [[MAP, MAP.replace('end', 'addr + PAGE_SIZE')]],
});

/** A small review; what earlier ones left is in a folder of its own. */
function review(more: readonly string[] = [], set: NodeJS.ProcessEnv = {}) {
  const args = [program, 'review', series, '--scenarios', '0', '--machine', 'arm64-4k', '--json', ...more];
  const env = { ...process.env, REWALK_NO_CACHE: '', REWALK_CACHE: cache, ...set };
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env });
  return { status, stdout };
}

it('a review that is run again says the same, to the byte, with or without what the first one left', () => {
  const first = review(['--no-cache']);
  expect(first.status).toBe(1);
  expect(review([], { REWALK_NO_CACHE: '1' })).toEqual(first);
  expect(existsSync(results)).toBe(false);

  expect(review()).toEqual(first);
  const files = readdirSync(results);
  expect(files.length).toBeGreaterThan(1);
  expect(review()).toEqual(first);

  truncateSync(join(results, files[0]!), 40);
  expect(review()).toEqual(first);
  expect(readdirSync(results).toSorted()).toEqual(files.toSorted());
});
