// SPDX-License-Identifier: GPL-2.0-only

import type { SourceTree } from './ingest/source-tree.ts';
import type { ReviewedPatch } from './report/review-schema.ts';
import { modelHeaders } from './model/headers.ts';
import { broughtOptions, createdHeaders, sourcesBeside } from './review-brought.ts';
import { definedElsewhere } from './review-other-architectures.ts';
import { neededFiles } from './run/needed-files.ts';
import { isRunWhereChanged, translatedPaths } from './run/source.ts';
import type { ChangedFile, FunctionChange, Patch } from './series/series.ts';
import type { Machine } from './trace/machine.ts';

/** Prose and lists of people: nothing in them could be run. */
const NO_CODE = /^Documentation\/|^MAINTAINERS$|^CREDITS$|\.(?:rst|txt|md)$/;

/**
 * What a patch changes that a review cannot speak of: files that are not run on any of the machines, functions that it
 * moves to such files, and options of Kconfig that changed lines ask for and no machine has set. And which options it brings
 * that count as set, for nobody knows the reader's configuration. And what only architectures define that no machine has.
 * @param tree the source behind the patch; undefined where it could not be applied
 */
export function leftOutOf(
  { files, functions }: Pick<Patch, 'files' | 'functions'>,
  machines: readonly Machine[],
  tree: SourceTree | undefined,
): Pick<ReviewedPatch, 'notRun' | 'moved' | 'unset' | 'countedAsSet' | 'definedElsewhere'> {
  const paths = new Set(machines.flatMap((machine) => translatedPaths(machine)));
  const brought = tree === undefined ? [] : machines.flatMap((machine) => filesBrought(tree, machine));
  const run = new Set([...paths, ...brought]);
  const isOfModel = (path: string): boolean =>
    functions.some(({ file, name }) => file === path && machines.some((machine) => declares(machine, name)));
  const changedIn = (path: string): readonly string[] =>
    functions.flatMap(({ file, name }) => (file === path ? [name] : []));
  const isRun = (path: string | undefined): boolean =>
    path !== undefined &&
    (run.has(path) ||
      machines.some((machine) => isRunWhereChanged(path, machine)) ||
      (tree !== undefined && !isOfModel(path) && isNeeded(tree, machines, path, changedIn(path))));
  const notRun = files.flatMap(({ oldPath, newPath }) => {
    const path = newPath ?? oldPath;
    return path === undefined || isRun(path) || NO_CODE.test(path) || isKconfig(path) ? [] : [path];
  });
  const moved = movedAway(functions, isRun);
  const options = new Set(
    tree === undefined ? [] : machines.flatMap((machine) => broughtOptions(tree, machine)),
  );
  const unset = files.flatMap((file) => (isRun(file.newPath) ? unsetOptions(file, machines, options) : []));
  const set = files.flatMap(declaredOptions).filter((name) => options.has(name));
  const elsewhere = tree === undefined ? [] : definedElsewhere(files, machines, tree);
  return {
    ...(notRun.length > 0 && { notRun: [...new Set(notRun)].toSorted() }),
    ...(moved.length > 0 && { moved }),
    ...(unset.length > 0 && { unset: [...new Set(unset)].toSorted() }),
    ...(set.length > 0 && { countedAsSet: [...new Set(set)].toSorted().map((name) => `CONFIG_${name}`) }),
    ...(elsewhere.length > 0 && { definedElsewhere: elsewhere }),
  };
}

/** Functions that stood in a file that is run and stand in one that is not. */
function movedAway(
  functions: readonly FunctionChange[],
  isRun: (path: string) => boolean,
): { name: string; to: string }[] {
  const gone = new Set(
    functions
      .filter(({ change, kind, file }) => change === 'removed' && kind === 'function' && isRun(file))
      .map(({ name }) => name),
  );
  return functions
    .filter(({ change, name, file }) => change === 'added' && gone.has(name) && !isRun(file))
    .map(({ name, file }) => ({ name, to: file }));
}

/** Options are told by the code that asks for them. */
function isKconfig(path: string): boolean {
  return /(?:^|\/)(?:Kconfig[\w.-]*|Makefile|Kbuild)$/.test(path);
}

/** Beside the files that are always run: what the series creates. */
function filesBrought(tree: SourceTree, machine: Machine): readonly string[] {
  return [...sourcesBeside(tree, machine), ...createdHeaders(tree, machine)];
}

/** Is something taken from the header, which the model does not declare, or all that the patch changes in a C file? */
function isNeeded(
  tree: SourceTree,
  machines: readonly Machine[],
  path: string,
  changed: readonly string[],
): boolean {
  return machines.some((machine) => {
    const { headers, elsewhere } = neededFiles(tree, machine, sourcesBeside(tree, machine));
    const names = elsewhere.find((each) => each.path === path)?.names ?? [];
    return headers.includes(path) || (names.length > 0 && changed.every((name) => names.includes(name)));
  });
}

/** Do the model's headers have the name? Then that is what counts, whatever a header of the tree says. */
function declares(machine: Machine, name: string): boolean {
  return new RegExp(`\\b${name.replaceAll(/\W/g, '')}\\b`).test(modelHeaders(machine));
}

/** Options that the patch adds to a Kconfig file, without `CONFIG_`. */
function declaredOptions(file: ChangedFile): string[] {
  if (file.newPath === undefined || !isKconfig(file.newPath)) return [];
  return addedLines(file).flatMap((text) => /^\s*(?:menu)?config\s+(\w{1,80})\s*$/.exec(text)?.[1] ?? []);
}

function addedLines({ hunks }: ChangedFile): string[] {
  return hunks.flatMap(({ lines }) => lines.flatMap(({ kind, text }) => (kind === 'added' ? [text] : [])));
}

/** @param brought options that the series brings and that are set, without `CONFIG_` */
function unsetOptions(
  file: ChangedFile,
  machines: readonly Machine[],
  brought: ReadonlySet<string>,
): string[] {
  const changed = file.hunks.flatMap(({ lines }) => lines.filter(({ kind }) => kind !== 'context'));
  const named = changed.flatMap(({ text }) => text.match(/\bCONFIG_[A-Z0-9_]{1,80}\b/g) ?? []);
  return named.filter(
    (option) =>
      !brought.has(option.slice('CONFIG_'.length)) &&
      machines.every(({ config }) => !Object.hasOwn(config, option) || config[option] === false),
  );
}
