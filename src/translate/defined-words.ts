// SPDX-License-Identifier: GPL-2.0-only

/** What a header may define, as far as a look at its text tells: nothing that it defines is missing, and not all of it is defined. */
export interface DefinedWords {
  /** Macros, functions, types, enumerators, variables. */
  readonly names: ReadonlySet<string>;
  /** Of structs and unions. */
  readonly tags: ReadonlySet<string>;
}

/** Each in time that grows with the text, whatever the text is. */
const NAMES: readonly RegExp[] = [
  /^[ \t]*#[ \t]*define[ \t]+(\w+)/gm,
  /\}\s*(\w+)\s*;/g,
  /\btypedef\b[^;{}]{0,500}\b(\w+)\s*;/g,
  /\(\s*\*\s*(\w+)\s*\)/g,
  /\b(\w+)\s*\(/g,
  // Of an enumeration.
  /^[ \t]*(\w+)\s*[,=]/gm,
  /\bDECLARE_STATIC_KEY_\w+\(\s*(\w+)\s*\)/g,
];
/** Scopes that undo themselves, as include/linux/cleanup.h makes them: of what kind, and in what way they are entered. */
const SCOPES =
  /\b(DEFINE_(?:FREE|CLASS|GUARD|GUARD_COND|LOCK_GUARD_[01]|LOCK_GUARD_1_COND)|EXTEND_CLASS)\(\s*(\w+)\s*,\s*(\w+)?/g;
const TAGS: readonly RegExp[] = [/\b(?:struct|union)\s+(\w+)\s*\{/g];

/** By text: the states of a series have most headers in common. */
const known = new Map<string, DefinedWords>();
const MOST_TEXTS = 4000;

export function definedWords(text: string): DefinedWords {
  let words = known.get(text);
  if (words === undefined) {
    if (known.size >= MOST_TEXTS) known.clear();
    words = { names: new Set([...wordsOf(text, NAMES), ...partsOfScopes(text)]), tags: wordsOf(text, TAGS) };
    known.set(text, words);
  }
  return words;
}

function wordsOf(text: string, patterns: readonly RegExp[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) words.add(match[1]!);
  }
  return words;
}

/** What the macros that make scopes declare. */
function partsOfScopes(text: string): readonly string[] {
  return Array.from(text.matchAll(SCOPES), ([, macro = '', kind = '', way = '']) => {
    if (macro === 'DEFINE_FREE') return [`__free_${kind}`];
    const name = macro.endsWith('_COND') || macro === 'EXTEND_CLASS' ? kind + way : kind;
    return ['t', 'constructor', 'destructor', 'lock_ptr', 'lock_err'].map((part) => `class_${name}_${part}`);
  }).flat();
}
