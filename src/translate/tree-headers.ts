// SPDX-License-Identifier: GPL-2.0-only
import { definedWords } from './defined-words.ts';
import { INT, typeText, type StructType } from './c-type.ts';
import type { Macro } from './macro.ts';
import type { Named } from './scope.ts';
import type { Variable } from './syntax.ts';
import type { SourceFile } from './token.ts';
import type { TranslationUnit } from './translation-unit.ts';
import { number } from './typing.ts';

/** What a tree's header has under a name that neither the C file nor the model declares. */
export type HeaderItem =
  | { readonly kind: 'macro'; readonly macro: Macro }
  | { readonly kind: 'name'; readonly named: Named }
  | { readonly kind: 'tag'; readonly type: StructType };

/** An item, and the path of the header that has it. */
export interface FoundItem {
  readonly item: HeaderItem;
  readonly path: string;
}

export interface HeaderSearch {
  read(path: string): string | undefined;
  /** The architecture's folder under arch/. */
  readonly arch: string;
  /** Paths of headers that are searched although no include that can be read leads to them. */
  readonly alsoSearched: readonly string[];
  /** Parses one header by itself, over the model's headers. */
  parse(file: SourceFile): TranslationUnit;
}

const FILE_LIMIT = 2000;
const BYTE_LIMIT = 64 << 20;
/** Headers parsed in search of one name; a word that stands in more of them is common and was not found at its home. */
const PARSE_LIMIT = 16;

/**
 * The headers that a C file includes, searched by need. Most of a kernel's headers say nothing that the model does not
 * say better, and all of them together are a hundred thousand lines; so a header is read only when a name is missing,
 * and only the item of that name is taken from it.
 */
export class TreeHeaders {
  readonly #search: HeaderSearch;
  readonly #files: SourceFile[] = [];
  readonly #seen = new Set<string>();
  readonly #units = new Map<string, TranslationUnit>();
  readonly #found = new Map<string, FoundItem | undefined>();
  #bytes = 0;

