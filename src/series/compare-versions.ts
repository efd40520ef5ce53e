// SPDX-License-Identifier: GPL-2.0-only

import type { SourceTree } from '../ingest/source-tree.ts';
import { checkChangelog, unmentionedChanges } from './changelog-check.ts';
import { changesOnTheWay, functionDiffs, type BuiltTip } from './function-diff.ts';
import { movedLines, patchOutcomes } from './match-moves.ts';
import type { Patch, SeriesVersion } from './series.ts';
import type { UnknownName, VersionDiff } from './version-diff.ts';

/**
 * Compares two versions of a series: their patches, their functions, and what the newer one's changelog says of
 * that. With the sources after both versions (`tree`), functions are compared whole.
 */
export function compareVersions(from: BuiltTip, to: BuiltTip, base: SourceTree | undefined): VersionDiff {
  const patches = patchOutcomes(from.version, to.version);
  const functions = functionDiffs(from, to);
  const onTheWay = changesOnTheWay(from.version, to.version, patches, functions);
  const compared = { from: from.version, to: to.version, patches, functions, onTheWay };
  return {
    title: to.version.cover?.subject ?? to.version.patches[0]?.subject ?? '',
    from: from.version.label,
    to: to.version.label,
    patches,
    moves: movedLines(from.version, to.version),
    functions,
    onTheWay,
    entries: checkChangelog(compared),
    unmentioned: unmentionedChanges(compared),
    names: base === undefined || to.tree === undefined ? [] : unknownNames(to.version, base, to.tree),
  };
}

/** Functions that commit messages name and that no file which the series changes has, before or after it. */
function unknownNames(version: SeriesVersion, base: SourceTree, tip: SourceTree): UnknownName[] {
  const paths = new Set(
    version.patches.flatMap(({ files }) => files.flatMap(({ oldPath, newPath }) => [oldPath, newPath])),
  );
  const words = new Set(
    [...paths]
      .filter((path) => path !== undefined)
      .flatMap((path) => [base.read(path), tip.read(path)])
      .flatMap((text) => text?.match(/[A-Za-z_]\w+/g) ?? []),
  );
  return version.patches.flatMap((patch) =>
    calledIn(patch)
      .filter((name) => !words.has(name))
      .map((name) => ({ patch: patch.index, name })),
  );
}

/** Names with `()` in a commit message. */
function calledIn({ subject, message }: Patch): string[] {
  return [
    ...new Set(
      [...`${subject}\n${message}`.matchAll(/(?<![\w.])([A-Za-z_]\w{2,80})\(\)/g)].map(
        ([, name = '']) => name,
      ),
    ),
  ];
}
