// SPDX-License-Identifier: GPL-2.0-only
import { vi } from 'vitest';
import { runCommandLine } from '../../../src/faces/cli/command-line.ts';

export interface Outcome {
  readonly status: typeof process.exitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, as on a pipe 80 columns wide: what it prints, and its exit status. */
export async function rewalkInProcess(...words: readonly string[]): Promise<Outcome> {
  const [stdout, stderr] = [collectWrites(process.stdout), collectWrites(process.stderr)];
  vi.stubEnv('COLUMNS', '80').stubEnv('NO_COLOR', '1');
  const before = process.exitCode;
  try {
    process.exitCode = undefined;
    await runCommandLine(words);
    return { status: process.exitCode, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.exitCode = before;
    vi.unstubAllEnvs();
    stdout.stop();
    stderr.stop();
  }
}

/** Takes what is written to a stream, and tells whoever asks that it was written. */
function collectWrites(stream: NodeJS.WriteStream): { text: () => string; stop: () => void } {
  let collected = '';
  const spy = vi.spyOn(stream, 'write').mockImplementation((text, ...rest) => {
    collected += String(text);
    const written = rest.find((each): each is () => void => typeof each === 'function');
    written?.();
    return true;
  });
  return { text: () => collected, stop: () => spy.mockRestore() };
}
