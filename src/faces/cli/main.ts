// SPDX-License-Identifier: GPL-2.0-only
import { CommanderError } from 'commander';
import { tuneEngine } from '../engine-flags.ts';
import { EXIT_STATUS } from './exit-status.ts';
import { rewalkProgram } from './program.ts';
import { readVersion } from './version.ts';

/** Errors that mean nothing is left to print to, for example `rewalk show | head`. */
const CLOSED_PIPE = 'EPIPE';

/** Runs one command line and leaves its status in `process.exitCode`, so that output still pending is written. */
async function main(): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === CLOSED_PIPE) process.exit(EXIT_STATUS.nothingFound);
    throw error;
  });
  process.on('uncaughtException', (error) => process.exit(reportBug(error)));
  try {
    const program = await rewalkProgram(readVersion(), process.argv[2]);
    if (process.argv.length === 2) program.outputHelp();
    else await program.parseAsync();
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? usageStatus(error) : reportBug(error);
  }
}

/** Commander has printed its sentence already; help and version come as errors too. */
function usageStatus(error: CommanderError): number {
  return error.exitCode === 0 ? EXIT_STATUS.nothingFound : EXIT_STATUS.badInput;
}

/** The one place where an exception becomes text: whatever reaches it is our fault, not the input's. */
function reportBug(error: unknown): number {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const command = ['rewalk', ...process.argv.slice(2).map(shellWord)].join(' ');
  process.stderr.write(`this is a bug in rewalk\n${detail}\nwhile running: ${command}\n`);
  return EXIT_STATUS.incomplete;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

tuneEngine();
await main();
