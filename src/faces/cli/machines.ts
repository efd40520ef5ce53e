// SPDX-License-Identifier: GPL-2.0-only

import { Command } from 'commander';
import { readCatalogue } from '../../catalogue.ts';
import { renderMachines } from '../../report/machine-text.ts';
import { EXIT_STATUS } from './exit-status.ts';
import { printLines, widthOf } from './print.ts';

const DESCRIPTION =
  'Lists the machines that a series is run on: page size, levels of the page table, sizes of blocks and ' +
  'contiguous runs, whether a live mapping may be split, and which of them a review takes unless told otherwise.';

/** The verb `rewalk machines`. */
export function machinesCommand(): Command {
  return new Command('machines').description(DESCRIPTION).action(() => {
    const { machines, usualMachines } = readCatalogue();
    printLines(process.stdout, renderMachines(machines, usualMachines, widthOf(process.stdout, process.env)));
    process.exitCode = EXIT_STATUS.nothingFound;
  });
}
