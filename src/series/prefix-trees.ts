// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from '../base/diagnostic.ts';
import { applyFilePatches } from '../ingest/apply-patch.ts';
import { OverlayTree, type SourceTree } from '../ingest/source-tree.ts';
import { findFunctionChanges } from './function-changes.ts';
import type { FunctionChange, Patch, Series, SeriesVersion } from './series.ts';

/** The source as it stands after the first patches of a version. */
export interface PrefixTree {
  /** Index of the last patch that is applied, 1-based. */
  readonly patch: number;
  readonly tree: OverlayTree;
}

/**
 * Builds the tree after each patch of a version, in order. A patch that is missing or does not apply is reported,
 * and nothing after it is built.
 */
export function buildPrefixTrees(base: SourceTree, version: SeriesVersion): WithDiagnostics<PrefixTree[]> {
  const trees: PrefixTree[] = [];
  const diagnostics: Diagnostic[] = [];
  let tree = base;
  let expected = 1;
  for (const patch of version.patches) {
    if (patch.index !== expected) {
      diagnostics.push(stop(version, expected, `patch ${expected} is missing`));
      break;
    }
    const applied = applyFilePatches(tree, patch.files, patch.bodyPlace);
    if (applied.diagnostics.length > 0) {
      const follows = `so ${describeRest(version, patch.index)} not built`;
      diagnostics.push(
        ...applied.diagnostics.map((diagnostic) => withPatch(diagnostic, version, patch, follows)),
      );
      break;
    }
    const title = `${base.title} + ${version.label} ${patch.index}/${version.total}`;
    const next = new OverlayTree(title, base, applied.value.changed);
    trees.push({ patch: patch.index, tree: next });
    tree = next;
    expected = patch.index + 1;
  }
  return { value: trees, diagnostics };
}

/**
 * The series with each patch's functions computed from the tree before and after it, where the patches apply;
 * elsewhere what the hunks say stays.
 */
export function withFunctionsFromTree(series: Series, base: SourceTree): WithDiagnostics<Series> {
  const diagnostics: Diagnostic[] = [];
  const versions = series.versions.map((version) => {
    const built = buildPrefixTrees(base, version);
    diagnostics.push(...built.diagnostics);
    const treeAfter = new Map(built.value.map(({ patch, tree }) => [patch, tree]));
    const patches = version.patches.map((patch) => {
      const after = treeAfter.get(patch.index);
      const before = patch.index === 1 ? base : treeAfter.get(patch.index - 1);
      if (after === undefined || before === undefined) return patch;
      return { ...patch, functions: patchFunctionChanges(patch, before, after) };
    });
    return { ...version, patches };
  });
  return { value: { ...series, versions }, diagnostics };
}

/** What a patch does to the functions of every C file that it changes. */
function patchFunctionChanges(patch: Patch, before: SourceTree, after: SourceTree): FunctionChange[] {
  return patch.files.flatMap((file) => {
    const path = file.newPath ?? file.oldPath;
    if (path === undefined || !/\.[ch]$/.test(path)) return [];
    const textBefore = file.oldPath === undefined ? undefined : before.read(file.oldPath);
    const textAfter = file.newPath === undefined ? undefined : after.read(file.newPath);
    return findFunctionChanges(path, textBefore, textAfter);
  });
}

function stop(version: SeriesVersion, index: number, reason: string): Diagnostic {
  return {
    code: 'series/prefix-not-built',
    severity: 'error',
    message: `${version.label}: ${reason}, so ${describeRest(version, index)} not built`,
    where: version.cover?.place ?? version.patches[0]?.place,
  };
}

function withPatch(
  diagnostic: Diagnostic,
  version: SeriesVersion,
  patch: Patch,
  follows: string,
): Diagnostic {
  const message = `${version.label} patch ${patch.index}/${version.total}: ${diagnostic.message}, ${follows}`;
  return { ...diagnostic, message };
}

function describeRest(version: SeriesVersion, from: number): string {
  const last = Math.max(version.total, from);
  return from === last ? `patch ${from} is` : `patches ${from} to ${last} are`;
}
