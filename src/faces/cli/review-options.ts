// SPDX-License-Identifier: GPL-2.0-only

import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { ReviewRequest } from '../../review.ts';
import { listOf, positiveInteger, wholeNumber } from './option-values.ts';

/** What a source can be, for the help of every verb that takes some. */
export const SOURCES =
  'a folder of patches, a patch or .eml file, an mbox, a maildir, a public-inbox mirror, ' +
  'commits as `base..tip` or `DIR@base..tip`, text copied from a web archive, or - for stdin';

/** Any number does, as long as it is the same the next time. */
const USUAL_SEED = 1;

/** What every verb takes that runs a review. */
export interface ReviewOptions {
  readonly tree?: string;
  readonly pick?: string;
  readonly machine?: readonly string[];
  readonly version?: readonly string[];
  readonly fromTree?: true;
  readonly scenarios?: number;
  readonly seed: number;
  readonly jobs: number;
  readonly timeBudget?: number;
  readonly cache: boolean;
}

/** For the help of every verb that takes sources of one series. */
export const PICK =
  'which series, where the sources hold several: its number, an id of it, or a part of its title';

/** For the help of every verb that runs a review. */
export const NO_CACHE =
  'run everything anew; without it, a state that this very program has run here before is looked up ' +
  '(docs/decisions/0009-kept-results.md). REWALK_NO_CACHE=1 does the same';

/** The options that decide what is run. */
export function addReviewOptions(command: Command): Command {
  return command
    .option(
      '--tree <DIR[@REV]>',
      'the kernel tree that the series applies to; by default where a git range begins, else what the file `base` beside the patches names, else the current directory',
    )
    .option(
      '--machine <M,...>',
      'run on these machines, or on `all`; by default on the usual ones (`rewalk machines` lists them and says which)',
      listOf,
    )
    .option('--pick <SERIES>', PICK)
    .option('--version <N,...>', 'review these versions only', listOf)
    .option(
      '--from-tree',
      'run all C that the tree has; by default only what the series changes, on the model',
    )
    .option('--scenarios <N>', 'random scenarios on each state, after the systematic ones', wholeNumber)
    .option('--seed <S>', 'where the random scenarios begin', wholeNumber, USUAL_SEED)
    .option(
      '--time-budget <SECONDS>',
      'begin no further state after that; the newest version comes first, and what is left out is said',
      positiveInteger,
    )
    .option('--jobs <N>', 'how many states are run at a time', positiveInteger, availableParallelism())
    .option('--no-cache', NO_CACHE);
}

export function requestOf(sources: readonly string[], options: ReviewOptions): ReviewRequest {
  return {
    sources,
    tree: options.tree,
    pick: options.pick,
    versions: options.version,
    machines: options.machine,
    fromTree: options.fromTree === true,
    scenarios: options.scenarios,
    seed: options.seed,
  };
}
