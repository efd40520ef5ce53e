// SPDX-License-Identifier: GPL-2.0-only

import { Command } from 'commander';
import { renderCosts } from '../../report/costs-text.ts';
import { seriesCosts } from '../../series-costs.ts';
import { EXIT_STATUS } from './exit-status.ts';
import { listOf } from './option-values.ts';
import { printDiagnostics, printLines, printRefusal, widthOf } from './print.ts';
import { SOURCES } from './review-options.ts';

const DESCRIPTION =
  'Runs what a series claims to make faster, on the tree and on each version, counts what it did (page-table writes, ' +
  'walks, locks, flushes, loops …), weighs that with a published table, and prints the modelled ratio beside each ' +
  'claim. Without a claim that can be run, the usual benchmarks are. No real time is measured.';

interface CostsOptions {
  readonly tree?: string;
  readonly version?: readonly string[];
  readonly machine?: string;
  readonly weights?: string;
  readonly json?: true;
}

/** The verb `rewalk costs`. */
export function costsCommand(): Command {
  return new Command('costs')
    .description(DESCRIPTION)
    .argument('[sources...]', SOURCES)
    .option('--tree <DIR[@REV]>', 'the kernel tree; as in `rewalk review`')
    .option('--version <N,...>', 'these versions only', listOf)
    .option('--machine <M>', 'the machine to run on; by default one of the kind that a claim names')
    .option('--weights <NAME>', 'the table of weights (docs/costs.md); by default what a claim names')
    .option('--json', 'print everything that was counted as JSON')
    .action(async (sources: string[], options: CostsOptions) => {
      process.exitCode = await runCosts(sources, options);
    });
}

async function runCosts(sources: readonly string[], options: CostsOptions): Promise<number> {
  const { tree, version: versions, machine, weights } = options;
  const { value, diagnostics } = await seriesCosts({ sources, tree, versions, machine, weights });
  if (value === undefined) {
    printRefusal(process.stderr, diagnostics);
    return EXIT_STATUS.badInput;
  }
  printDiagnostics(process.stderr, diagnostics);
  if (options.json === true) process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
  else printLines(process.stdout, renderCosts(value, widthOf(process.stdout, process.env)));
  const runs = [
    ...value.calls.flatMap(({ states }) => states),
    ...value.threads.flatMap(({ states }) => states),
  ];
  const incomplete = runs.some((run) =>
    'runs' in run ? run.runs.some(({ ns }) => ns === null) : run.ns === null,
  );
  return incomplete ? EXIT_STATUS.incomplete : EXIT_STATUS.nothingFound;
}
