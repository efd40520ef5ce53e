// SPDX-License-Identifier: GPL-2.0-only
import { vi } from 'vitest';
import { runCommandLine } from '../../../src/faces/cli/command-line.ts';

export interface Outcome {
  readonly status: typeof process.exitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, from the root of the repository: what it prints, and its exit status. */
export async function rewalkInProcess(...words: readonly string[]): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const out = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => ((stdout += String(text)), true));
  const err = vi
    .spyOn(process.stderr, 'write')
    .mockImplementation((text) => ((stderr += String(text)), true));
  const before = process.exitCode;
  try {
    process.exitCode = undefined;
    await runCommandLine(words);
    return { status: process.exitCode, stdout, stderr };
  } finally {
    process.exitCode = before;
    out.mockRestore();
    err.mockRestore();
  }
}
