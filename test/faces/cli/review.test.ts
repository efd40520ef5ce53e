// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Review } from '../../../src/report/review-schema.ts';

const root = join(import.meta.dirname, '../../..');
const tree = join(root, 'fixtures/linux');
const series = join(root, 'patches/contiguous-vmap');
let scratch = '';

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'rewalk-cli-'));
  mkdirSync(join(scratch, 'empty'));
  mkdirSync(join(scratch, 'tree'));
  writeFileSync(
    join(scratch, 'binary.patch'),
    Buffer.from(Array.from({ length: 2000 }, (_, i) => (i * 37) % 256)),
  );
  writeFileSync(join(scratch, 'other.patch'), OTHER_PROJECT);
});

afterAll(() => rmSync(scratch, { recursive: true }));

function rewalk(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const environment = { ...process.env, NO_COLOR: '1', COLUMNS: '80' };
  const program = join(root, 'bin/rewalk.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env: environment,
    maxBuffer: 2 ** 28,
  });
  // The first command of a fresh checkout says on stderr that it builds.
  return { status, stdout, stderr: stderr.replace('rewalk: building\n', '') };
}

describe('input that cannot be used is one sentence and status 2', () => {
  it.each([
    ['an empty folder', () => ['review', join(scratch, 'empty'), '--tree', tree], /holds no patch files/],
    ['a binary file', () => ['review', join(scratch, 'binary.patch'), '--tree', tree], /is a binary file/],
    [
      'a patch of another project',
      () => ['review', join(scratch, 'other.patch'), '--tree', tree],
      /`main.go`/,
    ],
    [
      'a tree without mm/vmalloc.c',
      () => ['review', series, '--tree', join(scratch, 'tree')],
      /no mm\/vmalloc\.c/,
    ],
    ['a tree that is not there', () => ['review', series, '--tree', join(scratch, 'none')], /does not exist/],
    ['no source', () => ['review', join(scratch, 'none'), '--tree', tree], /does not exist/],
    ['an unknown machine', () => ['review', series, '--tree', tree, '--machine', 'vax'], /no machine `vax`/],
    ['an unknown version', () => ['review', series, '--tree', tree, '--version', '9'], /no version `9`/],
    ['no number', () => ['review', series, '--tree', tree, '--scenarios', 'many'], /'many' is invalid/],
    ['no scenario', () => ['replay', 'vmap 3Q', '--tree', tree], /3Q/],
    [
      'an unknown patch',
      () => ['replay', 'vmap 4K', '--tree', tree, '--series', series, '--patch', '99'],
      /no patch 99/,
    ],
    [
      'no series to count patches of',
      () => ['replay', 'vmap 4K', '--tree', tree, '--patch', '2'],
      /needs a series/,
    ],
    ['an unknown promise', () => ['invariants', 'map/none'], /no invariant `map\/none`/],
    ['no such file', () => ['translate', 'mm/none.c', '--tree', tree], /no file `mm\/none\.c`/],
    ['a file that is not run', () => ['translate', 'README.md', '--tree', tree], /is not run/],
    ['no such function', () => ['translate', 'mm/vmalloc.c', 'none', '--tree', tree], /the function `none`/],
    ['no saved review', () => ['explain', 'v1', '--review', join(scratch, 'other.patch')], /is no review/],
  ])('%s', (_title, args, message) => {
    const { status, stdout, stderr } = rewalk(...args());
    expect({ status, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({
      status: 2,
      stdout: '',
      lines: 1,
    });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('a review of one version on one machine', () => {
  const args = [
    'review',
    series,
    '--tree',
    tree,
    '--version',
    '4',
    '--machine',
    'x86_64-4level',
    '--scenarios',
    '0',
  ];

  it('as JSON it is a review, with findings that name patch and place, and status 1', () => {
    const { status, stdout, stderr } = rewalk(...args, '--json');
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    const review = Review.parse(JSON.parse(stdout));
    expect(review.series?.versions.map(({ label, patches }) => [label, patches.length])).toEqual([['v4', 6]]);
    const own = review.findings.filter(({ status: found }) => found === 'introduced');
    expect(own.map(({ invariant, patch }) => [invariant, patch])).toContainEqual(['split/flag', 5]);
    for (const { replay, where, patch } of own) {
      expect(replay).toMatch(/^rewalk replay '/);
      expect(where).toMatchObject({ file: expect.stringMatching(/\.[ch]$/), line: expect.any(Number) });
      expect(patch).toBeGreaterThan(0);
    }
  });

  it('as text it shows the matrix, and a finding can be run again as it says', () => {
    const { status, stdout } = rewalk(...args);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^split\/flag \(risk\) +ok +✗ 5 /m);
    const again = /rewalk (replay 'vmap 2M'(?:[^\n]*\\\n)*[^\n]*)/.exec(stdout)?.[1] ?? '';
    const words = again.replaceAll('\\\n', ' ').match(/'[^']*'|\S+/g) ?? [];
    const replayed = rewalk(...words.map((word) => word.replaceAll("'", '')));
    expect(replayed.status).toBe(1);
    expect(replayed.stdout).toMatch(/^split\/flag {2}risk {2}broken by E\d+$/m);
  });
});

const OTHER_PROJECT = `From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001
From: Somebody <somebody@example.org>
Date: Mon, 1 Jan 2024 00:00:00 +0000
Subject: [PATCH] main: say hello

---
 main.go | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

diff --git a/main.go b/main.go
index 1111111..2222222 100644
--- a/main.go
+++ b/main.go
@@ -1,3 +1,3 @@
 package main
-func main() {}
+func main() { hello() }
 // end
--
2.39.0
`;
