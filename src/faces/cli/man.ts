// SPDX-License-Identifier: GPL-2.0-only

import { Command } from 'commander';
import { describeCommand } from './command-tree.ts';
import { manPage } from './man-page.ts';
import { EXIT_STATUS_MEANINGS } from './exit-status.ts';
import { readVersion } from './version.ts';

const DESCRIPTION =
  'Prints the manual page, as source for man(1): `rewalk man > ~/.local/share/man/man1/rewalk.1`, or `rewalk man | man -l -` to read it.';

/** The verb `rewalk man`. It must stand among all other verbs, which it describes. */
export function manCommand(): Command {
  return new Command('man').description(DESCRIPTION).action((_options: unknown, command: Command) => {
    const text = { version: readVersion(), exitStatus: EXIT_STATUS_MEANINGS };
    process.stdout.write(manPage(describeCommand(command.parent!), text));
  });
}
