// SPDX-License-Identifier: GPL-2.0-only
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../ingest/git-fixture.ts';
import { program, rewalk, root } from './rewalk.ts';

// A server of its own, so that nobody's tmux is touched.
const folder = makeTemporaryFolder();
const socket = join(folder, 'tmux');
const tmux = (...args: string[]): string =>
  execFileSync('tmux', ['-S', socket, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const hasTmux = spawnSync('tmux', ['-V']).status === 0;
if (!hasTmux) process.stderr.write('SKIPPED: the tests in a real terminal, because tmux is not installed\n');

// A program that is older than its sources says that it is being built, on the terminal that these tests look at.
beforeAll(() => void rewalk('--version'));

afterEach(() => {
  if (hasTmux) spawnSync('tmux', ['-S', socket, 'kill-session', '-t', 'tui']);
});

afterAll(() => {
  if (hasTmux) spawnSync('tmux', ['-S', socket, 'kill-server']);
});

const SMALL = '--version 4 --machine x86_64-4level --scenarios 0';

/** The series to read, without a tree to run it on. */
const UNRUN = `patches/contiguous-vmap --tree '${folder}'`;

/** Starts the terminal on a series, below a line that the shell has printed. */
function start(what: string, environment = ''): void {
  const command =
    `echo before; ${environment} '${process.execPath}' '${program}' tui ${what}; ` +
    `echo "status $?"; sleep 600`;
  tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'tui', '-x', '80', '-y', '24', '-c', root, command);
}

function press(...keys: string[]): void {
  tmux('send-keys', '-t', 'tui', ...keys);
}

function screen(): string[] {
  return tmux('capture-pane', '-p', '-t', 'tui').split('\n').slice(0, -1);
}

/** The screen, and what has left it above. */
function everything(): string {
  return tmux('capture-pane', '-p', '-S', '-', '-t', 'tui');
}

/** The screen, once it holds `sign`. */
async function screenWith(sign: string | RegExp): Promise<string[]> {
  for (;;) {
    const lines = screen();
    const text = lines.join('\n');
    if (typeof sign === 'string' ? text.includes(sign) : sign.test(text)) return lines;
    await sleep(100);
  }
}

/** What tmux knows of the terminal: `1` for yes. */
function flag(name: string): string {
  return tmux('display-message', '-p', '-t', 'tui', `#{${name}}`).trim();
}

/** The process that draws: the only child of the shell. */
function pid(): number {
  const shell = tmux('display-message', '-p', '-t', 'tui', '#{pane_pid}').trim();
  return Number(execFileSync('pgrep', ['-P', shell], { encoding: 'utf8' }).trim().split('\n')[0]);
}

// Under CI tmux is installed, and a machine without it fails.
describe.skipIf(!hasTmux && process.env['CI'] === undefined)('in a real terminal', () => {
  it('shows what is wrong, explains it, and leaves the terminal as it was', async () => {
    start(`patches/contiguous-vmap --tree fixtures/linux ${SMALL}`);
    const opened = await screenWith('v4 on fixtures/linux: ');
    expect(opened[0]).toMatch(/^rewalk {2}mm\/vmalloc: Speed up/);
    const done = await screenWith('all run');
    expect(done).toHaveLength(24);
    expect(Math.max(...done.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(done[1]).toMatch(/^ {2}v4 on fixtures\/linux: 1 risk, 1 cost/);
    expect(done[3]).toMatch(/^> 5\/6 risk split\/flag +mm\/vmalloc\.c:\d+ vmap\(\)/);
    expect(done.find((line) => /^ {2}split\/flag \(risk\) +ok +✗ 5$/.test(line))).toBeDefined();

    press('Enter');
    const explained = await screenWith('Must hold');
    expect(explained[0]).toMatch(/^rewalk {2}v4-split-flag-/);
    press('/', 'P', 'a', 'g', 'e', 'Space', 't', 'Enter');
    await screenWith(/> Page table/);
    press('Escape', 'p');
    await screenWith('v4 5/6 mm/vmalloc: map contiguous pages');
    press(']');
    await screenWith('v4 6/6 mm/vmalloc: align vm_area');
    press('q', 'c');
    expect((await screenWith('void *vmap(struct page'))[0]).toContain(
      'vmap() of mm/vmalloc.c, after v4 patch 5',
    );
    press('q', '?');
    await screenWith('one line down');

    press('q', 'q', 'q');
    const left = await screenWith('status 0');
    expect(left[0]).toBe('before');
    expect(left.slice(2).every((line) => line === '')).toBe(true);
    expect([flag('alternate_on'), flag('cursor_flag'), flag('wrap_flag')]).toEqual(['0', '1', '1']);
  });

  it('follows the size of the terminal', async () => {
    start(UNRUN);
    await screenWith('nothing is run:');
    tmux('resize-window', '-t', 'tui', '-x', '60', '-y', '16');
    const narrow = await screenWith(/^rewalk {2}.{0,41} nothing run\n/);
    expect(narrow).toHaveLength(16);
    expect(narrow.find((line) => line.startsWith('> '))).toMatch(/^> 0\/6 +mm\/vmalloc: Speed up/);
    expect(narrow.at(-1)).toMatch(/q leave/);
    tmux('resize-window', '-t', 'tui', '-x', '200', '-y', '40');
    const wide = await screenWith(/^rewalk {2}.{180,} nothing run\n/);
    expect(wide).toHaveLength(40);
    expect(wide.filter((line) => line.startsWith('rewalk  '))).toHaveLength(1);
    expect(wide.filter((line) => /^[> ] 0\/6 +mm\/vmalloc: Speed up/.test(line))).toHaveLength(2);
  });

  it.each(['TERM', 'INT', 'HUP'])(
    'gives the terminal back when it is told to end with SIG%s',
    async (signal) => {
      start(UNRUN);
      await screenWith('mm/vmalloc: Speed up');
      expect(flag('alternate_on')).toBe('1');
      process.kill(pid(), `SIG${signal}`);
      const left = await screenWith(/status 1(?:43|30|29)/);
      expect(left[0]).toBe('before');
      expect([flag('alternate_on'), flag('cursor_flag')]).toEqual(['0', '1']);
    },
  );

  it('gives the terminal back after a crash, and the reason can be read', async () => {
    const crash = join(folder, 'crash.mjs');
    writeFileSync(
      crash,
      `import { isMainThread } from 'node:worker_threads';
       if (isMainThread) setTimeout(() => { throw new Error('made to crash'); }, 3000).unref();`,
    );
    start(UNRUN, `NODE_OPTIONS='--import ${crash}'`);
    const left = await screenWith('status 3');
    expect(left[0]).toBe('before');
    expect(left.join('\n')).toContain('this is a bug in rewalk');
    expect(left.join('\n')).toContain('made to crash');
    expect([flag('alternate_on'), flag('cursor_flag')]).toEqual(['0', '1']);
  });

  it('is stopped by ctrl+z and goes on where it was', async () => {
    // Only a shell with job control can continue what was stopped.
    const size = ['-x', '80', '-y', '24'];
    const shell = "PS1='ready> ' bash --norc -i";
    tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'tui', ...size, '-c', root, shell);
    await screenWith(/^ready>/m);
    press(`'${process.execPath}' '${program}' tui ${UNRUN}`, 'Enter');
    await screenWith('nothing is run:');
    press('j', 'C-z');
    await screenWith('Stopped');
    expect(flag('alternate_on')).toBe('0');
    press('fg', 'Enter');
    const back = await screenWith('nothing is run:');
    expect(back.find((line) => line.startsWith('> '))).toMatch(/1\/6 R1 T1 arm64\/hugetlb/);
    press('Q');
    await screenWith(/^ready>$/m);
    expect(flag('alternate_on')).toBe('0');
  });

  it('shows control sequences of a mail and does not obey them, and needs no kernel tree for reading', async () => {
    const patches = join(folder, 'hostile');
    mkdirSync(patches, { recursive: true });
    writeFileSync(
      join(patches, '0001-x.patch'),
      [
        'From: A <a@example.org>',
        'Subject: [PATCH] mm: \u001B]2;owned\u0007\u001B[31mred 日本語 e\u0301!',
        'Date: Mon, 1 Jun 2026 10:00:00 +0000',
        'Message-ID: <hostile@example.org>',
        '',
        'Body \u001B[2J\u001B[H here.',
        '',
        'diff --git a/mm/a.c b/mm/a.c',
        '--- a/mm/a.c',
        '+++ b/mm/a.c',
        '@@ -1,1 +1,1 @@',
        '-a',
        '+b\u001B[5m',
        '',
      ].join('\n'),
    );
    start(`'${patches}' --tree '${folder}'`);
    const opened = await screenWith('nothing is run:');
    expect(opened[0]).toContain('mm: ^[]2;owned^G^[[31mred 日本語 e\u0301!');
    press('Enter');
    const patch = await screenWith('@@ -1,1 +1,1 @@');
    expect(patch.join('\n')).toContain('Body ^[[2J^[[H here.');
    expect(patch.join('\n')).toContain('+b^[[5m');
    expect(tmux('display-message', '-p', '-t', 'tui', '#{pane_title}')).not.toContain('owned');
    press('Q');
    await screenWith('status 0');
  });

  it('takes a link to the clipboard, and prints it when it is left', async () => {
    start(UNRUN);
    await screenWith('nothing is run:');
    tmux('set-option', '-s', 'set-clipboard', 'on');
    press('j', 'Y');
    await screenWith('the link is in the clipboard');
    const link = 'https://lore.kernel.org/r/contiguous-vmap-v4-1@example.org';
    expect(tmux('show-buffer')).toBe(link);
    press('Q');
    const left = await screenWith('status 0');
    expect(left.slice(0, 2)).toEqual(['before', link]);
  });

  it.each([
    { environment: 'NO_COLOR=1', hasColours: false },
    { environment: 'NO_COLOR= FORCE_COLOR=1', hasColours: true },
  ])('draws with $environment on light and dark alike', async ({ environment, hasColours }) => {
    start(UNRUN, environment);
    await screenWith('nothing is run:');
    press('j', 'Enter', '/', '@', '@', 'Enter');
    await screenWith('> @@ ');
    press('C-d');
    await screenWith(/^ {2}\+ /m);
    const coloured = tmux('capture-pane', '-p', '-e', '-t', 'tui');
    const codes = coloured
      .split('\u001B[')
      .slice(1)
      .flatMap((part) => part.split('m')[0]!.split(';'));
    // Bold, dim, inverse, underlined, and their ends; the palette's own colours but for black and white.
    const plain = /^(?:|0|1|2|4|7|2[2-9]|39|49)$/;
    const palette = /^3[1-6]$/;
    expect(codes.filter((code) => !plain.test(code) && !palette.test(code))).toEqual([]);
    expect(codes.some((code) => palette.test(code))).toBe(hasColours);
    expect(codes).toContain('7');
  });

  it('is a text that only grows for a screen reader, and nothing is drawn over', async () => {
    start(`${UNRUN} --screen-reader`);
    await screenWith('at: 0/6');
    // In the page, and then above the screen, or behind it.
    while (!everything().includes('nothing is run:')) await sleep(100);
    expect(flag('alternate_on')).toBe('0');
    press('j');
    await screenWith('at: 1/6 R1 T1 arm64/hugetlb');
    press('Enter');
    await screenWith('at: Series Author');
    press('Q');
    await screenWith('status 0');
    const all = everything();
    // Everything that was said is still there, in the order in which it was said.
    expect(all.indexOf('at: 1/6 R1 T1 arm64/hugetlb')).toBeGreaterThan(all.indexOf('nothing is run:'));
    expect(all.indexOf('@@ -')).toBeGreaterThan(all.indexOf('at: 1/6 R1 T1 arm64/hugetlb'));
    expect(all.indexOf('before')).toBe(0);
    expect(all).not.toMatch(/^> /m);
  });

  it('does not draw on a terminal that says it is dumb, and speaks there', async () => {
    start(UNRUN, 'TERM=dumb');
    expect((await screenWith('status 2')).join('')).toMatch(/TERM=dumb.*--screen-reader/);
    tmux('kill-session', '-t', 'tui');
    start(`${UNRUN} --screen-reader`, 'TERM=dumb');
    await screenWith('at: 0/6');
    press('Q');
    await screenWith('status 0');
  });

  it('says in one sentence when there is nothing to read', async () => {
    start(`'${join(folder, 'nowhere')}'`);
    const left = await screenWith('status 2');
    expect(left[0]).toBe('before');
    expect(left.join(' ')).toMatch(/nowhere/);
    expect(flag('alternate_on')).toBe('0');
  });
});

it('says without a terminal what to use instead', () => {
  const { status, stdout, stderr } = rewalk('tui', 'patches/contiguous-vmap', '--tree', 'fixtures/linux');
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^rewalk: .*terminal.*`rewalk review`.*\n$/);
});
