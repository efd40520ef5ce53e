// SPDX-License-Identifier: GPL-2.0-only

import { Command } from 'commander';
import { readCatalogue } from '../../catalogue.ts';
import { renderInvariant, renderInvariantList } from '../../report/invariant-text.ts';
import { EXIT_STATUS } from './exit-status.ts';
import { printLines, printRefusal, widthOf } from './print.ts';

const DESCRIPTION =
  'Lists the promises that every state of a series is held to; with an id, says what one of them means, where it ' +
  'comes from, why it matters, and what it does not see.';

/** The verb `rewalk invariants`. */
export function invariantsCommand(): Command {
  return new Command('invariants')
    .description(DESCRIPTION)
    .argument('[id]', 'for example map/align')
    .action((id: string | undefined) => {
      process.exitCode = id === undefined ? list() : explain(id);
    });
}

function list(): number {
  printLines(
    process.stdout,
    renderInvariantList(readCatalogue().invariants, widthOf(process.stdout, process.env)),
  );
  return EXIT_STATUS.nothingFound;
}

function explain(id: string): number {
  const { invariants, machines } = readCatalogue();
  const invariant = invariants.find((each) => each.id === id);
  if (invariant === undefined) {
    const message = `there is no invariant \`${id}\`; \`rewalk invariants\` lists them`;
    printRefusal(process.stderr, [{ code: 'review/no-invariant', severity: 'error', message }]);
    return EXIT_STATUS.badInput;
  }
  const names = machines.filter((machine) => invariant.appliesTo(machine)).map(({ name }) => name);
  printLines(process.stdout, renderInvariant(invariant, names, widthOf(process.stdout, process.env)));
  return EXIT_STATUS.nothingFound;
}
