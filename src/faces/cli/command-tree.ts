// SPDX-License-Identifier: GPL-2.0-only

import type { Argument, Command, Option } from 'commander';
import { readCatalogue } from '../../catalogue.ts';

/** What can stand for a value: names that are known, a file, or something that nobody can guess. */
export type Values = { readonly words: readonly string[] } | 'files' | 'anything';

export interface DescribedOption {
  /** `--tree`. */
  readonly long: string;
  /** `-h`. */
  readonly short: string | undefined;
  /** As help shows it: `--tree <DIR[@REV]>`. */
  readonly flags: string;
  readonly description: string;
  /** Undefined where it takes none. */
  readonly values: Values | undefined;
}

export interface DescribedArgument {
  readonly name: string;
  readonly description: string;
  readonly values: Values;
}

/** A command as its definition says, for everything that is made of the definitions. */
export interface DescribedCommand {
  /** `rewalk hook install`. */
  readonly path: string;
  readonly name: string;
  /** What follows the path: `[options] [sources...]`. */
  readonly usage: string;
  readonly description: string;
  readonly arguments: readonly DescribedArgument[];
  readonly options: readonly DescribedOption[];
  readonly commands: readonly DescribedCommand[];
}

/** Describes a command and all below it. */
export function describeCommand(command: Command, above = ''): DescribedCommand {
  const path = `${above}${command.name()}`;
  const help = command.createHelp();
  return {
    path,
    name: command.name(),
    usage: command.usage(),
    description: command.description(),
    arguments: command.registeredArguments.map(describeArgument),
    options: help.visibleOptions(command).map(describeOption),
    commands: help
      .visibleCommands(command)
      .filter((child) => child.name() !== 'help')
      .map((child) => describeCommand(child, `${path} `)),
  };
}

/** A command and all below it, in the order of help. */
export function allCommands(command: DescribedCommand): DescribedCommand[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

function describeArgument(argument: Argument): DescribedArgument {
  const { description, argChoices } = argument;
  const name = argument.name();
  return { name, description, values: valuesNamed(name, argChoices) };
}

function describeOption(option: Option): DescribedOption {
  const { flags, description, short, argChoices, required, optional } = option;
  const takesOne = required || optional;
  const name =
    /<(.*)>|\[(.*)\]/
      .exec(flags)
      ?.slice(1)
      .find((text) => text !== undefined) ?? '';
  return {
    long: option.long ?? flags,
    short,
    flags,
    description,
    values: takesOne ? valuesNamed(name, argChoices) : undefined,
  };
}

/** What the name of a value says about it, as help shows the name. */
function valuesNamed(name: string, choices: readonly string[] | undefined): Values {
  if (choices !== undefined) return { words: choices };
  if (/^M\b/.test(name)) return { words: readCatalogue().machines.map((machine) => machine.name) };
  if (name === 'id') return { words: readCatalogue().invariants.map(({ id }) => id) };
  return /^(?:sources?|file|DIR)\b/i.test(name) ? 'files' : 'anything';
}
