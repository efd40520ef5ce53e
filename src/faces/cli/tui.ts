// SPDX-License-Identifier: GPL-2.0-only

import { Command } from 'commander';
import { runTerminal } from '../tui/run.ts';
import { EXIT_STATUS } from './exit-status.ts';
import { hasColours, printRefusal } from './print.ts';
import { addReviewOptions, requestOf, SOURCES, type ReviewOptions } from './review-options.ts';

const DESCRIPTION =
  'Shows a review in the whole terminal, from the moment when the series is read: what each version breaks, which ' +
  'patch did it and at which line, and from there the patch, the C beside what is run for it, the page table before ' +
  'and after, and this version against the one before. It fills in while states are run, newest version first. ' +
  '`?` lists the keys; they are those of tig and less.';

interface TuiOptions extends ReviewOptions {
  readonly screenReader?: true;
}

/** The verb `rewalk tui`. */
export function tuiCommand(): Command {
  const command = new Command('tui').description(DESCRIPTION).argument('[sources...]', SOURCES);
  return addReviewOptions(command)
    .option(
      '--screen-reader',
      'a text that only grows, without anything drawn or drawn over; INK_SCREEN_READER=true does the same',
    )
    .action(async (sources: string[], options: TuiOptions) => {
      process.exitCode = await runTui(sources, options);
    });
}

async function runTui(sources: readonly string[], options: TuiOptions): Promise<number> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    const message = 'this needs a terminal to read keys from and to draw on; `rewalk review` prints the same';
    printRefusal(process.stderr, [{ code: 'review/no-terminal', severity: 'error', message }]);
    return EXIT_STATUS.badInput;
  }
  const isSpoken = options.screenReader === true || process.env['INK_SCREEN_READER'] === 'true';
  if (process.env['TERM'] === 'dumb' && !isSpoken) {
    const message = 'a terminal with TERM=dumb cannot be drawn on; --screen-reader needs no drawing';
    printRefusal(process.stderr, [{ code: 'review/no-terminal', severity: 'error', message }]);
    return EXIT_STATUS.badInput;
  }
  const { jobs, cache } = options;
  const task = { request: requestOf(sources, options), jobs, cache };
  const refused = await runTerminal(task, {
    hasColours: hasColours(process.stdout, process.env),
    isSpoken,
  });
  if (refused.length === 0) return EXIT_STATUS.nothingFound;
  printRefusal(process.stderr, refused);
  return EXIT_STATUS.badInput;
}
