// SPDX-License-Identifier: GPL-2.0-only

import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { renderReplay } from '../../report/replay-text.ts';
import type { Replay } from '../../report/replay.ts';
import { replay, traceLines } from '../../replay.ts';
import { EXIT_STATUS } from './exit-status.ts';
import { repeated, wholeNumber } from './option-values.ts';
import { PICK } from './review-options.ts';
import { printDiagnostics, printLines, printRefusal, widthOf } from './print.ts';

const DESCRIPTION =
  'Runs one scenario on one state of the source, as a finding names them, and prints what happened event by event ' +
  'and what every promise makes of it. A scenario that gives areas back ends with vm_unmap_aliases(), which is not ' +
  'written in it: what was put off is done by then.';

interface ReplayOptions {
  readonly tree?: string;
  readonly series?: readonly string[];
  readonly version?: string;
  readonly pick?: string;
  readonly patch?: number;
  readonly machine: string;
  readonly fromTree?: true;
  readonly allEvents?: true;
  readonly trace?: string;
}

/** The verb `rewalk replay`. */
export function replayCommand(): Command {
  return new Command('replay')
    .description(DESCRIPTION)
    .argument('<scenario>', 'what to do, for example `vmap 4K*3,64K; set_memory_ro #0+2*4; vunmap #0`')
    .option('--tree <DIR[@REV]>', 'the kernel tree; as in `rewalk review`')
    .option('--series <source>', 'patches to apply to it; may be given several times', repeated)
    .option('--pick <SERIES>', PICK)
    .option('--version <N>', 'the version of the series; by default the latest')
    .option('--patch <N>', 'how many of its patches are applied, 0 for none; by default all', wholeNumber)
    .option('--machine <M>', 'the machine to run on', 'arm64-4k')
    .option('--from-tree', 'run all C that the tree has, not only what the series changes')
    .option('--all-events', 'print every event: walks, allocations, locks and barriers too')
    .option('--trace <file>', 'save the trace there (docs/trace-format.md)')
    .action(async (scenario: string, options: ReplayOptions) => {
      process.exitCode = await runReplay(scenario, options);
    });
}

async function runReplay(scenario: string, options: ReplayOptions): Promise<number> {
  const { tree, series = [], pick, version, patch, machine, fromTree = false, allEvents = false } = options;
  const { value, diagnostics } = await replay({
    scenario,
    machine,
    tree,
    series,
    pick,
    version,
    patch,
    fromTree,
  });
  if (value === undefined) {
    printRefusal(process.stderr, diagnostics);
    return EXIT_STATUS.badInput;
  }
  printDiagnostics(process.stderr, diagnostics);
  if (options.trace !== undefined && !saveTrace(options.trace, value)) return EXIT_STATUS.badInput;
  const width = widthOf(process.stdout, process.env);
  printLines(process.stdout, renderReplay(value, { width, allEvents }));
  if (value.violations.length > 0) return EXIT_STATUS.findings;
  return value.end === 'completed' && value.notReached.length === 0
    ? EXIT_STATUS.nothingFound
    : EXIT_STATUS.incomplete;
}

function saveTrace(file: string, value: Replay): boolean {
  try {
    writeFileSync(file, [...traceLines(value)].join(''));
    return true;
  } catch (error) {
    const message = `the trace cannot be saved: ${error instanceof Error ? error.message : String(error)}`;
    printRefusal(process.stderr, [{ code: 'review/not-saved', severity: 'error', message, where: { file } }]);
    return false;
  }
}
