// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { program, rewalk } from './rewalk.ts';

describe('the command line', () => {
  it('--help says what the program does and what its exit status means', () => {
    const { status, stdout } = rewalk('--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Usage: rewalk /);
    expect(stdout).toContain('2  the command line or the input cannot be used');
  });

  it('--version is that of the package', () => {
    expect(rewalk('--version')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it.each([[['--nonsense']], [['nonsense']]])('%j is bad usage: one sentence and status 2', (args) => {
    const { status, stdout, stderr } = rewalk(...args);
    expect({ status, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({
      status: 2,
      stdout: '',
      lines: 1,
    });
    expect(stderr).toContain('nonsense');
  });

  it('says so in one sentence where its output finds no place, and has status 3', () => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `'${process.execPath}' '${program}' machines > /dev/full`],
      {
        encoding: 'utf8',
      },
    );
    expect([status, stderr.trimEnd().split('\n').at(-1)]).toEqual([
      3,
      'rewalk: what was found could not be written: ENOSPC: no space left on device, write',
    ]);
  });
});
