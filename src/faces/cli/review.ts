// SPDX-License-Identifier: GPL-2.0-only

import { Command, Option } from 'commander';
import type { WithDiagnostics } from '../../base/diagnostic.ts';
import { isIncomplete } from '../../report/completeness.ts';
import { countsAgainstSeries } from '../../report/matrix-summary.ts';
import type { Review } from '../../report/review-schema.ts';
import { renderReview } from '../../report/text.ts';
import { openKeptResults } from '../../kept-results.ts';
import { review } from '../../review.ts';
import { poolRunner } from '../../review-pool.ts';
import { EXIT_STATUS, type ExitStatus } from './exit-status.ts';
import { printDiagnostics, printLines, printRefusal, widthOf } from './print.ts';
import { ProgressLine } from './progress.ts';
import { addReviewOptions, requestOf, SOURCES, type ReviewOptions } from './review-options.ts';
import { readVersion } from './version.ts';

const DESCRIPTION =
  'Builds the source after each patch of each version, runs it on models of the machines, and prints which version ' +
  'and which patch first breaks which promise, with the smallest scenario that shows it and the line of C that did ' +
  'it. Without sources, the tree is run as it is.';

/** What `rewalk review` can print. */
const FORMATS = ['text', 'json', 'sarif', 'github', 'junit'] as const;
type Format = (typeof FORMATS)[number];

interface PrintOptions extends ReviewOptions {
  readonly format?: Format;
  readonly json?: true;
  readonly baseline?: true;
  readonly verbose?: true;
}

/** The verb `rewalk review`. */
export function reviewCommand(): Command {
  const command = new Command('review').description(DESCRIPTION).argument('[sources...]', SOURCES);
  return addReviewOptions(command)
    .option('--baseline', 'show what the tree had before the series too, and let it count')
    .option(
      '--verbose',
      'of what each patch changes, show the smallest example each, with the command that runs it',
    )
    .addOption(
      new Option(
        '--format <F>',
        'text; json (docs/review-json.md); sarif for code scanning, github for annotations in GitHub Actions, ' +
          'junit for test reports (docs/formats.md)',
      )
        .choices(FORMATS)
        .conflicts('json'),
    )
    .option('--json', 'the same as --format json')
    .action(async (sources: string[], options: PrintOptions) => {
      process.exitCode = await runReview(sources, options);
    });
}

/** Runs the review, with a line of progress where stderr is a terminal. */
export async function reviewFor(
  sources: readonly string[],
  options: ReviewOptions,
): Promise<WithDiagnostics<Review | undefined>> {
  const progress = new ProgressLine(process.stderr);
  const show = (done: number, total: number): void => progress.show(`${done} of ${total} states run`);
  const mayBegin = withinBudget(options.timeBudget);
  const kept = options.cache ? openKeptResults(process.env) : undefined;
  const runJobs = poolRunner(options.jobs, show, { mayBegin, kept });
  try {
    return await review(requestOf(sources, options), runJobs);
  } finally {
    progress.clear();
    if (kept !== undefined && kept.found > 0)
      progress.say(`${kept.found} results were there from earlier runs (--no-cache runs all anew)`);
  }
}

/** Whether the time that was given is not used up yet. @param seconds undefined for as long as it takes */
function withinBudget(seconds: number | undefined): (() => boolean) | undefined {
  if (seconds === undefined) return undefined;
  const end = performance.now() + seconds * 1000;
  return () => performance.now() < end;
}

async function runReview(sources: readonly string[], options: PrintOptions): Promise<ExitStatus> {
  const { value, diagnostics } = await reviewFor(sources, options);
  if (value === undefined) {
    printRefusal(process.stderr, diagnostics);
    return EXIT_STATUS.badInput;
  }
  printDiagnostics(process.stderr, diagnostics);
  const format = options.json === true ? 'json' : (options.format ?? 'text');
  await printReview(value, format, options);
  return statusOf(value, options.baseline === true);
}

/** What only one format needs is imported for that format. */
async function printReview(value: Review, format: Format, options: PrintOptions): Promise<void> {
  const baseline = options.baseline === true;
  const verbose = options.verbose === true;
  switch (format) {
    case 'text':
      printLines(
        process.stdout,
        renderReview(value, { width: widthOf(process.stdout, process.env), baseline, verbose }),
      );
      return;
    case 'json':
      process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
      return;
    case 'sarif': {
      const { reviewAsSarif } = await import('../../report/sarif.ts');
      const log = reviewAsSarif(value, { version: readVersion(), baseline });
      process.stdout.write(`${JSON.stringify(log, undefined, 2)}\n`);
      return;
    }
    case 'github': {
      const { reviewAsAnnotations } = await import('../../report/github-annotations.ts');
      process.stdout.write(
        reviewAsAnnotations(value, { baseline })
          .map((line) => `${line}\n`)
          .join(''),
      );
      return;
    }
    case 'junit': {
      const { reviewAsJunit } = await import('../../report/junit.ts');
      process.stdout.write(`${reviewAsJunit(value, { baseline })}\n`);
    }
  }
}

/** Findings weigh more than what could not be run; what was there before the series counts only when asked for. */
function statusOf(value: Review, baseline: boolean): ExitStatus {
  const counts = value.findings.some(
    (finding) => baseline || value.series === null || countsAgainstSeries(finding),
  );
  if (counts) return EXIT_STATUS.findings;
  return isIncomplete(value) ? EXIT_STATUS.incomplete : EXIT_STATUS.nothingFound;
}
