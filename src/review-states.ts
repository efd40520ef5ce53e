// SPDX-License-Identifier: GPL-2.0-only

import type { SourceTree } from './ingest/source-tree.ts';
import type { ReviewedPatch, ReviewedSeries } from './report/review-schema.ts';
import type { BuiltVersion, ReviewInput } from './review-input.ts';
import { createdHeaders, optionsHeader, sourcesBeside } from './review-brought.ts';
import { leftOutOf } from './review-left-out.ts';
import { isRunWhereChanged, relevantPaths, withElsewhere, type ChangedHeader } from './run/source.ts';
import type { Patch } from './series/series.ts';
import { neededFiles } from './run/needed-files.ts';
import { machineForTree } from './run/tree-config.ts';
import type { Machine } from './trace/machine.ts';

/** The source as it stands after the first patches of a version; version 0 is the tree before the series. */
export interface SourceState {
  readonly version: number;
  readonly label: string;
  /** How many patches are applied. */
  readonly patch: number;
  readonly tree: SourceTree;
}

/** The tree itself first, then each version's prefixes in order. */
export function statesOf(input: ReviewInput): SourceState[] {
  return [baseState(input), ...input.versions.flatMap(statesOfVersion)];
}

export function baseState({ base }: ReviewInput): SourceState {
  return { version: 0, label: 'base', patch: 0, tree: base };
}

function statesOfVersion({ version, prefixes }: BuiltVersion): SourceState[] {
  return prefixes.map(({ patch, tree }) => ({
    version: version.version,
    label: version.label,
    patch,
    tree,
  }));
}

/** `base`, `v4/6`. */
export function stateName({
  version,
  label,
  patch,
}: {
  version: number;
  label: string;
  patch: number;
}): string {
  return version === 0 ? 'base' : `${label}/${patch}`;
}

/**
 * The text of every file that can change what the machine executes, by path, with what the series brings
 * (review-brought.ts); absent files are left out.
 * @param modules C files beside those that are always run
 * @param changed headers that the series changes
 */
export function relevantSource(
  tree: SourceTree,
  machine: Machine,
  modules: readonly string[] = [],
  changed: readonly ChangedHeader[] = [],
): Record<string, string> {
  const options = optionsHeader(tree, machine);
  const configured = machineForTree(machine, (path) => options[path]);
  const created = sourcesBeside(tree, machine);
  const { headers, elsewhere } = neededFiles(tree, configured, [...modules, ...created], changed);
  const source: Record<string, string> = { ...options };
  const paths = [
    ...[...relevantPaths(machine), ...modules, ...created, ...createdHeaders(tree, machine)],
    ...changed.map(({ path }) => path),
    ...headers,
    ...elsewhere.map(({ path }) => path),
  ];
  for (const path of paths) {
    const text = tree.read(path);
    if (text !== undefined) source[path] = text;
  }
  return withElsewhere(source, elsewhere);
}

/**
 * Functions that any version of the series adds, changes, renames or removes. All states of a review bind them to C, so that
 * two states differ in what a patch changes and never in where a function comes from.
 */
export function touchedFunctions({ series }: ReviewInput): readonly string[] {
  const changes = (series?.versions ?? []).flatMap(({ patches }) =>
    patches.flatMap((patch) => patch.functions),
  );
  const names = changes
    .filter(({ kind }) => kind === 'function')
    .flatMap(({ name, previousName }) => (previousName === undefined ? [name] : [name, previousName]));
  return [...new Set(names)].toSorted();
}

/** The series for a report: its versions and patches, and which of them were built and matter. */
export function describeSeries(input: ReviewInput, machines: readonly Machine[]): ReviewedSeries | null {
  const { series, sources, pick, versions } = input;
  if (series === undefined) return null;
  const paths = new Set(machines.flatMap((machine) => relevantPaths(machine)));
  return {
    title: series.title,
    ...(series.author === undefined ? {} : { author: series.author.name }),
    sources,
    ...(pick === undefined ? {} : { pick }),
    versions: versions.map(({ version, prefixes }) => ({
      version: version.version,
      label: version.label,
      title: version.cover?.subject ?? series.title,
      ...(version.date === undefined ? {} : { date: version.date }),
      total: Math.max(version.total, version.patches.length),
      patches: version.patches.map((patch) => ({
        ...describePatch(patch, prefixes, new Set([...paths, ...createdIn(prefixes, machines)]), machines),
        ...leftOutOf(patch, machines, prefixes.find((prefix) => prefix.patch === patch.index)?.tree),
      })),
    })),
  };
}

/** Files that the version creates and that are run. */
function createdIn(prefixes: BuiltVersion['prefixes'], machines: readonly Machine[]): readonly string[] {
  return prefixes.flatMap(({ tree }) => machines.flatMap((machine) => sourcesBeside(tree, machine)));
}

function describePatch(
  patch: Patch,
  prefixes: BuiltVersion['prefixes'],
  relevant: ReadonlySet<string>,
  machines: readonly Machine[],
): ReviewedPatch {
  const isRunSomewhere = (path: string): boolean =>
    machines.some((machine) => isRunWhereChanged(path, machine));
  const { index, subject, author, messageId, commit, files } = patch;
  return {
    patch: index,
    subject,
    ...(author === undefined ? {} : { author: author.name }),
    ...(messageId === undefined ? {} : { messageId }),
    ...(commit === undefined ? {} : { commit }),
    applied: prefixes.some((prefix) => prefix.patch === index),
    relevant: files.some(
      ({ oldPath, newPath, hunks }) =>
        (hunks.length > 0 || oldPath !== newPath) &&
        [oldPath ?? '', newPath ?? ''].some((path) => relevant.has(path) || isRunSomewhere(path)),
    ),
  };
}
