// SPDX-License-Identifier: GPL-2.0-only
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rewalkInProcess } from './in-process.ts';

const TREE = 'fixtures/linux';
const SERIES = 'patches/contiguous-vmap';

const folder = mkdtempSync(join(tmpdir(), 'rewalk-bad-input-'));
const place = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const otherProject = `From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001
From: Series Author <author@example.org>
Date: Tue, 7 Apr 2026 10:00:00 +0000
Subject: [PATCH] server: count twice

Signed-off-by: Series Author <author@example.org>
---
 server/count.py | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

diff --git a/server/count.py b/server/count.py
index 1111111..2222222 100644
--- a/server/count.py
+++ b/server/count.py
@@ -1,3 +1,3 @@
 import os
-count = 1
+count = 2
 print(count)
-- 
2.39.5
`;

mkdirSync(place('empty'));
mkdirSync(place('no-kernel'));
writeFileSync(place('other.patch'), otherProject);
writeFileSync(
  place('bin.patch'),
  Uint8Array.from({ length: 3000 }, (_, index) => (index * 197) % 256),
);

const reviews: readonly [what: string, args: readonly string[], sentence: RegExp][] = [
  ['a folder without patches', [place('empty'), '--tree', TREE], /holds no patch files/],
  ['a binary file', [place('bin.patch'), '--tree', TREE], /is a binary file, not mail or a patch/],
  [
    'a patch for another project',
    [place('other.patch'), '--tree', TREE],
    /no patch of `server: count twice` can be applied .* `server\/count\.py`, which the tree does not have/,
  ],
  [
    'a tree without mm/vmalloc.c',
    [SERIES, '--tree', place('no-kernel')],
    /is no kernel tree that can be run: it has no mm\/vmalloc\.c/,
  ],
  [
    'an unknown machine',
    [SERIES, '--tree', TREE, '--machine', 'vax'],
    /there is no machine `vax`; there are arm64-4k, /,
  ],
  ['an unknown version', [`${SERIES}/v4`, '--tree', TREE, '--version', '9'], /has no version `9`; it has v4/],
  ['a source that does not exist', [place('nowhere'), '--tree', TREE], /`[^`]*nowhere` does not exist/],
  ['a tree that does not exist', [SERIES, '--tree', place('nowhere')], /`[^`]*nowhere` does not exist/],
  ['a revision that does not exist', ['--tree', `${TREE}@nope`], /`nope` names no revision/],
  [
    'a number that is none',
    [SERIES, '--tree', TREE, '--seed', 'abc'],
    /'--seed <S>' argument 'abc' is invalid/,
  ],
  ['a count that is none', [SERIES, '--tree', TREE, '--scenarios', 'many'], /'many' is invalid/],
];

const others: readonly [what: string, words: readonly string[], sentence: RegExp][] = [
  ['no scenario', ['replay', 'vmap 3Q', '--tree', TREE], /3Q/],
  [
    'an unknown patch',
    ['replay', 'vmap 4K', '--tree', TREE, '--series', SERIES, '--patch', '99'],
    /no patch 99/,
  ],
  ['no series to count patches of', ['replay', 'vmap 4K', '--tree', TREE, '--patch', '2'], /needs a series/],
  ['an unknown promise', ['invariants', 'map/none'], /no invariant `map\/none`/],
  ['no such file', ['translate', 'mm/none.c', '--tree', TREE], /no file `mm\/none\.c`/],
  ['a file that is not run', ['translate', 'README.md', '--tree', TREE], /is not run/],
  ['no such function', ['translate', 'mm/vmalloc.c', 'none', '--tree', TREE], /the function `none`/],
  ['no saved review', ['explain', 'v1', '--review', place('other.patch')], /is no review/],
];

const cases = [
  ...reviews.map(([what, args, sentence]) => [`review: ${what}`, ['review', ...args], sentence] as const),
  ...others.map(([what, words, sentence]) => [`${words[0]}: ${what}`, words, sentence] as const),
];

describe('input that cannot be used: one sentence, status 2', () => {
  it.each(cases)('%s', async (_what, words, sentence) => {
    const { status, stdout, stderr } = await rewalkInProcess(...words);
    expect({ status, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({
      status: 2,
      stdout: '',
      lines: 1,
    });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/^\s/);
  });
});
