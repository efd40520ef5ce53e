// SPDX-License-Identifier: GPL-2.0-only
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../ingest/git-fixture.ts';
import { rewalk } from './rewalk.ts';

const folder = makeTemporaryFolder();
// A server of its own, so that nobody's tmux is touched.
const tmux = (...args: string[]): string =>
  execFileSync('tmux', ['-S', join(folder, 'tmux'), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const missing = ['tmux', 'zsh'].filter(
  (command) => spawnSync(command, [command === 'tmux' ? '-V' : '--version']).status !== 0,
);
if (missing.length > 0)
  process.stderr.write(
    `SKIPPED: completion in a zsh that someone types to, without ${missing.join(' and ')}\n`,
  );

afterAll(() => {
  if (missing.length === 0) spawnSync('tmux', ['-S', join(folder, 'tmux'), 'kill-server']);
});

/** Waits until the screen shows what is expected, and fails with what it shows instead. */
async function shows(pattern: RegExp): Promise<void> {
  const end = Date.now() + 30_000;
  let screen = '';
  while (Date.now() < end) {
    screen = tmux('capture-pane', '-p');
    if (pattern.test(screen)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(screen).toMatch(pattern);
}

// Under CI both are installed, and a machine without them fails.
describe.skipIf(missing.length > 0 && process.env['CI'] === undefined)('zsh', () => {
  it('completes verbs, options and what options take, as one types', async () => {
    writeFileSync(join(folder, '_rewalk'), rewalk('completion', 'zsh').stdout);
    const start = `PS1='ready> '; autoload -Uz compinit && compinit -D -u && source ${join(folder, '_rewalk')}; clear`;
    tmux('-f', '/dev/null', 'new-session', '-d', '-x', '100', '-y', '24', 'env TERM=screen zsh -f');
    tmux('send-keys', start, 'Enter');
    await shows(/^ready> *$/m);
    for (const [typed, completed] of [
      ['rewalk hook u', 'rewalk hook uninstall'],
      ['rewalk hook run b4-p', 'rewalk hook run b4-prep-perpatch'],
      ['rewalk invariants map/al', 'rewalk invariants map/align'],
      ['rewalk review --base', 'rewalk review --baseline'],
    ] as const) {
      tmux('send-keys', typed, 'Tab');
      await shows(new RegExp(`^ready> ${completed} *$`, 'm'));
      tmux('send-keys', 'C-u');
    }
    tmux('send-keys', 'rewalk review --format j', 'Tab');
    await shows(/^json +junit *$/m);
  });
});
