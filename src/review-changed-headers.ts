// SPDX-License-Identifier: GPL-2.0-only

import type { SourceTree } from './ingest/source-tree.ts';
import type { ReviewInput } from './review-input.ts';
import { isRunWhereChanged, type ChangedHeader } from './run/source.ts';
import { findCSymbols } from './series/c-functions.ts';
import type { Machine } from './trace/machine.ts';

/**
 * Headers that any version of the series changes and that are run on the machine where they are changed, with the
 * functions and macros that do not mean the same in all states.
 */
export function changedHeaders(
  { base, versions }: Pick<ReviewInput, 'base' | 'versions'>,
  machine: Machine,
): readonly ChangedHeader[] {
  const files = versions.flatMap(({ version }) => version.patches.flatMap((patch) => patch.files));
  const paths = new Set(files.flatMap(({ oldPath = '', newPath = '' }) => [oldPath, newPath]));
  const trees = [base, ...versions.flatMap(({ prefixes }) => prefixes.map(({ tree }) => tree))];
  return headersThatDiffer(paths, trees, machine);
}

/** Of some files, the headers that are run on the machine where they are changed, with what differs between the trees. */
export function headersThatDiffer(
  paths: Iterable<string>,
  trees: readonly SourceTree[],
  machine: Machine,
): readonly ChangedHeader[] {
  return [...paths]
    .filter((path) => isRunWhereChanged(path, machine))
    .toSorted()
    .map((path) => ({ path, names: namesChanged(path, trees) }));
}

function namesChanged(path: string, trees: readonly SourceTree[]): readonly string[] {
  const texts = new Set(trees.map((tree) => tree.read(path) ?? ''));
  const states = [...texts].map(meaningsIn);
  const names = new Set(states.flatMap((meanings) => [...meanings.keys()]));
  return [...names]
    .filter((name) => new Set(states.map((meanings) => meanings.get(name))).size > 1)
    .toSorted();
}

/** Of each function and macro a text that is equal where it means the same; under #if it may be defined twice. */
function meaningsIn(text: string): ReadonlyMap<string, string> {
  const meanings = new Map<string, string>();
  for (const { name, kind, hash } of findCSymbols(text)) {
    if (kind === 'function' || kind === 'macro') meanings.set(name, `${meanings.get(name) ?? ''} ${hash}`);
  }
  return meanings;
}
