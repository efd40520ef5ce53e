// SPDX-License-Identifier: GPL-2.0-only

import type { SourceTree } from '../ingest/source-tree.ts';
import { findFunctionChanges } from './function-changes.ts';
import { diffLines } from './line-diff.ts';
import { patchLines } from './patch-lines.ts';
import type { FunctionChange, SeriesVersion } from './series.ts';
import type { FunctionDiff, OnTheWay, PatchOutcome } from './version-diff.ts';

/** A version with the source after its last patch, if its patches apply. */
export interface BuiltTip {
  readonly version: SeriesVersion;
  readonly tree: SourceTree | undefined;
}

/**
 * What differs, function by function, between the sources after two versions. Without both sources, the lines that
 * their patches add and remove are compared instead, as far as hunks tell the function.
 */
export function functionDiffs(from: BuiltTip, to: BuiltTip): FunctionDiff[] {
  const paths = new Set(
    [from, to].flatMap(({ version }) =>
      version.patches.flatMap(({ files }) => files.flatMap(({ oldPath, newPath }) => [oldPath, newPath])),
    ),
  );
  const sources = [...paths].filter((path) => path !== undefined && /\.[ch]$/.test(path)) as string[];
  const [before, after] = [from.tree, to.tree];
  if (before === undefined || after === undefined) return diffsFromHunks(from.version, to.version);
  return sources.toSorted().flatMap((path) => {
    const texts = { before: before.read(path), after: after.read(path) };
    return findFunctionChanges(path, texts.before, texts.after).map((change) =>
      diffFromTrees(change, texts, from.version, to.version),
    );
  });
}

function diffFromTrees(
  change: FunctionChange,
  texts: { readonly before: string | undefined; readonly after: string | undefined },
  from: SeriesVersion,
  to: SeriesVersion,
): FunctionDiff {
  const linesOf = (text: string | undefined, range: FunctionChange['before']): string[] =>
    range === undefined ? [] : (text ?? '').split('\n').slice(range.startLine - 1, range.endLine);
  const previous = change.previousName ?? change.name;
  return {
    change: change.change,
    kind: change.kind,
    name: change.name,
    ...(change.previousName === undefined ? {} : { previousName: change.previousName }),
    file: change.file,
    ...(change.after === undefined ? {} : { line: change.after.startLine }),
    before: patchesTouching(from, previous, change.file),
    after: patchesTouching(to, change.name, change.file),
    lines: diffLines(linesOf(texts.before, change.before), linesOf(texts.after, change.after)),
    basis: 'tree',
  };
}

/** Numbers of the patches that change a function. */
function patchesTouching(version: SeriesVersion, name: string, file: string): number[] {
  return version.patches
    .filter(({ functions }) =>
      functions.some(
        (change) => change.file === file && (change.name === name || change.previousName === name),
      ),
    )
    .map(({ index }) => index);
}

/** Functions that end the same in both versions, and that some patch and the one that it was change differently. */
export function changesOnTheWay(
  from: SeriesVersion,
  to: SeriesVersion,
  patches: readonly PatchOutcome[],
  functions: readonly FunctionDiff[],
): OnTheWay[] {
  const found = new Map<string, number[]>();
  for (const { before, after } of patches) {
    if (after === undefined) continue;
    const old = before === undefined ? new Map<string, string[]>() : changedLines(from, before);
    const now = changedLines(to, after);
    for (const key of new Set([...old.keys(), ...now.keys()])) {
      if (old.get(key)?.join('\n') !== now.get(key)?.join('\n')) {
        found.set(key, [...(found.get(key) ?? []), after]);
      }
    }
  }
  return [...found].flatMap(([key, after]) => {
    const [file = '', name = ''] = key.split('\0');
    const differs = functions.some((change) => change.name === name || change.previousName === name);
    return differs ? [] : [{ name, file, after }];
  });
}

function diffsFromHunks(from: SeriesVersion, to: SeriesVersion): FunctionDiff[] {
  const [before, after] = [changedLines(from), changedLines(to)];
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys.flatMap((key): FunctionDiff[] => {
    const [old, now] = [before.get(key) ?? [], after.get(key) ?? []];
    if (old.join('\n') === now.join('\n')) return [];
    const [file = '', name = ''] = key.split('\0');
    return [
      {
        change: old.length === 0 ? 'added' : now.length === 0 ? 'removed' : 'modified',
        kind: 'function',
        name,
        file,
        before: patchesTouching(from, name, file),
        after: patchesTouching(to, name, file),
        lines: diffLines(old, now),
        basis: 'hunks',
      },
    ];
  });
}

/** The lines that a version's patches, or one of them, change: with their marks, by file and function. */
function changedLines({ patches }: SeriesVersion, only?: number): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const read = only === undefined ? patches : patches.filter(({ index }) => index === only);
  for (const line of read.flatMap(patchLines)) {
    if ((line.kind !== 'added' && line.kind !== 'removed') || line.function === undefined) continue;
    const key = `${line.file ?? ''}\0${line.function}`;
    found.set(key, [...(found.get(key) ?? []), `${line.kind === 'added' ? '+' : '-'}${line.text}`]);
  }
  return found;
}
