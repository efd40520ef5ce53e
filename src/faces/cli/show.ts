// SPDX-License-Identifier: GPL-2.0-only

import { Command } from 'commander';
import { renderDiagnosticLine } from '../../base/diagnostic.ts';
import { readSeries } from '../../read-series.ts';
import { renderMailCounts, renderSeries } from '../../report/series-text.ts';
import { plainText } from '../../report/styled-text.ts';
import { terminalText } from '../../report/terminal-text.ts';
import { EXIT_STATUS } from './exit-status.ts';
import { printRefusal } from './print.ts';
import { PICK, SOURCES } from './review-options.ts';

const DESCRIPTION =
  'Reads patches and prints what was read, without running anything: the versions of each series, their patches ' +
  'in order, and the functions that each patch adds, removes, renames or changes.';

interface ShowOptions {
  readonly tree?: string;
  readonly pick?: string;
  readonly json?: true;
}

/** The verb `rewalk show`. */
export function showCommand(): Command {
  return new Command('show')
    .description(DESCRIPTION)
    .argument('<sources...>', SOURCES)
    .option(
      '--tree <DIR[@REV]>',
      'the kernel tree that the patches are for; gives functions their line numbers',
    )
    .option('--pick <SERIES>', PICK)
    .option('--json', 'print the series as JSON: {"series": […], "mails": {…}, "diagnostics": […]}')
    .action(async (sources: string[], options: ShowOptions) => {
      process.exitCode = await show(sources, options);
    });
}

async function show(sources: readonly string[], options: ShowOptions): Promise<number> {
  const { value, diagnostics } = await readSeries(sources, options.tree, options.pick);
  const shown = value.series;
  if (options.pick !== undefined && shown.length === 0) {
    printRefusal(process.stderr, diagnostics);
    return EXIT_STATUS.badInput;
  }
  if (options.json === true) {
    process.stdout.write(
      `${JSON.stringify({ series: shown, mails: value.mails, diagnostics }, undefined, 2)}\n`,
    );
  } else {
    const numbered = shown.length > 1;
    const blocks = shown.map((series, index) =>
      renderSeries(series, numbered ? index + 1 : undefined)
        .map((line) => `${plainText(line)}\n`)
        .join(''),
    );
    process.stdout.write(blocks.join('\n'));
    if (value.mails.read > 0) process.stdout.write(`\n${plainText(renderMailCounts(value.mails))}\n`);
  }
  for (const diagnostic of diagnostics) {
    process.stderr.write(`${terminalText(renderDiagnosticLine(diagnostic))}\n`);
  }
  return diagnostics.some(({ severity }) => severity === 'error')
    ? EXIT_STATUS.badInput
    : EXIT_STATUS.nothingFound;
}
