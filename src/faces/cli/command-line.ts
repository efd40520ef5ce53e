// SPDX-License-Identifier: GPL-2.0-only
import { CommanderError } from 'commander';
import { EXIT_STATUS } from './exit-status.ts';
import { rewalkProgram } from './program.ts';
import { readVersion } from './version.ts';

/** Runs the words of a command line and leaves its status in `process.exitCode`, so that output still pending is written. */
export async function runCommandLine(words: readonly string[]): Promise<void> {
  try {
    const program = await rewalkProgram(readVersion(), words[0]);
    if (words.length === 0) program.outputHelp();
    else await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? usageStatus(error) : reportBug(error, words);
  }
}

/** Commander has printed its sentence already; help and version come as errors too. */
function usageStatus(error: CommanderError): number {
  return error.exitCode === 0 ? EXIT_STATUS.nothingFound : EXIT_STATUS.badInput;
}

/** The one place where an exception becomes text: whatever reaches it is our fault, not the input's. Returns the status. */
export function reportBug(error: unknown, words: readonly string[]): number {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const command = ['rewalk', ...words.map(shellWord)].join(' ');
  process.stderr.write(`this is a bug in rewalk\n${detail}\nwhile running: ${command}\n`);
  return EXIT_STATUS.incomplete;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
