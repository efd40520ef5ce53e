// SPDX-License-Identifier: GPL-2.0-only
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBaseTree, otherBases, statedTree } from '../../src/base-tree.ts';
import { readSeries } from '../../src/read-series.ts';
import { readReviewInput } from '../../src/review-input.ts';
import { commitFiles, git, makeRepository, makeTemporaryFolder } from '../ingest/git-fixture.ts';

describe('a file `base` beside the patches', () => {
  it.each([
    ['patches/huge-vmalloc', 'fixtures/linux-2020'],
    ['patches/huge-vmalloc/v2', 'fixtures/linux-2020'],
    ['patches/huge-vmalloc/v2/0000-cover-letter.patch', 'fixtures/linux-2020'],
    ['patches/contiguous-vmap', 'fixtures/linux'],
    ['patches/vmap-optin', 'patches/vmap-optin/base'],
    ['fixtures', undefined],
  ])('%s starts from %s', (source, tree) => {
    expect(statedTree([source], [])).toBe(tree);
  });

  it('names a tree with the patches of another series on it', async () => {
    const { value, diagnostics } = await openBaseTree('patches/vmap-optin/base');
    expect(diagnostics).toEqual([]);
    expect(value?.title).toBe('patches/vmap-optin/base');
    expect(value?.read('mm/vmalloc.c')).toContain('vmap_batched');
    expect(value?.read('include/linux/vmalloc.h')).toContain('VM_ALLOW_HUGE_VMAP');
  });

  it('is what `review` and `show` use where no tree is named', async () => {
    const input = await readReviewInput({
      sources: ['patches/vmap-optin'],
      tree: undefined,
      versions: undefined,
    });
    expect(input.value?.tree).toBe('patches/vmap-optin/base');
    expect(input.value?.versions.map(({ prefixes }) => prefixes.length)).toEqual([1]);
    const shown = await readSeries(['patches/vmap-optin'], undefined);
    expect(shown.diagnostics).toEqual([]);
    expect(shown.value.series[0]?.versions[0]?.patches[0]?.functions.map(({ basis }) => basis)).toContain(
      'tree',
    );
  });

  it.each([
    ['tree: ../../../etc', /the tree `\.\.\/\.\.\/\.\.\/etc`/],
    ['tree: /etc', /the tree `\/etc`/],
    ['after: contiguous-vmap/v4', /the tree ``/],
    ['tree: linux\nafter: none/v1', /the patches `none\/v1`/],
  ])('%j is refused', async (text, message) => {
    const folder = makeTemporaryFolder();
    mkdirSync(join(folder, 'linux'));
    mkdirSync(join(folder, 'series'));
    writeFileSync(join(folder, 'series/base'), `${text}\n`);
    const { value, diagnostics } = await openBaseTree(join(folder, 'series/base'));
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['ingest/bad-base']);
    expect(diagnostics[0]?.message).toMatch(message);
  });

  it('is not any file of that name', () => {
    const folder = makeTemporaryFolder();
    writeFileSync(join(folder, 'base'), 'notes about the base\n');
    expect(statedTree([folder], [])).toBeUndefined();
  });
});

describe('base-commit', () => {
  it('is read, and held against the tree', async () => {
    const repository = makeRepository();
    const first = commitFiles(repository, { 'mm/vmalloc.c': 'int a;\n' }, 'base');
    commitFiles(repository, { 'mm/vmalloc.c': 'int b;\n' }, 'change');
    git(repository, ['format-patch', '-q', '-1', `--base=${first}`, '-o', 'out']);
    const { value } = await readSeries([join(repository, 'out')], undefined);
    const series = value.series[0]!;
    expect(series.versions[0]?.baseCommit).toBe(first);
    expect(otherBases(series, `${repository}@${first}`)).toEqual([]);
    expect(otherBases(series, repository)).toMatchObject([
      { code: 'review/other-base', severity: 'warning', hint: `use --tree ${repository}@${first}` },
    ]);
    const elsewhere = makeTemporaryFolder();
    expect(otherBases(series, elsewhere)[0]?.message).toContain('does not say what commit it is');
  });
});
