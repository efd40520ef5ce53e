// SPDX-License-Identifier: GPL-2.0-only

import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { explain } from '../../explain.ts';
import { renderExplanation } from '../../report/explanation-text.ts';
import { Review } from '../../report/review-schema.ts';
import { EXIT_STATUS } from './exit-status.ts';
import { printDiagnostics, printLines, printRefusal, widthOf } from './print.ts';
import { addReviewOptions, SOURCES, type ReviewOptions } from './review-options.ts';
import { reviewFor } from './review.ts';

const DESCRIPTION =
  'Explains one finding of a review: the promise, the smallest case, what happened, the call stack with its lines of ' +
  'C, the hunk that holds them, and the page table before and after. Takes the options of the review that named it, ' +
  'or the review itself as saved with --json.';

interface ExplainOptions extends ReviewOptions {
  readonly review?: string;
}

/** The verb `rewalk explain`. */
export function explainCommand(): Command {
  const command = new Command('explain')
    .description(DESCRIPTION)
    .argument('<finding>', 'its id, or as much of it as is unique')
    .argument('[sources...]', SOURCES)
    .option(
      '--review <file>',
      'a review as `rewalk review --json` prints it; nothing is reviewed again then',
    );
  return addReviewOptions(command).action(
    async (finding: string, sources: string[], options: ExplainOptions) => {
      process.exitCode = await runExplain(finding, sources, options);
    },
  );
}

async function runExplain(id: string, sources: readonly string[], options: ExplainOptions): Promise<number> {
  const review =
    options.review === undefined
      ? await reviewFor(sources, options)
      : { value: readReview(options.review), diagnostics: [] };
  if (review.value === undefined) {
    const message = `\`${options.review ?? ''}\` is no review as \`rewalk review --json\` prints it`;
    const unreadable = { code: 'review/unreadable', severity: 'error', message } as const;
    printRefusal(process.stderr, [...review.diagnostics, unreadable]);
    return EXIT_STATUS.badInput;
  }
  const { value, diagnostics } = await explain(review.value, id);
  if (value === undefined) {
    printRefusal(process.stderr, diagnostics);
    return EXIT_STATUS.badInput;
  }
  printDiagnostics(process.stderr, diagnostics);
  printLines(process.stdout, renderExplanation(value, widthOf(process.stdout, process.env)));
  return EXIT_STATUS.nothingFound;
}

function readReview(file: string): Review | undefined {
  try {
    return Review.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
