// SPDX-License-Identifier: GPL-2.0-only

import { allCommands, type DescribedCommand, type DescribedOption } from './command-tree.ts';

/** What a manual has beside the commands. */
export interface ManualText {
  readonly version: string;
  /** Status and meaning. */
  readonly exitStatus: readonly (readonly [status: number, meaning: string])[];
}

/** The manual page, as source for man(1): the program, each command with its arguments and options, the exit status. */
export function manPage(program: DescribedCommand, { version, exitStatus }: ManualText): string {
  const [, ...verbs] = allCommands(program);
  return [
    `.TH REWALK 1 "" "rewalk ${roff(version)}" "User Commands"`,
    '.SH NAME',
    String.raw`rewalk \- run patch series for Linux memory-management code, version by version and patch by patch`,
    '.SH SYNOPSIS',
    ...program.commands.flatMap((verb) => ['.br', synopsis(verb)]),
    '.SH DESCRIPTION',
    roff(program.description),
    '.SH OPTIONS',
    ...program.options.flatMap(describeOption),
    '.SH VERBS',
    ...verbs.flatMap(describeVerb),
    '.SH EXIT STATUS',
    ...exitStatus.flatMap(([status, meaning]) => ['.TP', String(status), roff(meaning)]),
    '',
  ].join('\n');
}

function synopsis({ path, usage }: DescribedCommand): string {
  return String.raw`\fB${roff(path)}\fR ${roff(usage)}`;
}

function describeVerb(command: DescribedCommand): string[] {
  return [
    `.SS ${roff(command.path)} ${roff(command.usage)}`,
    roff(command.description),
    ...command.arguments
      .filter(({ description }) => description !== '')
      .flatMap(({ name, description }) => ['.TP', String.raw`\fI${roff(name)}\fR`, roff(description)]),
    ...command.options.flatMap(describeOption),
  ];
}

function describeOption({ flags, description, values }: DescribedOption): string[] {
  const known = typeof values === 'object' ? ` (${values.words.join(', ')})` : '';
  return ['.TP', String.raw`\fB${roff(flags)}\fR`, roff(description + known)];
}

/** Text that man(1) takes for text: no requests, no escapes, hyphens that can be copied. */
function roff(text: string): string {
  return text
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replaceAll(
      /[^\n -~]/gu,
      (character) => `\\[u${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .split(/\s*\n\s*/)
    .map((line) => line.replace(/^(?=[.'])/, String.raw`\&`))
    .join('\n');
}
