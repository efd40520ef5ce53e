// SPDX-License-Identifier: GPL-2.0-only
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../ingest/git-fixture.ts';
import { rewalk } from './rewalk.ts';

const TREE = 'fixtures/linux';
const SERIES = 'patches/contiguous-vmap/v4';

const folder = makeTemporaryFolder();
const place = (name: string): string => join(folder, name);

function write(name: string, contents: string | Uint8Array): string {
  writeFileSync(place(name), contents);
  return place(name);
}

function makeFolder(name: string): string {
  mkdirSync(place(name));
  return place(name);
}

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

const cases: readonly [what: string, args: readonly string[], sentence: RegExp][] = [
  ['a folder without patches', [makeFolder('empty'), '--tree', TREE], /holds no patch files/],
  [
    'a binary file',
    [
      write(
        'bin.patch',
        Uint8Array.from({ length: 3000 }, (_, index) => (index * 197) % 256),
      ),
      '--tree',
      TREE,
    ],
    /is a binary file, not mail or a patch/,
  ],
  [
    'a patch for another project',
    [write('other.patch', otherProject), '--tree', TREE],
    /no patch of `server: count twice` can be applied .* `server\/count\.py`, which the tree does not have/,
  ],
  [
    'a tree without mm/vmalloc.c',
    [SERIES, '--tree', makeFolder('no-kernel')],
    /is no kernel tree that can be run: it has no mm\/vmalloc\.c/,
  ],
  [
    'an unknown machine',
    [SERIES, '--tree', TREE, '--machine', 'vax'],
    /there is no machine `vax`; there are arm64-4k, /,
  ],
  ['an unknown version', [SERIES, '--tree', TREE, '--version', '9'], /has no version `9`; it has v4/],
  ['a source that does not exist', [place('nowhere'), '--tree', TREE], /`[^`]*nowhere` does not exist/],
  ['a tree that does not exist', [SERIES, '--tree', place('nowhere')], /`[^`]*nowhere` does not exist/],
  ['a revision that does not exist', ['--tree', `${TREE}@nope`], /`nope` names no revision/],
  [
    'a number that is none',
    [SERIES, '--tree', TREE, '--seed', 'abc'],
    /'--seed <S>' argument 'abc' is invalid/,
  ],
];

describe('input that cannot be used: one sentence, status 2', () => {
  it.each(cases)('%s', (_what, args, sentence) => {
    const { status, stdout, stderr } = rewalk('review', ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
    // A hint may follow, indented; a stack trace may not.
    const [first, ...rest] = stderr.trimEnd().split('\n');
    expect(first).not.toMatch(/^\s/);
    expect(rest.filter((line) => !line.startsWith('  ') || /^\s+at /.test(line))).toEqual([]);
  });
});
