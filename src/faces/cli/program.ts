// SPDX-License-Identifier: GPL-2.0-only
import { Command } from 'commander';
import { explainCommand } from './explain.ts';
import { invariantsCommand } from './invariants.ts';
import { machinesCommand } from './machines.ts';
import { replayCommand } from './replay.ts';
import { reviewCommand } from './review.ts';
import { showCommand } from './show.ts';
import { translateCommand } from './translate.ts';

/** The verbs, in the order in which `rewalk --help` lists them. */
const VERBS: readonly (() => Command)[] = [
  reviewCommand,
  showCommand,
  explainCommand,
  replayCommand,
  translateCommand,
  invariantsCommand,
  machinesCommand,
];

const DESCRIPTION =
  'Reviews patch series for Linux memory-management code by running them: every version, and every patch ' +
  'inside it, is built on a kernel tree, executed on a model of the machine, and held to what the code ' +
  'around it relies on.';

const EPILOGUE = `
Exit status:
  0  nothing found
  1  findings: see the matrix, and the command that runs each one again
  2  the command line or the input cannot be used
  3  could not be completed: what was not modelled or timed out is listed`;

/**
 * The whole command line. Usage errors end in a \`CommanderError\`, never in \`process.exit\`.
 *
 * @param version - as package.json states it.
 */
export function rewalkProgram(version: string): Command {
  const program = new Command('rewalk')
    .description(DESCRIPTION)
    .version(version, '-V, --version', 'print the version of rewalk')
    .helpOption('-h, --help', 'print what a verb does and which options it takes')
    // `rewalk --version` asks for rewalk's, `rewalk review --version 4` for the series'.
    .enablePositionalOptions()
    .helpCommand('help [verb]', 'print what a verb does and which options it takes')
    .addHelpText('after', EPILOGUE);
  for (const verb of VERBS) program.addCommand(verb());
  forEachCommand(program, (command) => command.exitOverride().showSuggestionAfterError());
  return program;
}

function forEachCommand(command: Command, apply: (command: Command) => void): void {
  apply(command);
  for (const child of command.commands) forEachCommand(child, apply);
}
