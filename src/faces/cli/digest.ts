// SPDX-License-Identifier: GPL-2.0-only

import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { FORMATS } from '../digest/print-digest.ts';
import { runDigest, type DigestOptions } from '../digest/run-digest.ts';
import { listOf, positiveInteger, repeated, wholeNumber } from './option-values.ts';
import { NO_CACHE, SOURCES } from './review-options.ts';

const DESCRIPTION =
  'Tells what a list brought in a period: each series once, with what changed since the version before, the state of ' +
  'its review, its claims checked, and what running it shows. What needs attention comes first.';

/** Random scenarios on each state: a digest runs many series, so few. */
const FEW_SCENARIOS = 4;
/** Seconds. */
const USUAL_BUDGET = 300;

/** The verb `rewalk digest`. */
export function digestCommand(): Command {
  return new Command('digest')
    .description(DESCRIPTION)
    .argument('<sources...>', SOURCES)
    .option(
      '--since <WHEN>',
      'mails from then on are news: 2026-05-21, 2026-05-21T12:00Z, or 7d, 12h, 2w ago',
    )
    .option('--until <WHEN>', 'mails after that are not looked at; a day counts as a whole')
    .addOption(new Option('--format <F>', 'docs/digest.md has them all').choices(FORMATS).default('text'))
    .option(
      '--tree <DIR[@REV]>',
      'the kernel tree that series are run on; without one, as in `rewalk review`, or not run',
    )
    .option('--machine <M,...>', 'run on these machines, or on `all`', listOf)
    .option(
      '--scenarios <N>',
      'random scenarios on each state, after the systematic ones',
      wholeNumber,
      FEW_SCENARIOS,
    )
    .option('--seed <S>', 'where the random scenarios begin', wholeNumber, 1)
    .option('--jobs <N>', 'how many states are run at a time', positiveInteger, availableParallelism())
    .option('--no-cache', NO_CACHE)
    .option(
      '--time-budget <SECONDS>',
      'begin to run nothing after that; what was not run is said',
      wholeNumber,
      USUAL_BUDGET,
    )
    .option('--state <FILE>', 'remember there what was told, and tell nothing twice')
    .option('--output <FILE>', 'write the digest there, whole or not at all, instead of printing it')
    .option('--from <ADDRESS>', 'who sends the mail', address, 'rewalk <rewalk@localhost>')
    .option('--to <ADDRESS>', 'whom it goes to; may be given several times', addresses)
    .option('--html', 'with --format mail: add the page as an alternative part')
    .option('--rfc1153', 'with --format mail: a message a series inside, as digests of lists have it')
    .action(async (sources: string[], options: DigestOptions) => {
      process.exitCode = await runDigest(sources, options);
    });
}

/** One mailbox, without anything that could begin another header. */
function address(value: string): string {
  if (/[\p{Cc}\u2028\u2029]/u.test(value))
    throw new InvalidArgumentError('It has a control character in it.');
  if (
    !/^(?:[^<>,;]{0,200}<[^\s<>,;@]{1,200}@[^\s<>,;@]{1,200}>|[^\s<>,;@]{1,200}@[^\s<>,;@]{1,200})$/.test(
      value,
    )
  ) {
    throw new InvalidArgumentError('It must be an address: a@example.org, or Name <a@example.org>.');
  }
  return value;
}

function addresses(value: string, before: readonly string[] | undefined): readonly string[] {
  return repeated(address(value), before);
}
