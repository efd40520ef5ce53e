// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { placeOf, touchesFileRun } from '../../../src/faces/hook/mailed-series.ts';
import { HookedRepository, type Outcome } from './hooked-repository.ts';

/** A repository whose mail ends in a folder. */
class MailingRepository extends HookedRepository {
  readonly sink: string;

  constructor() {
    super();
    this.sink = join(this.home, 'sink');
    mkdirSync(this.sink);
    const sendmail = join(this.home, 'sendmail');
    writeFileSync(sendmail, `#!/bin/sh\ncat > "${this.sink}/$$-$(date +%N)"\n`);
    chmodSync(sendmail, 0o755);
    this.git('config', 'sendemail.smtpServer', sendmail);
    this.git('config', 'sendemail.to', 'list@example.org');
    this.git('config', 'sendemail.confirm', 'never');
    this.git('config', 'sendemail.suppresscc', 'all');
    expect(this.rewalk('hook', 'install')).toMatchObject({ status: 0, stderr: '' });
  }

  sendEmail(...args: readonly string[]): Outcome {
    return this.run('git', ['send-email', '--quiet', ...args]);
  }

  sent(): number {
    return readdirSync(this.sink).length;
  }
}

const hasSendEmail =
  spawnSync('git', ['send-email', '--dump-aliases']).status === 0 &&
  // Git may be built without a copy of this one, which it needs to send.
  spawnSync('perl', ['-MMail::Address', '-e', '1']).status === 0;
if (!hasSendEmail)
  process.stderr.write(
    'SKIPPED: mailing a series, because git send-email, or its Mail::Address, is not installed\n',
  );

// Under CI git send-email is installed, and a machine without it fails.
describe.skipIf(!hasSendEmail && process.env['CI'] === undefined)('git send-email', () => {
  it('sends nothing of a series that breaks a promise, which is judged when its last mail has come', () => {
    const repository = new MailingRepository();
    repository.commitElsewhere();
    repository.commitBreaking();
    repository.commitElsewhere();
    const { status, stderr } = repository.sendEmail('origin/main');
    expect(stderr).toContain('this mail is stopped');
    expect(stderr).toMatch(/broken at patch 2 of 3[^]*and at the tip/);
    expect(stderr).toContain('--no-validate');
    expect(stderr.match(/rewalk: \d+ findings?, this mail/g)).toHaveLength(1);
    expect(status).not.toBe(0);
    expect(repository.sent()).toBe(0);

    expect(repository.sendEmail('--no-validate', 'origin/main').status).toBe(0);
    expect(repository.sent()).toBe(3);
  });

  it('says that only the middle of a series is broken, by the mails and not by the commits', () => {
    const repository = new MailingRepository();
    repository.git('checkout', '-q', '-b', 'topic');
    repository.commitBreaking();
    repository.commitRepair();
    const out = join(repository.home, 'out');
    repository.git('format-patch', '-q', '--cover-letter', '--base=main', '-o', out, 'main');
    // The commits are elsewhere by now: what is mailed is what is in the folder.
    repository.git('checkout', '-q', 'main');
    const { status, stderr } = repository.sendEmail('--force', out);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('repaired at patch 2: the tip is whole');
    expect(status).not.toBe(0);
    expect(repository.sent()).toBe(0);
  });

  it('sends what breaks nothing, and what nothing of is run, without a word', () => {
    const repository = new MailingRepository();
    repository.commitElsewhere();
    expect(repository.sendEmail('-1')).toMatchObject({ status: 0, stderr: '' });
    repository.commitHarmless();
    expect(repository.sendEmail('-2')).toMatchObject({ status: 0, stderr: '' });
    expect(repository.sent()).toBe(3);
  });

  it('judges a patch that is sent without those before it', () => {
    const repository = new MailingRepository();
    repository.commitElsewhere();
    repository.commitBreaking();
    repository.git('format-patch', '-q', '-o', 'out', '-2');
    const [, second] = readdirSync(join(repository.folder, 'out')).toSorted();
    const { status, stderr } = repository.sendEmail(join('out', second!));
    expect(stderr).toContain('broken at patch 1 of 1');
    expect(status).not.toBe(0);
  });
});

it('counts mails as git from 2.41 on does, whatever their subjects say, and begins anew with the first', () => {
  const repository = new HookedRepository();
  repository.commitBreaking();
  repository.git('format-patch', '-q', '-o', 'out', '-1');
  const [file] = readdirSync(join(repository.folder, 'out'));
  repository.git('config', 'rewalk.machines', 'vax');
  const program = join(import.meta.dirname, '../../../bin/rewalk.js');
  const told = (counter: number): string => {
    const environment = { GIT_SENDEMAIL_FILE_COUNTER: String(counter), GIT_SENDEMAIL_FILE_TOTAL: '3' };
    const words = [program, 'hook', 'run', 'sendemail-validate', join('out', file!), 'headers'];
    return repository.run(process.execPath, words, '', environment).stderr;
  };
  const judged = expect.stringContaining('NOT CHECKED');
  expect([1, 2, 1, 2, 3].map(told)).toEqual(['', '', '', '', judged]);
});

describe('a mail that is about to be sent', () => {
  const mail = (subject: string): string => `From: a@example.org\nSubject: ${subject}\n\nbody 9/9]\n`;

  it.each([
    [
      'as git says',
      mail('[PATCH 9/9] x'),
      { GIT_SENDEMAIL_FILE_COUNTER: '2', GIT_SENDEMAIL_FILE_TOTAL: '3' },
      [2, 3],
    ],
    ['as its subject says, for an older git', mail('[PATCH v2 0/7] x'), {}, [0, 7]],
    ['as a folded subject says', mail('[RFC PATCH v2\n 10/12] x'), {}, [10, 12]],
    ['by itself, whatever another header says', mail('x\nX-Part: [1/2]'), {}, [1, 1]],
    ['by itself', mail('[PATCH] x 1/2'), {}, [1, 1]],
    ['by itself, without a subject', 'From: a@example.org\n\n[PATCH 1/2]\n', {}, [1, 1]],
  ])('has its place %s', (_how, text, environment, [number, total]) => {
    expect(placeOf(text, environment)).toEqual({ number, total });
  });

  it.each([
    ['a file that is run', '--- a/mm/vmalloc.c\n+++ b/mm/vmalloc.c\n', true],
    ['a file that becomes one', 'rename from mm/old.c\nrename to mm/vmalloc.c\n', true],
    ['another file', '--- a/mm/slub.c\n+++ b/mm/slub.c\n', false],
    ['a file that is only talked about', 'see mm/vmalloc.c\n', false],
    ['what cannot be seen', 'Content-Transfer-Encoding: base64\n\nAAAA\n', true],
  ])('with %s', (_what, text, touches) => {
    expect(touchesFileRun(text)).toBe(touches);
  });
});
