// SPDX-License-Identifier: GPL-2.0-only

import { shellWord } from '../../report/replay-command.ts';
import type { ScriptKind } from './hook-kinds.ts';

/** In the second line of every script that rewalk writes: by it a script is known again. */
const MARK = '# Written by `rewalk hook install`';

/** What an earlier hook of the same name is called while rewalk's stands in its place. */
export const CHAINED_SUFFIX = '.before-rewalk';

export function isOurScript(text: string): boolean {
  return text.split('\n', 2)[1]?.startsWith(MARK) === true;
}

/** The hook that runs before rewalk's: the one that stood in its place, or the repository's own. */
export type Before = 'beside' | 'repository';

/**
 * The hook as a shell script. It runs the hook that was there before first, with the same arguments and input, and
 * nothing can be stopped by rewalk having been moved or removed.
 *
 * @param command - the program and its first arguments, absolute paths.
 */
export function hookScript(kind: ScriptKind, command: readonly string[], before: Before): string {
  const program = command.at(-1)!;
  return `#!/bin/sh
${MARK}, for ${kind}; \`rewalk hook uninstall --type ${kind}\` puts back what was here.
before=${before === 'beside' ? `"$0${CHAINED_SUFFIX}"` : repositoryHook(kind)}
${kind === 'pre-push' ? PASS_ON_WITH_INPUT : PASS_ON}
if [ ! -e ${shellWord(program)} ]; then
  echo "rewalk: NOT CHECKED: ${program.replaceAll(/["$`\\]/g, '?')} is not there; was rewalk moved?" >&2
  [ "$(git config --type=bool rewalk.failureStops)" = true ] && exit 1
  exit 0
fi
${kind === 'pre-push' ? 'feed | ' : 'exec '}${command.map(shellWord).join(' ')} hook run ${kind} "$@"
`;
}

function repositoryHook(name: string): string {
  return `"$(git rev-parse --git-common-dir)/hooks/${name}"`;
}

const PASS_ON = `if [ -x "$before" ]; then "$before" "$@" || exit $?; fi`;

const PASS_ON_WITH_INPUT = `input=$(cat)
feed() { [ -z "$input" ] || printf '%s\\n' "$input"; }
if [ -x "$before" ]; then feed | "$before" "$@" || exit $?; fi`;

/**
 * A hook that only runs the repository's own of that name. A folder of hooks for all repositories takes the place of
 * each one's own folder, whose hooks would be silenced otherwise.
 */
export function passOnScript(name: string): string {
  return `#!/bin/sh
${MARK} --global: runs the repository's own ${name}.
own=${repositoryHook(name)}
[ ! -x "$own" ] || exec "$own" "$@"
`;
}
