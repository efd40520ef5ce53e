// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, test } from 'vitest';
import { commitFiles, git, makeRepository, makeTemporaryFolder } from '../../ingest/git-fixture.ts';
import { rewalkInProcess, type Outcome } from './in-process.ts';

const diff = (...args: string[]): Promise<Outcome> => rewalkInProcess('diff', ...args);

describe('rewalk diff', () => {
  const repository = makeRepository();
  const text = (value: string): string => `int f(int a)\n{\n\tint sum = a;\n\n\treturn ${value};\n}\n`;
  const base = commitFiles(repository, { 'mm/vmalloc.c': text('0') }, 'base');
  const patches = makeTemporaryFolder();
  const post = (version: number, value: string): string => {
    git(repository, ['checkout', '-q', '-B', `v${version}`, base]);
    const tip = commitFiles(repository, { 'mm/vmalloc.c': text(value) }, 'mm: return a sum');
    git(repository, ['format-patch', `-v${version}`, '-q', '-o', patches, base]);
    return tip;
  };
  const tips = [post(1, 'sum'), post(2, 'sum + 1')];
  const lines = [
    '  1 !  1  mm: return a sum',
    '  changed f  mm/vmalloc.c:1',
    '    -         return sum;',
    '    +         return sum + 1;',
  ];

  test('two versions in one folder, with the tree', async () => {
    const { stdout, stderr, status } = await diff('v1', 'v2', patches, '--tree', `${repository}@${base}`);
    expect([stderr, status]).toEqual(['', 0]);
    for (const line of ['v1 -> v2', ...lines, 'not in the changelog', '  changed f  mm/vmalloc.c:1, patch 1'])
      expect(stdout).toContain(line);
  });

  test('two ranges, as git range-diff takes them', async () => {
    const ranges = tips.map((tip) => `${repository}@${base}..${tip}`);
    const { stdout, status } = await diff(...ranges);
    expect(status).toBe(0);
    for (const line of lines) expect(stdout).toContain(line);
    const ranged = git(repository, ['range-diff', `${base}..${tips[0]}`, `${base}..${tips[1]}`]);
    expect(ranged).toMatch(/^1: .* ! 1: .* mm: return a sum$/m);
  });

  test('--json', async () => {
    const { stdout } = await diff('1', '2', patches, '--json', '--tree', `${repository}@${base}`);
    expect(JSON.parse(stdout)).toMatchObject({
      diff: {
        from: 'v1',
        to: 'v2',
        patches: [{ outcome: 'changed' }],
        functions: [{ name: 'f', basis: 'tree' }],
      },
      behaviour: null,
      diagnostics: [],
    });
  });

  test.each([
    [['v1', 'v7', patches], 'has no version `v7` with patches; it has v1, v2'],
    [['v1', 'v2', `${patches}/none`], 'does not exist'],
    [['v1', 'v2'], '`v1` does not exist'],
    [['v1', 'v2', patches, '--pick', 'vmscan'], 'no one series is `vmscan`'],
  ])('%j is refused in one sentence', async (args, sentence) => {
    const { stdout, stderr, status } = await diff(...args);
    expect([stdout, status]).toEqual(['', 2]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(sentence);
  });
});
