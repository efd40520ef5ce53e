// SPDX-License-Identifier: GPL-2.0-only

import { Command } from 'commander';
import { renderSelftest } from '../../report/selftest-text.ts';
import type { Selftest, SelftestBinding } from '../../report/selftest.ts';
import { selftest } from '../../selftest.ts';
import { EXIT_STATUS } from './exit-status.ts';
import { repeated, wholeNumber } from './option-values.ts';
import { printDiagnostics, printLines, printRefusal, widthOf } from './print.ts';
import { ProgressLine } from './progress.ts';
import { PICK } from './review-options.ts';

const DESCRIPTION =
  "Runs the tree's own test module, lib/test_vmalloc.c: each of its cases, translated, on all C that the tree has and on " +
  'the model. A case must pass, or fail where the module says that it does.';

interface SelftestOptions {
  readonly tree?: string;
  readonly series?: readonly string[];
  readonly version?: string;
  readonly pick?: string;
  readonly patch?: number;
  readonly machine: string;
  readonly fromTree?: true;
  readonly fromModel?: true;
  readonly case?: readonly string[];
  readonly seed: number;
  readonly json?: true;
}

/** The verb `rewalk selftest`. */
export function selftestCommand(): Command {
  return new Command('selftest')
    .description(DESCRIPTION)
    .argument(
      '[parameters...]',
      'of the module, as for insmod: `test_loop_count=1000`, `nr_pages=16`, `use_huge=1`',
    )
    .option('--tree <DIR[@REV]>', 'the kernel tree; as in `rewalk review`')
    .option('--series <source>', 'patches to apply to it; may be given several times', repeated)
    .option('--pick <SERIES>', PICK)
    .option('--version <N>', 'the version of the series; by default the latest')
    .option('--patch <N>', 'how many of its patches are applied, 0 for none; by default all', wholeNumber)
    .option('--machine <M>', 'the machine to run on', 'arm64-4k')
    .option('--from-tree', 'run the cases on the C of the tree only')
    .option('--from-model', 'run them on the model only, with what a series changes')
    .option('--case <NAME>', 'run this case; may be given several times', repeated)
    .option('--seed <S>', 'where the random numbers of the cases begin', wholeNumber, 1)
    .option('--json', 'print what came of each case as JSON')
    .action(async (parameters: string[], options: SelftestOptions) => {
      process.exitCode = await runSelftest(parameters, options);
    });
}

async function runSelftest(parameters: readonly string[], options: SelftestOptions): Promise<number> {
  const { tree, series = [], pick, version, patch, machine, case: cases = [], seed } = options;
  const progress = new ProgressLine(process.stderr);
  const bindings = bindingsOf(options);
  const request = { tree, series, pick, version, patch, machine, bindings, parameters, cases, seed };
  const { value, diagnostics } = await selftest(request, (binding, name) =>
    progress.show(`${name} (${binding})`),
  );
  progress.clear();
  if (value === undefined) {
    printRefusal(process.stderr, diagnostics);
    return EXIT_STATUS.badInput;
  }
  printDiagnostics(process.stderr, diagnostics);
  if (options.json === true) process.stdout.write(`${JSON.stringify({ ...value, diagnostics }, null, 2)}\n`);
  else printLines(process.stdout, renderSelftest(value, widthOf(process.stdout, process.env)));
  return statusOf(value);
}

/** Both unless one is asked for. */
function bindingsOf({ fromTree, fromModel }: SelftestOptions): readonly SelftestBinding[] {
  if (fromTree === fromModel) return ['tree', 'model'];
  return fromTree === true ? ['tree'] : ['model'];
}

function statusOf({ runs }: Selftest): number {
  const open = runs.flatMap(({ results }) => results).filter(({ asExpected }) => !asExpected);
  if (open.length === 0) return EXIT_STATUS.nothingFound;
  const notRun = open.every(({ outcome }) => outcome === 'not-modelled' || outcome === 'out-of-memory');
  return notRun ? EXIT_STATUS.incomplete : EXIT_STATUS.findings;
}
