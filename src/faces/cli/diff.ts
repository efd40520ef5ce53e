// SPDX-License-Identifier: GPL-2.0-only

import { Command } from 'commander';
import type { WithDiagnostics } from '../../base/diagnostic.ts';
import { compare } from '../../compare.ts';
import { behaviourDiff, type BehaviourDiff } from '../../report/behaviour-diff.ts';
import type { CostDifference } from '../../report/cost-difference.ts';
import { renderVersionDiff } from '../../report/version-diff-text.ts';
import { versionCosts } from '../../version-costs.ts';
import { EXIT_STATUS, type ExitStatus } from './exit-status.ts';
import { printDiagnostics, printLines, printRefusal, widthOf } from './print.ts';
import { reviewFor } from './review.ts';
import { addReviewOptions, SOURCES, type ReviewOptions } from './review-options.ts';

const DESCRIPTION =
  'Compares two versions of a series: patches as `git range-diff` pairs them, then function by function, then ' +
  'what the changelog says against what differs. `rewalk diff v3 v4 series.mbox`; or two ranges or folders, as ' +
  'git range-diff takes them: `rewalk diff base..old base..new`.';

interface DiffOptions extends ReviewOptions {
  readonly run?: true;
  readonly json?: true;
}

/** The verb `rewalk diff`. */
export function diffCommand(): Command {
  const command = new Command('diff')
    .description(DESCRIPTION)
    .argument('<old>', 'the older version, such as v3; without sources: a range or folder')
    .argument('<new>', 'the newer version, such as v4')
    .argument('[sources...]', SOURCES)
    .option('--run', 'run both versions and compare what they do; takes the options of `rewalk review`')
    .option(
      '--json',
      'print the comparison as JSON: {"diff": …, "behaviour": …, "costs": …, "diagnostics": […]}',
    );
  return addReviewOptions(command).action(
    async (from: string, to: string, sources: string[], options: DiffOptions) => {
      process.exitCode = await runDiff({ from, to, sources }, options);
    },
  );
}

interface Versions {
  readonly from: string;
  readonly to: string;
  readonly sources: readonly string[];
}

async function runDiff(versions: Versions, options: DiffOptions): Promise<ExitStatus> {
  const { value, diagnostics } = await compare({ ...versions, pick: options.pick, tree: options.tree });
  if (value === undefined) {
    printRefusal(process.stderr, diagnostics);
    return EXIT_STATUS.badInput;
  }
  const ran =
    options.run === true
      ? await runBoth(versions, [value.from, value.to], options)
      : { value: undefined, diagnostics: [] };
  if (options.run === true && ran.value === undefined) {
    printRefusal(process.stderr, ran.diagnostics);
    return EXIT_STATUS.badInput;
  }
  // A review reads the sources again and says the same of them.
  const all = options.run === true ? ran.diagnostics : diagnostics;
  if (options.json === true) {
    const { behaviour = null, costs = null } = ran.value ?? {};
    const whole = { diff: value, behaviour, costs, diagnostics: all };
    process.stdout.write(`${JSON.stringify(whole, undefined, 2)}\n`);
  } else {
    printLines(process.stdout, renderVersionDiff(value, ran.value, widthOf(process.stdout, process.env)));
  }
  printDiagnostics(process.stderr, all);
  return EXIT_STATUS.nothingFound;
}

/** What both versions do, and what that costs. */
interface Ran {
  readonly behaviour: BehaviourDiff;
  readonly costs: readonly CostDifference[];
}

async function runBoth(
  { sources }: Versions,
  labels: readonly [string, string],
  options: DiffOptions,
): Promise<WithDiagnostics<Ran | undefined>> {
  if (sources.length === 0) {
    const message = '--run needs two versions of one series, such as `rewalk diff v3 v4 series.mbox --run`';
    return {
      value: undefined,
      diagnostics: [{ code: 'review/one-series-needed', severity: 'error', message }],
    };
  }
  const [from, to] = labels;
  const { value, diagnostics } = await reviewFor(sources, { ...options, version: labels });
  if (value === undefined) return { value: undefined, diagnostics };
  const { tree, pick, machine: machines } = options;
  const costs = await versionCosts({ sources, tree, pick, machines, from, to });
  if (costs.value === undefined) return { value: undefined, diagnostics: costs.diagnostics };
  return {
    value: { behaviour: behaviourDiff(value, from, to), costs: costs.value },
    diagnostics: [...diagnostics, ...costs.diagnostics],
  };
}
