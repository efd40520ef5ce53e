// SPDX-License-Identifier: GPL-2.0-only
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWithList, keptAs, lateReply, list, patchBody } from '../faces/digest/list-fixture.ts';
import { program, rewalk } from './rewalk.ts';

/** More than a pipe holds, so that whoever does not read stops the program in the middle of its digest. */
const MANY = 400;

function longList(): string {
  return folderWithList(
    Array.from({ length: MANY }, (_, index) => ({
      id: `m${index}`,
      subject: `[PATCH] mm/part${index}: say number ${index}`,
      date: 'Mon, 4 May 2026 10:00:00 +0000',
      body: patchBody(`line ${index}`),
    })),
  );
}

function toldIn(text: string): number {
  return new Set(text.match(/lore\.kernel\.org\/r\/m\d+@/g)).size;
}

describe('rewalk digest --state', () => {
  it.each(Object.keys(keptAs))('tells each mail of a list kept as %s once, and no other', (form) => {
    const folder = mkdtempSync(join(tmpdir(), 'rewalk-digest-'));
    const { source, add } = keptAs[form]!(folder);
    for (const mail of list) add(mail);
    const run = () => rewalk('digest', source, '--state', join(folder, 'state'));
    const first = run();
    expect([first.status, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toMatch(
      /4 mails read; 2 series with news[^]*New: v1, v2 posted; 1 reply by Reviewer A/,
    );
    add(lateReply);
    const second = run();
    expect(second.stdout).toMatch(
      /1 series with news, 0 with findings, 1 open question, 1 series\swithout news/,
    );
    expect(second.stdout).toMatch(/mm: other words[^]*New: 1 reply by Reviewer A\n/);
    expect(second.stdout).not.toContain('mm: say it');
    const third = run();
    expect([third.status, third.stdout]).toEqual([0, expect.stringContaining('Nothing new.')]);
    expect(readdirSync(folder).filter((name) => name.startsWith('state'))).toEqual(['state']);
  });

  it('loses nothing when it is killed while it writes', async () => {
    const folder = longList();
    const state = join(folder, 'state');
    const args = ['digest', join(folder, 'list.mbox'), '--state', state];
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'readable');
    const first = String(child.stdout.read(1000));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect([first.includes(`${MANY} mails read`), existsSync(state)]).toEqual([true, false]);
    expect(toldIn(rewalk(...args).stdout)).toBe(MANY);
    expect(toldIn(rewalk(...args).stdout)).toBe(0);
  });

  it('keeps the state as it was where the digest cannot be delivered', () => {
    const folder = folderWithList();
    const state = join(folder, 'state');
    const failed = rewalk(
      'digest',
      join(folder, 'list.mbox'),
      '--state',
      state,
      '--output',
      join(folder, 'no/where'),
    );
    expect([failed.status, failed.stderr, existsSync(state)]).toEqual([
      2,
      expect.stringMatching(/^\S*no\/where: digest\/cannot-write: .*\n$/),
      false,
    ]);
  });

  it('refuses a state that is something else, and leaves it alone', () => {
    const folder = folderWithList();
    const state = join(folder, 'state');
    writeFileSync(state, 'my diary');
    const { status, stderr } = rewalk('digest', join(folder, 'list.mbox'), '--state', state);
    expect([status, stderr.split('\n').length, readFileSync(state, 'utf8')]).toEqual([2, 2, 'my diary']);
    expect(stderr).toContain('digest/bad-state');
  });
});
