// SPDX-License-Identifier: GPL-2.0-only

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyFilePatches } from '../../src/ingest/apply-patch.ts';
import { MemoryTree } from '../../src/ingest/source-tree.ts';
import { parseUnifiedDiff } from '../../src/ingest/unified-diff.ts';
import { git, makeRepository, makeTemporaryFolder, tryGit } from './git-fixture.ts';

function apply(files: Record<string, string>, patch: string) {
  const parsed = parseUnifiedDiff(patch, { file: 'p.patch', line: 1 });
  const tree = new MemoryTree('tree', new Map(Object.entries(files)));
  const applied = applyFilePatches(tree, parsed.value, { file: 'p.patch' });
  return { tree: applied.value, messages: [...parsed.diagnostics, ...applied.diagnostics] };
}

/** Texts of few different lines, so that hunks find more than one place that could fit. */
const someText = fc
  .record({
    lines: fc.array(fc.constantFrom('a', 'b', 'c', '', '\tx = 1;', '}', '-- ', '@@ -1 +1 @@'), {
      maxLength: 30,
    }),
    terminated: fc.boolean(),
  })
  .map(({ lines, terminated }) => lines.join('\n') + (terminated && lines.length > 0 ? '\n' : ''));

/** A text with some lines replaced, removed or added. */
function edited(
  text: string,
  edits: readonly { at: number; remove: number; add: readonly string[] }[],
): string {
  const lines = text.split('\n');
  for (const { at, remove, add } of edits) lines.splice(at % (lines.length + 1), remove, ...add);
  return lines.join('\n');
}

const someEdits = (maxLength: number) =>
  fc.array(
    fc.record({
      at: fc.nat(40),
      remove: fc.nat(2),
      add: fc.array(fc.constantFrom('a', 'b', 'n1', 'n2'), { maxLength: 3 }),
    }),
    { maxLength },
  );

describe('applyFilePatches against git apply', () => {
  const repository = makeRepository();
  const folder = makeTemporaryFolder();
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

  function gitDiff(before: string, after: string): string {
    const left = git(repository, ['hash-object', '-w', '--stdin'], before).trim();
    const right = git(repository, ['hash-object', '-w', '--stdin'], after).trim();
    return git(repository, ['diff', left, right])
      .replaceAll(`a/${left}`, 'a/f.c')
      .replaceAll(`b/${right}`, 'b/f.c');
  }

  function gitApply(base: string, patch: string): string | undefined {
    write('f.c', base);
    return tryGit(folder, ['apply', '--whitespace=nowarn', '-'], patch) === undefined
      ? undefined
      : readFileSync(join(folder, 'f.c'), 'utf8');
  }

  test('random edits, on the text they were made from and on one that has moved on', () => {
    fc.assert(
      fc.property(someText, someEdits(4), someEdits(2), (before, edits, drift) => {
        const after = edited(before, edits);
        fc.pre(before !== after && before !== '' && after !== '');
        const patch = gitDiff(before, after);
        expect(apply({ 'f.c': before }, patch).tree.read('f.c')).toBe(after);
        // Where context lacks a newline, git compares only the bytes before it, and can then join two lines.
        if (patch.includes('\\ No newline')) return;
        const moved = edited(before, drift);
        const expected = gitApply(moved, patch);
        const ours = apply({ 'f.c': moved }, patch);
        expect(ours.messages.length === 0 ? ours.tree.read('f.c') : undefined).toBe(expected);
      }),
      { numRuns: 150 },
    );
  });
});

describe('applyFilePatches', () => {
  const add =
    'diff --git a/n.c b/n.c\nnew file mode 100644\n--- /dev/null\n+++ b/n.c\n@@ -0,0 +1,2 @@\n+one\n+two\n';

  test('a new file, a deleted file, a renamed file with a change', () => {
    expect(apply({}, add).tree.read('n.c')).toBe('one\ntwo\n');
    const remove =
      'diff --git a/n.c b/n.c\ndeleted file mode 100644\n--- a/n.c\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n';
    const removed = apply({ 'n.c': 'one\ntwo\n' }, remove);
    expect(removed.messages).toEqual([]);
    expect(removed.tree.read('n.c')).toBeUndefined();
    expect(removed.tree.list('')).toEqual([]);
    const rename =
      'diff --git a/o.c b/p.c\nsimilarity index 50%\nrename from o.c\nrename to p.c\n--- a/o.c\n+++ b/p.c\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n';
    const renamed = apply({ 'o.c': 'one\ntwo\n' }, rename);
    expect(renamed.messages).toEqual([]);
    expect(renamed.tree.list('')).toEqual(['p.c']);
    expect(renamed.tree.read('p.c')).toBe('one\n2\n');
  });

  test('a hunk that does not fit says which, at which line of the patch, and what stands there', () => {
    const patch = '--- a/f.c\n+++ b/f.c\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n';
    const { tree, messages } = apply({ 'f.c': 'one\nTWO\nthree\n' }, patch);
    expect(messages).toEqual([
      {
        code: 'ingest/does-not-apply',
        severity: 'error',
        where: { file: 'p.patch', line: 5 },
        message:
          'hunk 1 of 1 in `f.c` does not apply: it expects `two` at line 2, but the file has `TWO` there',
      },
    ]);
    expect(tree.read('f.c')).toBe('one\nTWO\nthree\n');
  });

  test('a hunk that fits where it may not stand says why', () => {
    const why = (text: string, hunk: string): string | undefined =>
      apply({ 'f.c': text }, `--- a/f.c\n+++ b/f.c\n${hunk}`).messages[0]?.message;
    expect(why('one\ntwo\nthree\n', '@@ -2,2 +2,3 @@\n two\n+2\n-three\n+3\n')).toBeUndefined();
    expect(why('one\ntwo\nthree\nfour\n', '@@ -2,2 +2,2 @@\n two\n-three\n+3\n')).toBe(
      'hunk 1 of 1 in `f.c` does not apply: its lines stand at line 2, but no context follows its last change, so that it must end the file, which goes on',
    );
    expect(why('zero\none\ntwo\n', '@@ -1,2 +1,2 @@\n-one\n+1\n two\n')).toBe(
      'hunk 1 of 1 in `f.c` does not apply: its lines stand at line 2, but its head says that it begins the file, which has other lines before',
    );
  });

  test('a file that is not there, one that is there already, one that holds more than is deleted', () => {
    const change = '--- a/f.c\n+++ b/f.c\n@@ -1 +1 @@\n-x\n+y\n';
    expect(apply({}, change).messages[0]?.message).toBe(
      'the patch changes `f.c`, which the tree does not have',
    );
    expect(apply({ 'n.c': '' }, add).messages[0]?.message).toBe(
      'the patch creates `n.c`, which the tree already has',
    );
    const remove = '--- a/f.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n';
    expect(apply({ 'f.c': 'x\ny\n' }, remove).messages).toHaveLength(1);
  });

  test('nothing is applied if one file fails', () => {
    const both = `${add}--- a/f.c\n+++ b/f.c\n@@ -1 +1 @@\n-x\n+y\n`;
    const { tree, messages } = apply({ 'f.c': 'z\n' }, both);
    expect(messages).toHaveLength(1);
    expect(tree.read('n.c')).toBeUndefined();
  });
});
