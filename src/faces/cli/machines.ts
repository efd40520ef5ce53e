// SPDX-License-Identifier: GPL-2.0-only

import { Command } from 'commander';
import { readCatalogue } from '../../catalogue.ts';
import { renderMachines } from '../../report/machine-text.ts';
import { EXIT_STATUS } from './exit-status.ts';
import { printLines, widthOf } from './print.ts';

const DESCRIPTION =
  'Lists the machines that a series is run on: page size, levels of the page table, sizes of blocks and ' +
  'contiguous runs, and whether a live mapping may be split.';

/** The verb `rewalk machines`. */
export function machinesCommand(): Command {
  return new Command('machines').description(DESCRIPTION).action(() => {
    printLines(
      process.stdout,
      renderMachines(readCatalogue().machines, widthOf(process.stdout, process.env)),
    );
    process.exitCode = EXIT_STATUS.nothingFound;
  });
}
