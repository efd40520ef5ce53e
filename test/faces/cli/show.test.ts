// SPDX-License-Identifier: GPL-2.0-only
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Series } from '../../../src/series/series.ts';
import { commitFiles, git, makeRepository, makeTemporaryFolder } from '../../ingest/git-fixture.ts';
import { rewalkInProcess, type Outcome } from './in-process.ts';

const show = (...args: string[]): Promise<Outcome> => rewalkInProcess('show', ...args);

describe('rewalk show', () => {
  const repository = makeRepository();
  const text = (value: number): string => `int f(void)\n{\n\treturn ${value};\n}\n`;
  const base = commitFiles(repository, { 'mm/vmalloc.c': text(0) }, 'base');
  commitFiles(repository, { 'mm/vmalloc.c': text(1) }, 'mm: one\n\nSigned-off-by: S <s@example.org>');
  commitFiles(repository, { 'mm/vmalloc.c': `int g(void)\n{\n}\n\n${text(1)}` }, 'mm: two');
  const patches = makeTemporaryFolder();
  git(repository, ['format-patch', '-v3', '--cover-letter', '-q', '-o', patches, base]);

  test('a folder of patches, with the tree', async () => {
    const { stdout, stderr, status } = await show(patches, '--tree', `${repository}@${base}`);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toBe(`*** SUBJECT HERE ***
Series Author <author@example.org>, 1 version

v3  2026-04-07, PATCH, 2 patches, cover letter
  0/2  *** SUBJECT HERE ***
  1/2  mm: one
       Series Author; 1 Signed-off-by; 1 file, +1 -1
       changes  f()  mm/vmalloc.c:1-4, before 1-4
  2/2  mm: two
       Series Author; no trailers; 1 file, +4 -0
       adds     g()  mm/vmalloc.c:1-3

3 messages read: 1 cover letter, 2 patches
`);
  });

  test('--json is a series by its schema', async () => {
    const { stdout, status } = await show(`${base}..main`, '--tree', repository, '--json');
    const { series, diagnostics } = JSON.parse(stdout) as { series: unknown[]; diagnostics: unknown[] };
    expect(Series.parse(series[0]).versions[0]?.patches).toHaveLength(2);
    // The tree named is the working tree, which has the patches already.
    expect(diagnostics).toHaveLength(1);
    expect(status).toBe(2);
  });

  test('bad input is one sentence and status 2', async () => {
    const { stdout, stderr, status } = await show(join(patches, 'nothing'));
    expect([stdout, status]).toEqual(['', 2]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('does not exist');
  });

  test('control characters of a mail are shown, not obeyed', async () => {
    const file = join(makeTemporaryFolder(), 'evil.eml');
    const head = 'From: \u001b]0;x\u0007 <a@b>\nSubject: [PATCH] \u001b[2Jgone\nMessage-ID: <\u001bx@y>\n';
    writeFileSync(file, `${head}\n--- a/\u001b.c\n+++ b/\u001b.c\n@@ -1 +1 @@\n-x\n`);
    const { stdout, stderr } = await show(file);
    expect(stdout).toContain('^[[2Jgone');
    expect(stdout + stderr).not.toContain('\u001b');
  });
});
