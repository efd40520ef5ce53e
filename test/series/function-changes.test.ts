// SPDX-License-Identifier: GPL-2.0-only

import { describe, expect, test } from 'vitest';
import { MemoryTree } from '../../src/ingest/source-tree.ts';
import { parseUnifiedDiff } from '../../src/ingest/unified-diff.ts';
import { findFunctionChanges } from '../../src/series/function-changes.ts';
import { functionChangesFromHunks } from '../../src/series/hunk-functions.ts';
import { commitFiles, git, makeRepository } from '../ingest/git-fixture.ts';
import { buildPrefixTrees, withFunctionsFromTree } from '../../src/series/prefix-trees.ts';
import { assembleSeries } from '../../src/series/assemble.ts';
import { readSources } from '../../src/ingest/read-sources.ts';

const loop = (name: string, step: string): string =>
  `static int ${name}(int *a, int n)\n{\n\tint i, sum = 0;\n\n\tfor (i = 0; i < n; i += ${step})\n\t\tsum += a[i] * ${step};\n\treturn sum;\n}\n\n`;

const before = `#define STEP 1\n\n${loop('walk', '1')}${loop('other', '2')}int gone(void)\n{\n\treturn 7;\n}\n`;
const after = `#define STEP 2\n\n${loop('fresh', '3').replace('sum = 0', 'sum = n')}${loop('walk_all', '1')}${loop('other', 'STEP')}`;

describe('findFunctionChanges', () => {
  test('added, removed, renamed, modified, with lines before and after', () => {
    const changes = findFunctionChanges('mm/x.c', before, after.replace(loop('fresh', '3'), ''));
    const summary = changes.map((c) => [c.change, c.name, c.previousName, c.before, c.after].filter(Boolean));
    expect(summary).toEqual([
      ['modified', 'STEP', { startLine: 1, endLine: 1 }, { startLine: 1, endLine: 1 }],
      ['added', 'fresh', { startLine: 3, endLine: 10 }],
      ['renamed', 'walk_all', 'walk', { startLine: 3, endLine: 10 }, { startLine: 12, endLine: 19 }],
      ['modified', 'other', { startLine: 12, endLine: 19 }, { startLine: 21, endLine: 28 }],
      ['removed', 'gone', { startLine: 21, endLine: 24 }],
    ]);
  });

  test('a new and a deleted file; text that only moves or is formatted anew', () => {
    expect(findFunctionChanges('a.c', undefined, 'int f(void) { }')[0]).toMatchObject({
      change: 'added',
      name: 'f',
    });
    expect(findFunctionChanges('a.c', 'int f(void) { }', undefined)[0]).toMatchObject({ change: 'removed' });
    expect(findFunctionChanges('a.c', 'int f(void) { }', '\n/* x */\nint f(void)\n{\n}\n')).toEqual([]);
  });
});

test('what hunks alone say about functions', () => {
  const repository = makeRepository();
  commitFiles(repository, { 'x.c': before }, 'before');
  commitFiles(repository, { 'x.c': after }, 'after');
  const [file] = parseUnifiedDiff(git(repository, ['diff', 'HEAD~1']), { file: 'p', line: 1 }).value;
  if (file === undefined) throw new Error('no file');
  const names = functionChangesFromHunks(file).map(({ change, name, basis }) => `${basis} ${change} ${name}`);
  expect(names.sort()).toEqual([
    'hunks added fresh',
    'hunks modified other',
    'hunks removed gone',
    'hunks renamed walk_all',
  ]);
});

describe('buildPrefixTrees', () => {
  const repository = makeRepository();
  const base = commitFiles(repository, { 'mm/x.c': 'int f(void)\n{\n\treturn 0;\n}\n' }, 'base');
  commitFiles(repository, { 'mm/x.c': 'int f(void)\n{\n\treturn 1;\n}\n' }, 'one');
  commitFiles(repository, { 'mm/x.c': 'int f(void)\n{\n\treturn 2;\n}\n', 'mm/y.c': 'int y;\n' }, 'two');
  commitFiles(repository, { 'mm/x.c': undefined }, 'three');

  async function readRange() {
    const { value } = await readSources([`${repository}@${base}..main`]);
    const [series] = assembleSeries(value).value;
    const [version] = series?.versions ?? [];
    if (series === undefined || version === undefined) throw new Error('no series');
    return { series, version };
  }

  const tree = (text: string) => new MemoryTree('base', new Map([['mm/x.c', text]]));

  test('the tree after each patch', async () => {
    const { version } = await readRange();
    const { value, diagnostics } = buildPrefixTrees(tree('int f(void)\n{\n\treturn 0;\n}\n'), version);
    expect(diagnostics).toEqual([]);
    expect(value.map((prefix) => [prefix.patch, prefix.tree.read('mm/x.c'), prefix.tree.list('')])).toEqual([
      [1, 'int f(void)\n{\n\treturn 1;\n}\n', ['mm/x.c']],
      [2, 'int f(void)\n{\n\treturn 2;\n}\n', ['mm/x.c', 'mm/y.c']],
      [3, undefined, ['mm/y.c']],
    ]);
  });

  test('a patch that does not apply, and one that is missing, end the building with a word', async () => {
    const { series, version } = await readRange();
    const failed = buildPrefixTrees(tree('int f(void)\n{\n\treturn 9;\n}\n'), version);
    expect(failed.value).toEqual([]);
    expect(failed.diagnostics).toHaveLength(1);
    expect(failed.diagnostics[0]?.message).toBe(
      'v1 patch 1/3: hunk 1 of 1 in `mm/x.c` does not apply: it expects `\treturn 0;` at line 3, but the file has `\treturn 9;` there, so patches 1 to 3 are not built',
    );
    const gap = { ...version, patches: version.patches.filter(({ index }) => index !== 2) };
    const stopped = buildPrefixTrees(tree('int f(void)\n{\n\treturn 0;\n}\n'), gap);
    expect(stopped.value.map(({ patch }) => patch)).toEqual([1]);
    expect(stopped.diagnostics.map(({ message }) => message)).toEqual([
      'v1: patch 2 is missing, so patches 2 to 3 are not built',
    ]);
    const { value } = withFunctionsFromTree(series, tree('int f(void)\n{\n\treturn 0;\n}\n'));
    const bases = value.versions[0]?.patches.map(({ functions }) =>
      functions.map((f) => `${f.basis} ${f.change}`),
    );
    expect(bases).toEqual([['tree modified'], ['tree modified', 'tree added'], ['tree removed']]);
  });
});
