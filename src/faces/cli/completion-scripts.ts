// SPDX-License-Identifier: GPL-2.0-only

import { allCommands, type DescribedCommand, type DescribedOption, type Values } from './command-tree.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Longest description beside a completion, in characters. */
const DESCRIPTION_LENGTH = 70;

/** A script that completes rewalk's command line. It asks nobody: all that can be completed is written in it. */
export function completionScript(shell: Shell, program: DescribedCommand): string {
  switch (shell) {
    case 'bash':
      return bashScript(program);
    case 'zsh':
      return zshScript(program);
    case 'fish':
      return fishScript(program);
  }
}

function bashScript(program: DescribedCommand): string {
  const commands = allCommands(program);
  const values = commands.flatMap(({ path, options }) =>
    options.flatMap((option) => bashValues(path, option)),
  );
  const words = commands.map((command) => {
    const options = command.options.flatMap(({ long, short }) => [
      long,
      ...(short === undefined ? [] : [short]),
    ]);
    const plain = [...command.commands.map(({ name }) => name), ...wordsOf(command)];
    return `    ${quoted(command.path)}) options=${quoted(options.join(' '))} words=${quoted(plain.join(' '))} files=${takesFiles(command) ? 'yes' : 'no'} ;;`;
  });
  return `# Completes rewalk's command line in bash. Made by \`rewalk completion bash\`.
_rewalk() {
  local cur=\${COMP_WORDS[COMP_CWORD]} at=rewalk options= words= files=no i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
    ${commands
      .slice(1)
      .map(({ path }) => quoted(path))
      .join(' | ')}) at="$at \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at \${COMP_WORDS[COMP_CWORD - 1]}" in
${values.join('\n')}
  esac
  case "$at" in
${words.join('\n')}
  esac
  [[ $cur == -* ]] && words=$options files=no
  [[ $files == yes ]] || compopt +o default 2>/dev/null
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _rewalk rewalk
`;
}

/** What follows an option that takes a value; files are bash's own default, where nothing else is offered. */
function bashValues(path: string, { long, values }: DescribedOption): string[] {
  if (values === undefined) return [];
  const place = `    ${quoted(`${path} ${long}`)})`;
  if (values === 'files') return [`${place} return ;;`];
  if (values === 'anything') return [`${place} compopt +o default 2>/dev/null; return ;;`];
  const words = quoted(values.words.join(' '));
  return [`${place} compopt +o default 2>/dev/null; COMPREPLY=($(compgen -W ${words} -- "$cur")); return ;;`];
}

function zshScript(program: DescribedCommand): string {
  const commands = allCommands(program);
  const cases = commands.map((command) => {
    const options = command.options.map(
      ({ long, description, values }) =>
        `${long}[${zshText(shortened(description))}]${values === undefined ? '' : `:value:${zshValues(values)}`}`,
    );
    const names = command.commands.map(({ name }) => name);
    const plain = [...names, ...wordsOf(command)];
    const rest = takesFiles(command)
      ? ['*:file:_files']
      : plain.length > 0
        ? [`*:word:(${plain.join(' ')})`]
        : [];
    return `    (${quoted(command.path)}) _arguments ${[...options, ...rest].map(quoted).join(' ')} ;;`;
  });
  return `#compdef rewalk
# Completes rewalk's command line in zsh. Made by \`rewalk completion zsh\`.
_rewalk() {
  local at=rewalk word
  for word in \${words[2,CURRENT-1]}; do
    case "$at $word" in
    (${commands
      .slice(1)
      .map(({ path }) => quoted(path))
      .join('|')}) at="$at $word" ;;
    esac
  done
  case $at in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _rewalk ]; then _rewalk "$@"; else compdef _rewalk rewalk; fi
`;
}

function zshValues(values: Values): string {
  if (values === 'files') return '_files';
  return values === 'anything' ? ' ' : `(${values.words.join(' ')})`;
}

function zshText(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, String.raw`\$&`);
}

function fishScript(program: DescribedCommand): string {
  const commands = allCommands(program);
  const lines = commands.flatMap((command) => {
    const at = `complete -c rewalk -n "__rewalk_at '${command.path}'"`;
    return [
      ...command.commands.map(
        ({ name, description }) => `${at} -a ${name} -d ${fishText(shortened(description))}`,
      ),
      ...wordsOf(command).map((word) => `${at} -a ${fishText(word)}`),
      ...(takesFiles(command) ? [`${at} -F`] : []),
      ...command.options.map((option) => `${at} ${fishOption(option)}`),
    ];
  });
  return `# Completes rewalk's command line in fish. Made by \`rewalk completion fish\`.
function __rewalk_at
    set -l at rewalk
    for word in (commandline -opc)[2..]
        if contains -- "$at $word" ${commands
          .slice(1)
          .map(({ path }) => fishText(path))
          .join(' ')}
            set at "$at $word"
        end
    end
    test "$at" = $argv[1]
end
complete -c rewalk -f
${lines.join('\n')}
`;
}

function fishOption({ long, short, description, values }: DescribedOption): string {
  const names = [
    `-l ${long.replace(/^--/, '')}`,
    ...(short === undefined ? [] : [`-s ${short.replace('-', '')}`]),
  ];
  const value =
    values === undefined
      ? []
      : values === 'files'
        ? ['-r -F']
        : values === 'anything'
          ? ['-x']
          : [`-x -a ${fishText(values.words.join(' '))}`];
  return [...names, ...value, `-d ${fishText(shortened(description))}`].join(' ');
}

/** Known words that the arguments of a command may be. */
function wordsOf({ arguments: list }: DescribedCommand): string[] {
  return list.flatMap(({ values }) => (typeof values === 'object' ? values.words : []));
}

function takesFiles({ arguments: list }: DescribedCommand): boolean {
  return list.some(({ values }) => values === 'files');
}

/** The part of a description that tells what it is about. */
function shortened(description: string): string {
  const [first = ''] = description.split(/[;:.] |, by default/, 1);
  const plain = first.replaceAll('`', '').replace(/\.$/, '');
  return plain.length <= DESCRIPTION_LENGTH ? plain : `${plain.slice(0, DESCRIPTION_LENGTH - 1).trimEnd()}…`;
}

/** A word for bash and zsh. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A word for fish. */
function fishText(word: string): string {
  return `'${word.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
}
