// SPDX-License-Identifier: GPL-2.0-only

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { chooseCommits, findInboxRepositories } from '../../src/ingest/public-inbox.ts';
import { readSources } from '../../src/ingest/read-sources.ts';
import { git, makeTemporaryFolder } from './git-fixture.ts';

const DAY = 86_400;
const START = Date.UTC(2026, 0, 1) / 1000;

const mail = (subject: string): string =>
  `From: A <a@example.org>\nSubject: ${subject}\nMessage-ID: <${subject}@x>\n\nBody of ${subject}.\n`;

/** A commit of a mirror: a mail that came, or one that is taken back, on a day of 2026. */
interface Commit {
  readonly file: 'm' | 'd';
  readonly subject: string;
  readonly day: number;
}

const came = (subject: string, day: number): Commit => ({ file: 'm', subject, day });
const takenBack = (subject: string, day: number): Commit => ({ file: 'd', subject, day });

/** A bare repository as public-inbox writes it: each commit holds one file, and nothing of the one before. */
function writeEpoch(directory: string, commits: readonly Commit[]): void {
  mkdirSync(directory, { recursive: true });
  git(directory, ['init', '-q', '--bare', '-b', 'master']);
  const stream = commits.map(({ file, subject, day }) => {
    const text = mail(subject);
    const who = `A <a@example.org> ${START + day * DAY} +0000`;
    const content = `M 100644 inline ${file}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
    return `commit refs/heads/master\nauthor ${who}\ncommitter ${who}\ndata ${subject.length}\n${subject}\ndeleteall\n${content}`;
  });
  git(directory, ['fast-import', '--quiet'], stream.join(''));
}

const OLDER = [came('one', 0), came('spam', 1), came('two', 2), came('again', 3), takenBack('again', 4)];
const NEWER = [
  came('again', 100),
  takenBack('spam', 101),
  came('wrong-clock', -4000),
  came('three', 102),
  came('four', 103),
];

let mirror = '';

/** A folder as `public-inbox-clone` lays it out: epochs in `git`, and `all.git` that only borrows their objects. */
beforeAll(() => {
  mirror = makeTemporaryFolder();
  writeEpoch(join(mirror, 'git/0.git'), OLDER);
  writeEpoch(join(mirror, 'git/1.git'), NEWER);
  mkdirSync(join(mirror, 'all.git'));
  git(join(mirror, 'all.git'), ['init', '-q', '--bare', '-b', 'master']);
  writeFileSync(
    join(mirror, 'all.git/objects/info/alternates'),
    '../../git/0.git/objects\n../../git/1.git/objects\n',
  );
  writeFileSync(join(mirror, 'description'), 'a list\n');
});

async function read(source: string, options = {}) {
  const { value, diagnostics } = await readSources([source], options);
  return {
    subjects: value.map(({ subject }) => subject),
    said: diagnostics.map(({ code, severity, message }) => `${severity} ${code}: ${message}`),
    value,
  };
}

const hashOf = (epoch: string, revision: string): string =>
  git(join(mirror, epoch), ['rev-parse', revision]).trim();

const DELETION = 'warning ingest/mirror-deletion: 2 mails were taken back from this mirror and left out';

describe('a public-inbox mirror', () => {
  test('epochs in order, without what was taken back, unless it came again', async () => {
    const { subjects, said, value } = await read(mirror);
    expect(subjects).toEqual(['one', 'two', 'again', 'wrong-clock', 'three', 'four']);
    expect(said).toEqual([DELETION]);
    expect(value[0]?.place.file).toBe(
      `${join(mirror, 'git/0.git')}@${hashOf('git/0.git', 'master~4').slice(0, 12)}:m`,
    );
  });

  test.each(['git', 'all.git'])('named by its folder %s', async (folder) => {
    expect((await read(join(mirror, folder))).subjects).toHaveLength(6);
  });

  test('one epoch alone', async () => {
    expect((await read(join(mirror, 'git/0.git'))).subjects).toEqual(['one', 'spam', 'two']);
  });

  test('since a commit, in whichever epoch it is', async () => {
    const base = hashOf('git/0.git', 'master~3');
    expect((await read(`${mirror}@${base}..`)).subjects).toEqual([
      'two',
      'again',
      'wrong-clock',
      'three',
      'four',
    ]);
    const late = hashOf('git/1.git', 'master~1');
    expect((await read(`${mirror}@${late}..HEAD`)).subjects).toEqual(['four']);
    expect((await read(`${mirror}@${base}..${late}`)).subjects.at(-1)).toBe('three');
    expect((await read(join(mirror, `git/1.git@${late}..`))).subjects).toEqual(['four']);
  });

  test('a commit that is in no epoch', async () => {
    expect((await read(`${mirror}@${'0'.repeat(40)}..`)).said).toEqual([
      `error ingest/no-revision: \`${'0'.repeat(40)}\` names no commit of this mirror`,
    ]);
  });

  test('for a period, what came in the 90 days before it too, though a clock between was wrong', async () => {
    const { subjects, said } = await read(mirror, { since: '2026-04-11T00:00:00Z' });
    expect(subjects).toEqual(['again', 'three', 'four']);
    expect(said).toEqual([
      'warning ingest/mirror-before-period: 6 mails that came before 2026-01-11 are not read: 90 days before what is new are',
    ]);
  });

  test('the newest commit is said, and from then on what came after it and 90 days before', async () => {
    const { mirrors } = await readSources([mirror]);
    expect([...mirrors]).toEqual([[mirror, hashOf('git/1.git', 'HEAD')]]);
    const again = await read(mirror, { known: new Map([[mirror, hashOf('git/1.git', 'HEAD~1')]]) });
    expect(again.subjects).toEqual(['again', 'three', 'four']);
    // What came later is read whatever its clock says.
    const late = await read(mirror, { known: new Map([[mirror, hashOf('git/1.git', 'HEAD~3')]]) });
    expect(late.subjects).toEqual(['again', 'wrong-clock', 'three', 'four']);
    const rewritten = await read(mirror, { known: new Map([[mirror, '0'.repeat(40)]]) });
    expect(rewritten.subjects).toEqual((await read(mirror)).subjects);
  });

  test('of more than are read, the newest', () => {
    const { value, diagnostics } = chooseCommits(findInboxRepositories(mirror), { limit: 6 });
    expect(value.map(({ hashes }) => hashes.length)).toEqual([1, 5]);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'only the newest 6 mails are read, 4 are not',
    ]);
  });

  test('a folder with an epoch that is no mirror is none', () => {
    const folder = makeTemporaryFolder();
    mkdirSync(join(folder, 'git/0.git'), { recursive: true });
    git(join(folder, 'git/0.git'), ['init', '-q', '--bare']);
    expect(findInboxRepositories(folder)).toEqual([]);
  });
});
