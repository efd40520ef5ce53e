// SPDX-License-Identifier: GPL-2.0-only
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitFiles, git, makeRepository } from '../ingest/git-fixture.ts';
import { root } from './rewalk.ts';

/** One patch: its subject, and text of mm/vmalloc.c that it replaces, each once. */
export interface Change {
  readonly subject: string;
  readonly replace: readonly (readonly [from: string, to: string])[];
}

const FILE = 'mm/vmalloc.c';

/** The embedded tree in a repository of its own, with one commit a change on top: `DIR@base..main` is the series. */
export function commitSeries(...changes: readonly Change[]): string {
  const folder = makeRepository();
  cpSync(join(root, 'fixtures/linux'), folder, { recursive: true });
  commitFiles(folder, {}, 'the tree');
  git(folder, ['tag', 'base']);
  for (const { subject, replace } of changes) {
    let text = readFileSync(join(folder, FILE), 'utf8');
    for (const [from, to] of replace) {
      if (text.split(from).length !== 2) throw new Error(`${FILE} does not have \`${from}\` once`);
      text = text.replace(from, () => to);
    }
    commitFiles(folder, { [FILE]: text }, `${subject}\n\nSigned-off-by: Series Author <author@example.org>`);
  }
  return `${folder}@base..main`;
}
