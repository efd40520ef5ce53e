// SPDX-License-Identifier: GPL-2.0-only

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSources } from '../../src/ingest/read-sources.ts';
import { commitFiles, git, makeRepository, makeTemporaryFolder } from './git-fixture.ts';

const mail = (subject: string): string =>
  `From: A <a@example.org>\nSubject: ${subject}\nMessage-ID: <${subject}@x>\n\nBody of ${subject}.\n`;

async function read(sources: string[], options = {}) {
  const { value, diagnostics } = await readSources(sources, options);
  return {
    subjects: value.map(({ subject }) => subject),
    codes: diagnostics.map(({ code }) => code),
    value,
    diagnostics,
  };
}

/** A folder with these files. */
function folderOf(files: Record<string, string | Buffer>): string {
  const folder = makeTemporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

describe('readSources', () => {
  test('a folder of patches, in the order of their names, folders in it too', async () => {
    const folder = folderOf({
      'v10/0001-a.patch': mail('ten'),
      'v2/0002-b.patch': mail('two'),
      'v2/0001-a.patch': `From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n${mail('one')}`,
      'README.md': 'not a patch',
      'c.diff': '--- a/f\n+++ b/f\n@@ -1 +1 @@\n-x\n+y\n',
    });
    const { subjects, codes, value } = await read([folder]);
    expect(subjects).toEqual(['c', 'one', 'two', 'ten']);
    expect(codes).toEqual([]);
    expect(value[1]?.commit).toBe('0123456789abcdef0123456789abcdef01234567');
    expect(value[1]?.bodyPlace.line).toBe(6);
  });

  test('an mbox, an .eml, a maildir, and stdin', async () => {
    const mbox = ['one', 'two'].map((name) => `From x Thu Jan  1 00:00:00 1970\n${mail(name)}\n`).join('');
    const folder = folderOf({ 'a.mbox': mbox, 'b.eml': mail('three').replaceAll('\n', '\r\n') });
    expect((await read([join(folder, 'a.mbox'), join(folder, 'b.eml')])).subjects).toEqual([
      'one',
      'two',
      'three',
    ]);
    const maildir = folderOf({ 'new/1.x': mail('n'), 'cur/1.y:2,S': mail('c'), 'tmp/1.z': mail('t') });
    expect((await read([maildir])).subjects).toEqual(['n', 'c']);
    async function* stdin() {
      yield Buffer.from(mbox);
    }
    expect((await read(['-'], { stdin: stdin() })).subjects).toEqual(['one', 'two']);
  });

  test('a git range, named in its repository or from outside', async () => {
    const repository = makeRepository();
    const base = commitFiles(repository, { 'f.c': 'one\n' }, 'base');
    commitFiles(
      repository,
      { 'f.c': 'two\n' },
      'f: change it\n\nBecause.\n\nSigned-off-by: S <s@example.org>',
    );
    const tip = commitFiles(repository, { 'g.c': 'new é\n' }, 'g: add it');
    git(repository, ['config', 'diff.external', 'touch /nonexistent']);
    git(repository, ['config', 'format.signature', 'evil']);
    git(repository, ['config', 'format.attach', 'yes']);
    const { subjects, value, codes } = await read([`${base}..main`], { repository });
    expect(codes).toEqual([]);
    expect(subjects).toEqual(['[PATCH 1/2] f: change it', '[PATCH 2/2] g: add it']);
    expect(value[1]?.commit).toBe(tip);
    expect(value[1]?.body).toContain('+new é');
    expect((await read([`${repository}@HEAD~1..`])).subjects).toEqual(['[PATCH 1/1] g: add it']);
    expect((await read([`${repository}@nope..HEAD`])).codes).toEqual(['ingest/no-revision']);
    expect((await read([`${repository}@HEAD..HEAD`])).codes).toEqual(['ingest/empty-range']);
    expect((await read([`${repository}@--output=x..HEAD`])).codes).toEqual(['ingest/no-revision']);
    expect((await read([repository])).codes).toEqual(['ingest/repository-without-range']);
  });

  test('what cannot be read is one sentence each, and the rest is still read', async () => {
    const folder = folderOf({
      'binary.patch': Buffer.from([1, 0, 2, 3]),
      'empty.patch': '',
      'prose.txt': 'Nothing to see here.\n',
      'z.eml': mail('fine'),
    });
    const { subjects, diagnostics } = await read([folder, join(folder, 'nothing'), makeTemporaryFolder()]);
    expect(subjects).toEqual(['fine']);
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['ingest/binary-file', 'error'],
      ['ingest/empty-file', 'error'],
      ['ingest/unknown-kind', 'error'],
      ['ingest/no-source', 'error'],
      ['ingest/empty-directory', 'error'],
    ]);
    for (const { message } of diagnostics) expect(message).not.toContain('\n');
  });
});

describe('text of web archives', () => {
  test('a mail page: headers, the quoted patch, and what is missing', async () => {
    const folder = folderOf({
      'page.txt':
        'Re: [PATCH v2 4/4] mm: a change\n\nFrom: Reviewer A\nDate: Wed Apr 15 2020 - 06:48:56 EST\n\n\nHi,\n\n' +
        '> Signed-off-by: B <b@xxxxxxxxx>\n> @@ -1,3 +1,3 @@\n> int x;\n> -\tone();\n> +\ttwo();\n\nWhy?\n',
    });
    const { value, diagnostics } = await read([join(folder, 'page.txt')]);
    expect(value[0]).toMatchObject({
      form: 'archive',
      subject: 'Re: [PATCH v2 4/4] mm: a change',
      from: { name: 'Reviewer A', address: '' },
      date: '2020-04-15T11:48:56Z',
      bodyPlace: { line: 7 },
    });
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.message).toBe(
      'text copied from a web archive, read as far as it goes: no message id, so replies cannot be followed; ' +
        'no address of the author; addresses hidden in 1 lines; ' +
        'the leading space lost in 1 lines of quoted patches, which cannot be applied',
    );
  });

  test('a series page with a relative date', async () => {
    const folder = folderOf({
      'cover.txt':
        '[PATCH v4 0/6] mm: Speed up\n\nSeries Author posted 6 patches 17\u00a0hours ago\n mm/x.c | 2 +-\n' +
        '[PATCH v4 0/6] mm: Speed up\nPosted by Series Author 17\u00a0hours ago\nThis patchset helps.\n',
    });
    const { value } = await read([join(folder, 'cover.txt')]);
    expect(value[0]).toMatchObject({
      subject: '[PATCH v4 0/6] mm: Speed up',
      dateText: '17 hours ago',
      date: undefined,
    });
    expect(value[0]?.body).toBe('This patchset helps.\n');
  });
});
