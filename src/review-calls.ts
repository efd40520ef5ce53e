// SPDX-License-Identifier: GPL-2.0-only

import { modelSymbols } from './model/symbols.ts';
import { entryPointNames } from './run/entry-points.ts';
import type { SourceText } from './run/link-tree.ts';
import type { CallScope } from './run/packs/pack-list.ts';
import { findCSymbols } from './series/c-functions.ts';
import type { Machine } from './trace/machine.ts';

/**
 * Which entry points scenarios of a review need to call: those that some state has and that can reach what differs
 * between the states; all that are there if nothing differs, or nothing that the text shows. Undefined where the text
 * cannot tell what is there.
 */
export function callScope(sources: readonly SourceText[], machine: Machine): CallScope | undefined {
  // What stands in for the file nothing says the callers of.
  if (sources.some((source) => source['mm/vmalloc.c'] === undefined)) return undefined;
  const states = sources.map(namesIn);
  const all = new Map<string, Set<string>>();
  for (const { mentions } of states) {
    for (const [name, others] of mentions) all.set(name, new Set([...(all.get(name) ?? []), ...others]));
  }
  const modelled = modelSymbols(machine);
  const present = entryPointNames.flatMap(({ call, homes, spellings }) => {
    const isHome = (path: string): boolean => homes.some((home) => path.endsWith(home));
    const isElsewhere = sources.every((source) => !Object.keys(source).some(isHome));
    const isThere = (name: string): boolean => all.has(name) || (isElsewhere && name in modelled);
    return spellings.some(isThere) ? [call] : [];
  });
  const changed = changedNames(states);
  const configs = new Set(sources.map(kconfigOf));
  if (configs.size > 1 || changed.size === 0) return { present, affected: present };
  const reaching = callersOf(changed, all);
  const affected = callsAmong(reaching);
  return { present, affected: affected.length > 0 ? affected : present };
}

/** The entry points that lead to one of these functions. */
export function callsThatReach(source: SourceText, functions: ReadonlySet<string>): readonly string[] {
  const reaching = callersOf(functions, namesIn(source).mentions);
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
    .filter(([path]) => path.endsWith('Kconfig'))
    .map(([, text]) => text)
    .join();
}

interface Names {
  /** What a name is defined as, by name; equal texts mean the same. */
  readonly meanings: ReadonlyMap<string, string>;
  /** Identifiers in the definitions of a name. */
  readonly mentions: ReadonlyMap<string, ReadonlySet<string>>;
}

function namesIn(source: SourceText): Names {
  const meanings = new Map<string, string>();
  const mentions = new Map<string, Set<string>>();
  for (const [path, text] of Object.entries(source)) {
    if (!/\.[ch]$/.test(path)) continue;
    for (const { name, hash, signature, body } of findCSymbols(text)) {
      meanings.set(name, `${meanings.get(name) ?? ''} ${hash}`);
      const into = mentions.get(name) ?? new Set();
      for (const [word] of `${signature} ${body}`.matchAll(/\b[A-Za-z_]\w*/g)) into.add(word);
      mentions.set(name, into);
    }
  }
  return { meanings, mentions };
}

function changedNames(states: readonly Names[]): ReadonlySet<string> {
  const names = new Set(states.flatMap(({ meanings }) => [...meanings.keys()]));
  return new Set(
    [...names].filter((name) => new Set(states.map(({ meanings }) => meanings.get(name))).size > 1),
  );
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
