// SPDX-License-Identifier: GPL-2.0-only

import { OverlayTree, type SourceTree } from './ingest/source-tree.ts';
import { splitSources } from './review-split.ts';
import { optionsSetByDefault } from './run/kconfig.ts';
import { OPTIONS_HEADER, sourceFiles } from './run/source.ts';
import { buildOf } from './run/tree-functions.ts';
import type { Machine } from './trace/machine.ts';

// What a series brings that no tree has had: files, and options of Kconfig.

/**
 * C files that are run beside the usual ones: those that hold some of what these are for (review-split.ts), and those that
 * the series creates in their folders and that the folder's Makefile builds. Where there is no Makefile, every file is taken to be built.
 */
export function sourcesBeside(tree: SourceTree, machine: Machine): readonly string[] {
  return [...new Set([...splitSources(tree, machine), ...createdSources(tree, machine)])];
}

function createdSources(tree: SourceTree, machine: Machine): readonly string[] {
  const run = sourceFiles(machine);
  const folders = new Set(run.map(folderOf));
  const isBuilt = (path: string): boolean => {
    const makefile = tree.read(`${folderOf(path)}/Makefile`);
    return makefile === undefined || buildOf(path, makefile, machine, run) === 'built';
  };
  return createdFiles(tree).filter(
    (path) => path.endsWith('.c') && folders.has(folderOf(path)) && isBuilt(path),
  );
}

/** Headers that the series creates, of no other architecture. */
export function createdHeaders(tree: SourceTree, { arch }: Machine): readonly string[] {
  return createdFiles(tree).filter(
    (path) => path.endsWith('.h') && (/^(?:include|mm)\//.test(path) || path.startsWith(`arch/${arch}/`)),
  );
}

function createdFiles(tree: SourceTree): readonly string[] {
  if (!(tree instanceof OverlayTree)) return [];
  const { changed, base } = tree;
  const created = [...changed].filter(([path, text]) => text !== undefined && base.read(path) === undefined);
  return created.map(([path]) => path).toSorted();
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** The options that the series brings and that are set by themselves on the machine (run/kconfig.ts), without `CONFIG_`. */
export function broughtOptions(tree: SourceTree, machine: Machine): readonly string[] {
  if (!(tree instanceof OverlayTree)) return [];
  const { changed, base } = tree;
  const paths = [...changed.keys()].filter((path) => isKconfigOf(path, machine));
  const textsOf = (from: SourceTree): string[] => paths.flatMap((path) => from.read(path) ?? []);
  return optionsSetByDefault(textsOf(base), textsOf(tree), machine);
}

function isKconfigOf(path: string, { arch }: Machine): boolean {
  return (
    /(?:^|\/)Kconfig[\w.-]*$/.test(path) && (!path.startsWith('arch/') || path.startsWith(`arch/${arch}/`))
  );
}

/** What a build would write down for them, by path; nothing where there are none. */
export function optionsHeader(tree: SourceTree, machine: Machine): Readonly<Record<string, string>> {
  const options = broughtOptions(tree, machine);
  return options.length === 0
    ? {}
    : { [OPTIONS_HEADER]: options.map((name) => `#define CONFIG_${name} 1\n`).join('') };
}
