// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The repository: its fixtures and patches are what the built program is run on. */
export const root = join(import.meta.dirname, '../..');
export const program = join(root, 'bin/rewalk.js');

const SETTING_UP = /^rewalk: (?:building|waiting for process .*)\n/gm;

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  /** Without what the first commands of a fresh checkout print: that they build, or wait for the one that does. */
  readonly stderr: string;
}

/** Runs the built program from the root of the repository, as a shell would. */
export function rewalk(...args: string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '80' },
  });
  return { status, stdout, stderr: stderr.replace(SETTING_UP, '') };
}