  constructor(search: HeaderSearch, file: SourceFile) {
    this.#search = search;
    this.#include(file);
    for (const path of search.alsoSearched) {
      const text = search.read(path);
      if (text !== undefined && this.#files.every((known) => known.path !== path))
        this.#files.push({ path, text });
    }
  }

  /** Headers that something was taken from. */
  get units(): readonly TranslationUnit[] {
    return [...this.#units.values()];
  }

  /** Does any header that is included, by whatever way, have the word? */
  mentions(word: string): boolean {
    const pattern = new RegExp(`\\b${escapeRegExp(word)}\\b`);
    // The list grows while it is walked.
    for (const file of this.#files) {
      this.#include(file);
      if (pattern.test(file.text)) return true;
    }
    return false;
  }

  /** What was looked for so far, and what was found of it. */
  get lookedFor(): ReadonlyMap<string, FoundItem | undefined> {
    return this.#found;
  }

  /** `name` or `struct tag`. */
  find(name: string): HeaderItem | undefined {
    return this.findWithPath(name)?.item;
  }

  /** The same, and where it is. */
  findWithPath(name: string): FoundItem | undefined {
    if (this.#found.has(name)) return this.#found.get(name);
    // Not found while it is being looked for: a header that needs itself.
    this.#found.set(name, undefined);
    const found = this.#lookFor(name);
    this.#found.set(name, found);
    return found;
  }

  #lookFor(name: string): FoundItem | undefined {
    const tag = /^struct (\w+)$/.exec(name)?.[1];
    const word = tag ?? name;
    let parsed = 0;
    // Breadth first: the list grows while headers' own includes are found.
    for (let at = 0; at < this.#files.length; at++) {
      const file = this.#files[at]!;
      this.#include(file);
      const { names, tags } = definedWords(file.text);
      if (!(tag === undefined ? names : tags).has(word)) continue;
      if (++parsed > PARSE_LIMIT) return undefined;
      const item = itemOf(this.#unit(file), word, tag !== undefined);
      if (item !== undefined) return { item, path: file.path };
    }
    return undefined;
  }

  #unit(file: SourceFile): TranslationUnit {
    let unit = this.#units.get(file.path);
    if (unit === undefined) {
      unit = this.#search.parse(file);
      this.#units.set(file.path, unit);
    }
    return unit;
  }

  #include({ path, text }: SourceFile): void {
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    for (const { name, isOwn } of includesOf(text)) {
      if (this.#files.length >= FILE_LIMIT || this.#bytes >= BYTE_LIMIT) return;
      const found = this.#open(name, isOwn ? path : undefined);
      if (found === undefined || this.#files.some((file) => file.path === found.path)) continue;
      this.#files.push(found);
      this.#bytes += found.text.length;
    }
  }

  /** A header of a folder above the file that includes it. */
  #openAbove(name: string, includedFrom: string | undefined): SourceFile | undefined {
    const path =
      includedFrom === undefined ? undefined : plainPath(includedFrom.replace(/[^/]*$/, '') + name);
    const text = path === undefined ? undefined : this.#search.read(path);
    return path === undefined || text === undefined ? undefined : { path, text };
  }

  #open(name: string, includedFrom: string | undefined): SourceFile | undefined {
    if (name.split('/').includes('..')) return this.#openAbove(name, includedFrom);
    const { arch, read } = { arch: this.#search.arch, read: (path: string) => this.#search.read(path) };
    const places = [
      ...(includedFrom === undefined ? [] : [includedFrom.replace(/[^/]*$/, '') + name]),
      `arch/${arch}/include/${name}`,
      `include/${name}`,
      `arch/${arch}/include/uapi/${name}`,
      `include/uapi/${name}`,
      ...(name.startsWith('asm/') ? [`include/asm-generic/${name.slice(4)}`] : []),
    ];
    for (const path of places) {
      const text = read(path);
      if (text !== undefined) return { path, text };
    }
    return undefined;
  }
}

/** What a text includes. `isOwn`: looked for beside the text first. */
export function includesOf(text: string): { readonly name: string; readonly isOwn: boolean }[] {
  const includes = text.matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([\w./+-]{1,200})[>"]/gm);
  return Array.from(includes, ([, open, name = '']) => ({ name, isOwn: open === '"' }));
}

/** Without the `..` in it; undefined where that leads out of the tree. */
function plainPath(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[^\w]/g, '\\$&');
}

function itemOf(unit: TranslationUnit, word: string, isTag: boolean): HeaderItem | undefined {
  if (isTag) {
    const type = unit.scope.findTagHere(word);
    return type?.kind === 'struct' && type.members !== undefined ? { kind: 'tag', type } : undefined;
  }
  const macro = unit.macros.get(word);
  // A macro whose body is its own name says that something of that name exists, no more.
  const isSelfNamed =
    macro?.parameters === undefined && macro?.body.length === 1 && macro.body[0]!.text === word;
  if (macro !== undefined && !isSelfNamed) return { kind: 'macro', macro };
  const named = unit.scope.findHere(word);
  // A variable that lives elsewhere in the kernel has a value that nobody here knows.
  if (named === undefined || (named.kind === 'variable' && !giveKeyItsValue(named.variable)))
    return undefined;
  return { kind: 'name', named };
}

/** A static key's type says how it is defined, wherever that is (include/linux/jump_label.h). False for other variables. */
function giveKeyItsValue(variable: Variable): boolean {
  const value = /^struct static_key_(true|false)$/.exec(typeText(variable.type))?.[1];
  if (value === undefined) return false;
  const { at } = variable;
  variable.defined = true;
  variable.initialisers ??= value === 'true' ? [{ offset: 0, type: INT, value: number(at, 1, INT) }] : [];
  return true;
}
