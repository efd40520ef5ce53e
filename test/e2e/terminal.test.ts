// SPDX-License-Identifier: GPL-2.0-only
import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../ingest/git-fixture.ts';
import { program, root } from './rewalk.ts';

// A server of its own, so that nobody's tmux is touched.
const socket = join(makeTemporaryFolder(), 'tmux');
const tmux = (...args: string[]): string =>
  execFileSync('tmux', ['-S', socket, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const hasTmux = spawnSync('tmux', ['-V']).status === 0;
if (!hasTmux) process.stderr.write('SKIPPED: the test in a real terminal, because tmux is not installed\n');

afterAll(() => {
  if (hasTmux) spawnSync('tmux', ['-S', socket, 'kill-server']);
});

/** Everything that the terminal shows or has scrolled away, once `sign` is part of it. */
async function screenWith(sign: string): Promise<string> {
  for (;;) {
    const text = tmux('capture-pane', '-p', '-S', '-', '-t', 'review');
    if (text.includes(sign)) return text;
    await sleep(200);
  }
}

// Under CI tmux is installed, and a machine without it fails.
it.skipIf(!hasTmux && process.env['CI'] === undefined)('a review fits a terminal of 80 columns', async () => {
  const command =
    `'${process.execPath}' '${program}' review patches/contiguous-vmap --tree fixtures/linux ` +
    `--version 4 --machine x86_64-4level --scenarios 0; echo "status $?"; sleep 600`;
  const size = ['-x', '80', '-y', '24'];
  tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'review', ...size, '-c', root, command);
  const text = await screenWith('status 1');
  const lines = text.split('\n');
  expect(lines.find((line) => /^ +base +v4 +checked/.test(line))).toBeDefined();
  expect(lines.find((line) => line.startsWith('flush/tlb') || line.includes('flush/tlb'))).toBeDefined();
  expect(lines.find((line) => /^split\/flag \(risk\) +ok +✗ 5 +\d+/.test(line))).toBeDefined();
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  // The progress line leaves nothing behind.
  expect(text).not.toContain('states run\n');
});
