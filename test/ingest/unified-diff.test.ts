// SPDX-License-Identifier: GPL-2.0-only

import { describe, expect, test } from 'vitest';
import { parseUnifiedDiff } from '../../src/ingest/unified-diff.ts';
import { commitFiles, git, makeRepository } from './git-fixture.ts';

const parse = (text: string) => parseUnifiedDiff(text, { file: 'p.patch', line: 10 });

describe('parseUnifiedDiff', () => {
  test('everything git writes: new, deleted, renamed, mode, spaces, quotes, binary, no newline', () => {
    const folder = makeRepository();
    const long = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join('');
    commitFiles(
      folder,
      { 'a.c': 'x\n', 'old.c': long, 'run.sh': 'x', 'b c.c': '1\n', 'é.c': '1\n', gone: 'g\n' },
      'first',
    );
    git(folder, ['mv', 'old.c', 'new.c']);
    git(folder, ['update-index', '--chmod=+x', 'run.sh']);
    git(folder, ['config', 'core.fileMode', 'false']);
    commitFiles(
      folder,
      {
        'a.c': 'x\ny',
        'b c.c': '2\n',
        'é.c': '2\n',
        gone: undefined,
        empty: '',
        bin: 'a\0b',
        'new.c': `${long}more\n`,
      },
      'second',
    );
    const text = git(folder, ['format-patch', '-1', '--stdout']);
    const { value, diagnostics } = parse(text);
    expect(diagnostics).toEqual([]);
    const summary = value.map((file) => [file.change, file.oldPath, file.newPath, file.added, file.removed]);
    expect(summary).toEqual([
      ['modify', 'a.c', 'a.c', 1, 0],
      ['modify', 'b c.c', 'b c.c', 1, 1],
      ['add', undefined, 'bin', 0, 0],
      ['add', undefined, 'empty', 0, 0],
      ['delete', 'gone', undefined, 0, 1],
      ['rename', 'old.c', 'new.c', 1, 0],
      ['modify', 'run.sh', 'run.sh', 0, 0],
      ['modify', 'é.c', 'é.c', 1, 1],
    ]);
    expect(value.map((file) => file.binary).filter(Boolean)).toHaveLength(1);
    expect(value[0]?.hunks[0]?.lines.at(-1)).toEqual({ kind: 'added', text: 'y', unterminated: true });
    expect(value[6]).toMatchObject({ oldMode: '100644', newMode: '100755' });
    const lines = text.split('\n');
    for (const hunk of value.flatMap((file) => file.hunks)) expect(lines[hunk.line - 10]).toMatch(/^@@ /);
  });

  const head = '--- a/f.c\n+++ b/f.c\n@@ -1,3 +1,4 @@ static int f(void)\n one\n';

  test('a truncated hunk is named with its line, and what follows is still read', () => {
    const next = '--- a/g.c\n+++ b/g.c\n@@ -1 +1 @@\n-x\n+y\n';
    for (const cut of [`${head}+two\n`, `${head}+two\nNonsense\n`]) {
      const { value, diagnostics } = parse(`${cut}diff --git a/g.c b/g.c\n${next}`);
      expect(diagnostics.map(({ code, where }) => [code, where])).toEqual([
        ['ingest/hunk-truncated', { file: 'p.patch', line: 12 }],
      ]);
      expect(value.map((file) => file.hunks.map((hunk) => hunk.complete))).toEqual([[false], [true]]);
    }
    const { diagnostics } = parse(`${head}+two\n`);
    expect(diagnostics[0]?.message).toBe(
      'the hunk `@@ -1,3 +1,4 @@ static int f(void)` of `f.c` is 2 old and 2 new lines short of what its head says: the text ends',
    );
  });

  test('a hunk that another parser reads differently is reported', () => {
    const empty = '@@ -1,0 +1,0 @@\n@@ -2 +2 @@\n-x\n+y\n';
    expect(parse(`--- a/f.c\n+++ b/f.c\n${empty}`).diagnostics).toEqual([
      {
        code: 'ingest/diff-disputed',
        severity: 'warning',
        message:
          '`f.c` can be read in two ways: hunk 1 is `-1,0 +1,0: 0 added, 0 removed` here and `-1,0 +1,0: 1 added, 1 removed` to another parser',
        where: { file: 'p.patch', line: 12 },
      },
    ]);
  });

  test('a hunk with more lines than its head counts', () => {
    const { value, diagnostics } = parse('--- a/f.c\n+++ b/f.c\n@@ -1 +1 @@\n-x\n+y\n+z\n-- \n2.39\n');
    expect(diagnostics[0]).toMatchObject({
      code: 'ingest/hunk-overlong',
      where: { file: 'p.patch', line: 15 },
    });
    expect(value[0]?.hunks[0]?.complete).toBe(false);
  });

  test('the mail signature is not part of the last hunk', () => {
    const { value, diagnostics } = parse('--- a/f.c\n+++ b/f.c\n@@ -1 +1 @@\n-x\n+y\n-- \n2.39\n');
    expect(diagnostics).toEqual([]);
    expect(value[0]?.hunks[0]?.lines).toHaveLength(2);
  });

  test('a commit message that mentions --- and +++ is no patch', () => {
    expect(parse('Subject\n\n--- a list\n+++ more\nend\n---\n f.c | 2 +-\n')).toEqual({
      value: [],
      diagnostics: [],
    });
  });

  test('paths that lead out of the tree, and hunks without a file', () => {
    for (const path of ['a/../../etc/passwd', '/etc/passwd', 'a//x', 'a/.git/config', '"a/x\\000y"']) {
      const { value, diagnostics } = parse(`--- ${path}\n+++ ${path}\n@@ -1 +1 @@\n-x\n+y\n`);
      if (path === '/etc/passwd') continue; // Its first folder is dropped, as git does.
      expect(value).toEqual([]);
      expect(diagnostics[0]?.code).toBe('ingest/bad-path');
    }
    expect(parse('@@ -1 +1 @@\n-x\n+y\n').diagnostics[0]?.code).toBe('ingest/hunk-without-file');
    const endless = `--- a/f\n+++ b/f\n@@ -${'9'.repeat(30)} +1 @@\n-x\n+y\n`;
    expect(parse(endless).diagnostics[0]?.code).toBe('ingest/hunk-without-range');
  });
});
