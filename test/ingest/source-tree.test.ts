// SPDX-License-Identifier: GPL-2.0-only

import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  MemoryTree,
  openDirectoryTree,
  openGitTree,
  openTree,
  OverlayTree,
  parseTreeSpec,
} from '../../src/ingest/source-tree.ts';
import { commitFiles, makeRepository, makeTemporaryFolder } from './git-fixture.ts';

/** How often git was started meanwhile. */
function countingGit(run: () => void): number {
  const folder = makeTemporaryFolder();
  const path = process.env['PATH'];
  writeFileSync(join(folder, 'calls'), '');
  const script = `#!/bin/sh\necho >> '${folder}/calls'\nPATH='${path}' exec git "$@"\n`;
  writeFileSync(join(folder, 'git'), script);
  chmodSync(join(folder, 'git'), 0o755);
  process.env['PATH'] = `${folder}:${path}`;
  try {
    run();
  } finally {
    process.env['PATH'] = path;
  }
  return readFileSync(join(folder, 'calls'), 'utf8').length;
}

describe('trees', () => {
  test('a folder', () => {
    const folder = makeTemporaryFolder();
    mkdirSync(join(folder, 'mm'));
    writeFileSync(join(folder, 'mm/vmalloc.c'), 'int x;\n');
    const outside = makeTemporaryFolder();
    writeFileSync(join(outside, 'secret'), 'secret');
    symlinkSync(join(outside, 'secret'), join(folder, 'leak'));
    symlinkSync(outside, join(folder, 'mm/out'));
    symlinkSync('mm/vmalloc.c', join(folder, 'inside'));
    const tree = openDirectoryTree(folder).value;
    expect(tree?.read('mm/vmalloc.c')).toBe('int x;\n');
    expect(tree?.read('./mm//vmalloc.c')).toBe('int x;\n');
    expect(tree?.read('inside')).toBe('int x;\n');
    for (const path of [
      'leak',
      'mm/out/secret',
      '../x',
      '/etc/passwd',
      'mm',
      'mm/../mm/vmalloc.c',
      'a\0b',
      '',
    ]) {
      expect(tree?.read(path)).toBeUndefined();
    }
    expect(tree?.list('')).toEqual(['mm/vmalloc.c']);
    expect(tree?.list('mm')).toEqual(['mm/vmalloc.c']);
    expect(tree?.list('m')).toEqual([]);
  });

  test('the headers of a revision, a folder at a time', () => {
    const folder = makeRepository();
    const names = Array.from({ length: 20 }, (_, i) => `include/linux/h${i}.h`);
    const texts = Object.fromEntries(names.map((name) => [name, `/* ${name} \u00e9 */\n`]));
    const more = {
      'arch/arm64/include/asm/io.h': 'io\n',
      'include/deep/er/x.h': 'x\n',
      'mm/internal.h': 'mm\n',
    };
    const tree = openGitTree(folder, commitFiles(folder, { ...texts, ...more }, 'headers')).value!;
    const calls = countingGit(() => {
      for (const [path, text] of Object.entries({ ...texts, ...more })) expect(tree.read(path)).toBe(text);
      for (let i = 0; i < 20; i++) {
        for (const path of [
          `arch/arm64/include/linux/h${i}.h`,
          `include/none/h${i}.h`,
          `include/linux/n${i}.h`,
        ])
          expect(tree.read(path)).toBeUndefined();
      }
      expect(tree.read('include/linux')).toBeUndefined();
      expect(tree.read('include/linux/../linux/h1.h')).toBeUndefined();
    });
    // What there is, three folders of headers, a header that is no such one, and a folder.
    expect(calls).toBe(6);
  });

  test('a revision of a repository, read without a checkout', () => {
    const folder = makeRepository();
    const first = commitFiles(folder, { 'mm/vmalloc.c': 'one\n', 'a b.c': 'x' }, 'first');
    commitFiles(folder, { 'mm/vmalloc.c': 'two\n' }, 'second');
    const tree = openGitTree(folder, first).value;
    expect(tree?.read('mm/vmalloc.c')).toBe('one\n');
    expect(tree?.read('a b.c')).toBe('x');
    expect(tree?.read('mm')).toBeUndefined();
    expect(tree?.list('')).toEqual(['a b.c', 'mm/vmalloc.c']);
    expect(openTree(`${folder}@HEAD~1`).value?.read('mm/vmalloc.c')).toBe('one\n');
    expect(openTree(`${folder}@HEAD@{0}`).value?.read('mm/vmalloc.c')).toBe('two\n');
    expect(openTree(`${folder}@HEAD`).value?.title).toBe(`${folder}@HEAD`);
  });

  test('many files at once', () => {
    const folder = makeRepository();
    const files = { 'mm/vmalloc.c': 'one\n', 'a b.c': 'x', 'none of 5': '' };
    const wanted = ['a blob 5', 'mm/vmalloc.c', 'mm', '../x', 'a b.c', './a b.c', 'gone', 'none of 5'];
    const commit = commitFiles(folder, files, 'first');
    const found = { 'mm/vmalloc.c': 'one\n', 'a b.c': 'x', './a b.c': 'x', 'none of 5': '' };
    const trees = [
      openGitTree(folder, commit).value!,
      openDirectoryTree(folder).value!,
      new MemoryTree('memory', new Map(Object.entries(files))),
    ];
    for (const tree of trees) {
      expect(Object.fromEntries(tree.readAll(wanted))).toEqual(found);
      const changed = new OverlayTree(
        'changed',
        tree,
        new Map([
          ['mm/vmalloc.c', 'two\n'],
          ['a b.c', undefined],
        ]),
      );
      expect(Object.fromEntries(changed.readAll(wanted))).toEqual({
        'mm/vmalloc.c': 'two\n',
        'none of 5': '',
      });
    }
  });

  test('what cannot be opened is one diagnostic', () => {
    const repository = makeRepository();
    commitFiles(repository, { a: 'x' }, 'first');
    const plain = makeTemporaryFolder();
    const code = (text: string): string | undefined => openTree(text).diagnostics[0]?.code;
    expect(code(`${plain}/nothing`)).toBe('ingest/tree-missing');
    expect(code(`${plain}@HEAD`)).toBe('ingest/no-repository');
    expect(code(`${repository}@nope`)).toBe('ingest/no-revision');
    expect(code(`${repository}@--output=x`)).toBe('ingest/bad-revision');
    expect(code(`${repository}@a b`)).toBe('ingest/bad-revision');
    expect(code(`${repository}/a`)).toBe('ingest/tree-not-a-directory');
  });

  test('a folder with an @ in its name', () => {
    const folder = join(makeTemporaryFolder(), 'linux@6.12');
    mkdirSync(folder);
    expect(parseTreeSpec(folder)).toEqual({ directory: folder, revision: undefined });
    expect(parseTreeSpec(`${folder}@v1`)).toEqual({ directory: folder, revision: 'v1' });
  });

  test('an overlay replaces, adds and deletes, and overlays do not pile up', () => {
    const base = new MemoryTree(
      'base',
      new Map([
        ['a', '1'],
        ['b/c', '2'],
      ]),
    );
    const one = new OverlayTree(
      'one',
      base,
      new Map([
        ['a', undefined],
        ['b/d', '3'],
      ]),
    );
    const two = new OverlayTree('two', one, new Map([['b/c', '4']]));
    expect(one.list('')).toEqual(['b/c', 'b/d']);
    expect(two.list('b')).toEqual(['b/c', 'b/d']);
    expect([two.read('a'), two.read('b/c'), two.read('b/d')]).toEqual([undefined, '4', '3']);
    expect(two.base).toBe(base);
    expect(one.read('b/c')).toBe('2');
  });
});
