// SPDX-License-Identifier: GPL-2.0-only
import { tuneEngine } from '../engine-flags.ts';
import { reportBug, runCommandLine } from './command-line.ts';
import { EXIT_STATUS } from './exit-status.ts';
import { writeWhole } from './whole-output.ts';

/** Errors that mean nothing is left to print to, for example `rewalk show | head`. */
const CLOSED_PIPE = 'EPIPE';

const words = process.argv.slice(2);
tuneEngine();
writeWhole(process.stdout);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === CLOSED_PIPE) process.exit(EXIT_STATUS.nothingFound);
  process.stderr.write(`rewalk: what was found could not be written: ${error.message}\n`);
  process.exit(EXIT_STATUS.incomplete);
});
process.on('uncaughtException', (error) => process.exit(reportBug(error, words)));
await runCommandLine(words);
