// SPDX-License-Identifier: GPL-2.0-only

import { OverlayTree, type SourceTree } from './ingest/source-tree.ts';
import { vmallocModules } from './model/mm/vmalloc-modules.ts';
import { GENERIC_FILES, USUAL_FILE } from './run/source.ts';
import { buildOf } from './run/tree-functions.ts';
import type { Machine } from './trace/machine.ts';

// Trees in which other files of mm hold some of what mm/vmalloc.c holds in Linux 6.12, or all of it.

/** Functions of its that a file must have to be one of these; with fewer it is another file that was given a helper. */
const FEWEST = 3;

const FOLDER = 'mm';

/** What the model has of these files, as trees spell it. */
const functions: ReadonlySet<string> = new Set(
  vmallocModules.flatMap((module) => Object.keys(module)).flatMap((name) => [name, `${name}_noprof`]),
);

/**
 * C files of mm, or of a folder in it, that define what the usual ones of this tree do not: they are run as well. Files
 * that the folder's Makefile leaves out, for machines without an MMU, are none.
 */
export function splitSources(tree: SourceTree, machine: Machine): readonly string[] {
  const known = splitOfTree.get(tree) ?? new Map<string, readonly string[]>();
  splitOfTree.set(tree, known);
  const paths = known.get(machine.name) ?? findSplit(tree, machine);
  known.set(machine.name, paths);
  return paths;
}

const splitOfTree = new WeakMap<SourceTree, Map<string, readonly string[]>>();

function findSplit(tree: SourceTree, machine: Machine): readonly string[] {
  const inUsual = new Set(GENERIC_FILES.flatMap((path) => [...definedIn(tree.read(path) ?? '')]));
  return [...homes(tree)].flatMap(([path, names]) => {
    const own = [...names].filter((name) => !inUsual.has(name));
    return own.length >= FEWEST && isBuiltIn(tree, path, machine) ? [path] : [];
  });
}

/** Is anything of what is run there? */
export function hasVmalloc(tree: SourceTree, machine: Machine): boolean {
  return tree.read(USUAL_FILE) !== undefined || splitSources(tree, machine).length > 0;
}

function isBuiltIn(tree: SourceTree, path: string, machine: Machine): boolean {
  const makefile = tree.read(`${path.slice(0, path.lastIndexOf('/'))}/Makefile`);
  return makefile === undefined || buildOf(path, makefile, machine, GENERIC_FILES) !== 'left-out';
}

type Homes = ReadonlyMap<string, ReadonlySet<string>>;

const homesOfTree = new WeakMap<SourceTree, Homes>();

/** Beside the usual files: which file has which of the functions. The tree itself is read once, whatever patches are on it. */
function homes(tree: SourceTree): Homes {
  const found = homesOfTree.get(tree) ?? findHomes(tree);
  homesOfTree.set(tree, found);
  return found;
}

function findHomes(tree: SourceTree): Homes {
  if (!(tree instanceof OverlayTree)) {
    const paths = tree.list(FOLDER).filter((path) => isCandidate(path));
    return homesAmong([...tree.readAll(paths)]);
  }
  const { base, changed } = tree;
  const kept = [...homes(base)].filter(([path]) => !changed.has(path));
  const own = [...changed].flatMap(([path, text]): [string, string][] =>
    text !== undefined && isCandidate(path) ? [[path, text]] : [],
  );
  return new Map([...kept, ...homesAmong(own)].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isCandidate(path: string): boolean {
  return /^mm\/(?:[^/]+\/)?[^/]+\.c$/.test(path) && !GENERIC_FILES.includes(path);
}

function homesAmong(texts: readonly (readonly [string, string])[]): Homes {
  const found = texts.map(([path, text]) => [path, definedIn(text)] as const);
  return new Map(found.filter(([, names]) => names.size >= FEWEST));
}

/** Those of the functions that the text defines: a head at the beginning of a line, a body behind it. */
function definedIn(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, name = ''] of text.matchAll(
    /^(?:[A-Za-z_][\w \t*]*[ \t*])?([A-Za-z_]\w*)\([^;{}]{0,4000}\{/gm,
  )) {
    if (functions.has(name)) names.add(name);
  }
  return names;
}
