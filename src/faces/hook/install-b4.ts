// SPDX-License-Identifier: GPL-2.0-only

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { shellWord } from '../../report/replay-command.ts';
import { askGit, askGitForLines, repositoryFolder } from './ask-git.ts';
import type { RunKind } from './hook-kinds.ts';
import type { Done } from './install.ts';

/** A list of commands in b4's configuration, all of which b4 runs. */
interface CheckList {
  readonly key: string;
  readonly run: RunKind;
  /** What b4 runs where the list is empty and the tree has checkpatch. */
  readonly usual: string | undefined;
}

const CHECKPATCH = 'scripts/checkpatch.pl';

const LISTS: readonly CheckList[] = [
  {
    key: 'b4.prep-perpatch-check-cmd',
    run: 'b4-prep-perpatch',
    usual: `./${CHECKPATCH} -q --terse --no-summary --mailback --showfile`,
  },
  { key: 'b4.review-perpatch-check-cmd', run: 'b4-review-perpatch', usual: '_builtin_checkpatch' },
  { key: 'b4.review-series-check-cmd', run: 'b4-review-series', usual: undefined },
];

/**
 * Adds rewalk to the checks of b4. A list that is not empty takes the place of the one in the tree's .b4-config and of
 * b4's own, so what b4 would have run is put in with it.
 */
export function installB4(command: readonly string[], everywhere: boolean): Done {
  const scope = everywhere ? '--global' : '--local';
  if (!everywhere && repositoryFolder() === undefined) {
    return { ok: false, lines: ['this is not a git repository; --global needs none'] };
  }
  const lines: string[] = [];
  for (const list of LISTS) {
    const values = valuesOf(scope, list);
    // b4 names a check after its program: that is not to be `node`.
    const value = `${shellWord(command.at(-1)!)} hook run ${list.run}`;
    if (values.includes(value)) {
      lines.push(`${list.key} has rewalk already`);
      continue;
    }
    const stale = values.some((each) => isOurs(each, list));
    if (stale) askGit(['config', scope, '--unset-all', list.key, ourPattern(list)]);
    const kept = values.length === 0 ? whatB4Runs(list) : [];
    for (const each of [...kept, value]) askGit(['config', scope, '--add', list.key, each]);
    lines.push(`${stale ? 'renewed rewalk in' : 'added rewalk to'} ${list.key}`);
    for (const each of kept) lines.push(`kept what b4 runs there: ${each}`);
  }
  return { ok: true, lines };
}

/** Takes rewalk out of the checks of b4. */
export function uninstallB4(everywhere: boolean): Done {
  const scope = everywhere ? '--global' : '--local';
  const lines = LISTS.map((list) => {
    const values = valuesOf(scope, list);
    const others = values.filter((each) => !isOurs(each, list));
    if (others.length === values.length) return `${list.key} has no check of rewalk's`;
    // What was only kept because of rewalk is what b4 runs anyway.
    const asBefore = others.every((each) => whatB4Runs(list).includes(each));
    askGit(['config', scope, '--unset-all', list.key, ...(asBefore ? [] : [ourPattern(list)])]);
    return `removed rewalk from ${list.key}`;
  });
  return { ok: true, lines };
}

function valuesOf(scope: string, { key }: CheckList): string[] {
  return (askGit(['config', scope, '--null', '--get-all', key]) ?? '')
    .split('\0')
    .filter((value) => value !== '');
}

/** Without a list of one's own: the list of the tree, or b4's. */
function whatB4Runs({ key, usual }: CheckList): string[] {
  const folder = repositoryFolder();
  if (folder === undefined) return [];
  const listed = askGitForLines(['config', '-f', join(folder, '.b4-config'), '--get-all', key]);
  if (listed.length > 0) return listed;
  return usual !== undefined && existsSync(join(folder, CHECKPATCH)) ? [usual] : [];
}

function isOurs(value: string, list: CheckList): boolean {
  return new RegExp(ourPattern(list)).test(value);
}

/** A regular expression that git and JavaScript read alike. */
function ourPattern({ run }: CheckList): string {
  return `rewalk[^ ]* hook run ${run}$`;
}
