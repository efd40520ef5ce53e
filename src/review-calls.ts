// SPDX-License-Identifier: GPL-2.0-only

import type { SourceTree } from './ingest/source-tree.ts';
import { modelSymbols } from './model/symbols.ts';
import { relevantSource } from './review-states.ts';
import { entryPointNames, SERVES_ATOMIC } from './run/entry-points.ts';
import type { SourceText } from './run/link-tree.ts';
import type { CallScope } from './run/packs/pack-list.ts';
import { OPTIONS_HEADER } from './run/source.ts';
import { findCSymbols } from './series/c-functions.ts';
import type { Machine } from './trace/machine.ts';

/**
 * The different sources of states. A file that one of them needs is in all that have it: what another state does not need has
 * not changed for that.
 */
export function comparableSources(trees: readonly SourceTree[], machine: Machine): readonly SourceText[] {
  const sources = trees.map((tree) => ({ tree, source: relevantSource(tree, machine) }));
  const paths = new Set(sources.flatMap(({ source }) => Object.keys(source)));
  const different = new Map<string, SourceText>();
  for (const { tree, source } of sources) {
    for (const path of paths) {
      const text = source[path] ?? tree.read(path);
      if (text !== undefined) source[path] = text;
    }
    different.set(JSON.stringify(Object.entries(source).toSorted(byPath)), source);
  }
  return [...different.values()];
}

function byPath([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : 1;
}

/**
 * Which entry points scenarios of a review need to call: those that some state has and that can reach what differs
 * between the states; all that are there if nothing differs, or nothing that the text shows. Undefined where the text
 * cannot tell what is there.
 */
export function callScope(sources: readonly SourceText[], machine: Machine): CallScope | undefined {
  // What stands in for the file nothing says the callers of.
  if (sources.some((source) => source['mm/vmalloc.c'] === undefined)) return undefined;
  const states = sources.map(symbolsIn);
  const all = mentionsIn(states.flat());
  const modelled = modelSymbols(machine);
  const present = entryPointNames.flatMap(({ call, homes, spellings }) => {
    const isHome = (path: string): boolean => homes.some((home) => path.endsWith(home));
    const isElsewhere = sources.every((source) => !Object.keys(source).some(isHome));
    const isThere = (name: string): boolean => all.has(name) || (isElsewhere && name in modelled);
    return spellings.some(isThere) ? [call] : [];
  });
  if (all.has(SERVES_ATOMIC)) present.push(SERVES_ATOMIC);
  const changed = changedNames(states);
  const configs = new Set(sources.map(kconfigOf));
  if (configs.size > 1 || changed.size === 0) return { present, affected: present };
  const reaching = callersOf(changed, all);
  const affected = callsAmong(reaching);
  return { present, affected: affected.length > 0 ? affected : present };
}

/** The entry points that lead to one of these functions. */
export function callsThatReach(source: SourceText, functions: ReadonlySet<string>): readonly string[] {
  const reaching = callersOf(functions, mentionsIn(symbolsIn(source)));
  return callsAmong(reaching);
}

/** What scenarios call to have something to pass to another call. */
const preparedBy: Readonly<Record<string, readonly string[]>> = {
  set_huge_pte_at: ['arch_make_huge_pte', 'huge_pte_alloc'],
  huge_ptep_get: ['huge_pte_offset'],
  huge_ptep_get_and_clear: ['huge_pte_offset'],
};

function callsAmong(names: ReadonlySet<string>): readonly string[] {
  return entryPointNames.flatMap(({ call, spellings }) =>
    [...spellings, ...(preparedBy[call] ?? [])].some((name) => names.has(name)) ? [call] : [],
  );
}

function kconfigOf(source: SourceText): string {
  return Object.entries(source)
    .filter(([path]) => path.endsWith('Kconfig') || path === OPTIONS_HEADER)
    .map(([, text]) => text)
    .join();
}

/** A definition, as far as the text shows. */
interface DefinedSymbol {
  readonly name: string;
  /** Equal for texts that mean the same. */
  readonly meaning: string;
  /** Identifiers in it. */
  readonly words: ReadonlySet<string>;
}

/** The definitions in all C files of a source. */
function symbolsIn(source: SourceText): readonly DefinedSymbol[] {
  return Object.entries(source).flatMap(([path, text]) => (/\.[ch]$/.test(path) ? symbolsInFile(text) : []));
}

/** By the file's text: the states of a series have most files in common, and machines all that is of no architecture. */
const knownFiles = new Map<string, readonly DefinedSymbol[]>();
const MOST_FILES = 400;

function symbolsInFile(text: string): readonly DefinedSymbol[] {
  let symbols = knownFiles.get(text);
  if (symbols === undefined) {
    if (knownFiles.size >= MOST_FILES) knownFiles.clear();
    symbols = findCSymbols(text).map(({ name, hash, signature, body }) => {
      const words = `${signature} ${body}`.match(/\b[A-Za-z_]\w*/g);
      return { name, meaning: hash, words: new Set(words) };
    });
    knownFiles.set(text, symbols);
  }
  return symbols;
}

/** What the definitions of each name mention. */
function mentionsIn(symbols: readonly DefinedSymbol[]): ReadonlyMap<string, ReadonlySet<string>> {
  const mentions = new Map<string, Set<string>>();
  for (const { name, words } of new Set(symbols)) {
    const into = mentions.get(name);
    if (into === undefined) mentions.set(name, new Set(words));
    else for (const word of words) into.add(word);
  }
  return mentions;
}

/** Names that do not mean the same in all states. */
function changedNames(states: readonly (readonly DefinedSymbol[])[]): ReadonlySet<string> {
  const meanings = states.map((symbols) => {
    const byName = new Map<string, string>();
    for (const { name, meaning } of symbols) byName.set(name, `${byName.get(name) ?? ''} ${meaning}`);
    return byName;
  });
  const names = new Set(meanings.flatMap((byName) => [...byName.keys()]));
  return new Set([...names].filter((name) => new Set(meanings.map((byName) => byName.get(name))).size > 1));
}

/** The names, all that mention one of them, all that mention one of those … */
function callersOf(
  names: ReadonlySet<string>,
  mentions: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const found = new Set(names);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [name, others] of mentions) {
      if (!found.has(name) && [...others].some((other) => found.has(other))) found.add(name);
    }
  }
  return found;
}
