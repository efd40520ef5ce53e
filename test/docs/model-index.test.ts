// SPDX-License-Identifier: GPL-2.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { findCitations, type Citation } from '../../src/drift.ts';

const MODEL = join(import.meta.dirname, '../../src/model');
const PAGE = join(MODEL, 'README.md');

const citations = readdirSync(MODEL, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .toSorted()
  .flatMap((file) => findCitations(file, readFileSync(join(MODEL, file), 'utf8')));

const FIDELITY: Readonly<Record<Citation['fidelity'], string>> = { dup: '', custom: '*', stub: '-' };

function row(path: string, file: string): string {
  const cited = citations.filter((citation) => citation.path === path && citation.source === file);
  const names = cited.map(
    ({ symbol, fidelity, isElsewhen }) => `\`${symbol}\`${FIDELITY[fidelity]}${isElsewhen ? '+' : ''}`,
  );
  return `| ${path.slice(folder(path).length + 1)} | [${basename(file)}](${file}) | ${names.join(' ')} |`;
}

/** The part of a kernel's path that a section is about. */
const folder = (path: string): string => /^arch\/[^/]+|^[^/]+/.exec(path)![0];

/** The functions of a kernel folder: its files in order, and for each the files that have them. */
function section(name: string): string {
  const rows = citations
    .filter(({ path }) => folder(path) === name)
    .map(({ path, source }) => row(path, source))
    .toSorted();
  return [
    `## ${name}`,
    '',
    '| in Linux | here | functions |',
    '| --- | --- | --- |',
    ...new Set(rows),
    '',
  ].join('\n');
}

it('src/model/README.md says where each kernel function is', async () => {
  const page = readFileSync(PAGE, 'utf8');
  const start = page.search(/^## |(?![^])/m);
  const folders = [...new Set(citations.map(({ path }) => folder(path)))].toSorted();
  await expect(`${page.slice(0, start)}${folders.map(section).join('\n')}`).toMatchFileSnapshot(PAGE);
});
