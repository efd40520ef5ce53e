// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cachedKernel } from '../../src/ingest/kernel-cache.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { measureTree, type MeasuredFile } from './measure-gaps.ts';

const PAGE = join(import.meta.dirname, '../../docs/known-gaps.md');
const trees = (['6.1', '6.12'] as const).map((version) => ({ version, root: cachedKernel(version) }));
const isMissing = trees.some(({ root }) => root === undefined);
/** Machines that differ only in what they split live read the same C. */
const machines = ['arm64-4k', 'x86_64-4level', 'riscv64-sv48'].map((name) => machineNamed(name)!);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return ['', line(head), line(head.map(() => '---')), ...rows.map((row) => line(row))];
}

const code = (text: string): string => `\`${text}\``;

/** The part of the page that is measured. */
function section(version: string, files: readonly MeasuredFile[]): string {
  const summary = files.map(({ machine, path, translated, gaps, leftOut }) => [
    code(path),
    machine,
    String(translated),
    String(gaps.length),
    String(leftOut.length),
  ]);
  const gaps = files.flatMap((file) =>
    file.gaps.map(({ name, reason }) => [code(`${name}()`), code(file.path), reason]),
  );
  const declarations = files.flatMap((file) =>
    [...new Set(file.declarations)].map((message) => [code(file.path), message]),
  );
  const leftOut = files
    .filter((file) => file.leftOut.length > 0)
    .map((file) => [code(file.path), file.machine, file.leftOut.map(code).join(', ')]);
  const isIn = (list: readonly unknown[], lines: readonly string[]): readonly string[] =>
    list.length === 0 ? [] : lines;
  return [
    `## Linux ${version} of Debian`,
    ...table(['file', 'machine', 'translated', 'not translated', 'left out'], summary),
    ...isIn(gaps, table(['not translated', 'file', 'what stops it'], gaps)),
    ...isIn(declarations, table(['outside of functions', 'what cannot be read'], declarations)),
    ...isIn(leftOut, table(['left out by configuration', 'machine', 'functions'], leftOut)),
    '',
  ].join('\n');
}

// Where CI is set the kernels must have been fetched; elsewhere the test says that it is skipped. `npm run golden`
// writes what was measured into the page.
test.skipIf(isMissing && process.env['CI'] === undefined)(
  'docs/known-gaps.md lists the functions of Linux 6.1 and 6.12 that do not translate, and no others',
  async () => {
    expect(trees.filter(({ root }) => root === undefined)).toEqual([]);
    const page = readFileSync(PAGE, 'utf8');
    const start = page.search(/^## Linux /m);
    const measured = trees.map(({ version, root }) => {
      const files = machines.flatMap((machine) => measureTree(root!, machine));
      expect(files.filter(({ gaps }) => gaps.length > 0).map(({ path }) => path)).toEqual([]);
      return section(version, files);
    });
    await expect(`${page.slice(0, start)}${measured.join('\n')}`).toMatchFileSnapshot(PAGE);
  },
);
