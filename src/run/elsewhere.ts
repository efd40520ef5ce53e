// SPDX-License-Identifier: GPL-2.0-only
import { emitModule } from '../translate/emit-module.ts';
import type { FunctionDefinition, Variable } from '../translate/syntax.ts';
import type { TranslationUnit } from '../translate/translation-unit.ts';
import { bodyOf, calleesOf, identifiersOf, staticsOf } from './named-in-functions.ts';
import { findDefinition, isTracepoint, type Found, type Program } from './program.ts';
import type { FunctionsElsewhere } from './source.ts';
import type { TreeFunctions } from './tree-functions.ts';

// Functions that the C which is run calls, and that neither it nor the model has: those of the tree's other files that
// can be taken from there (docs/decisions/0010-functions-of-other-files.md).

/** Functions that one call may bring with it. More is no helper but a part of the kernel that the model does not have. */
const FUNCTIONS_LIMIT = 40;
/** Files that are parsed in search of all of them. */
const FILES_LIMIT = 12;

export interface ElsewhereSearch {
  readonly program: Program;
  readonly tree: TreeFunctions;
  /** Does the model have the function, or say why nothing needs to be done? */
  isModelled(name: string): boolean;
}

/** Of each other file the functions that can be taken from there, so that the missing ones can be called. */
export function functionsElsewhere(
  missing: readonly string[],
  search: ElsewhereSearch,
): readonly FunctionsElsewhere[] {
  const files = new ParsedFiles(search);
  const taken = new Map<string, Set<string>>();
  const closures = missing.flatMap((name) => closureOf(name, files, search) ?? []);
  for (const { unit, definition } of closures) {
    taken.set(unit.path, (taken.get(unit.path) ?? new Set()).add(definition.name));
  }
  return [...taken]
    .map(([path, names]) => ({ path, names: [...names].toSorted() }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The function and all that it needs of files that are not run; undefined where any of it is not to be had. */
function closureOf(name: string, files: ParsedFiles, search: ElsewhereSearch): readonly Found[] | undefined {
  const first = files.find(name);
  if (first === undefined) return undefined;
  const parts = new Map<FunctionDefinition, Found>([[first.definition, first]]);
  // The map grows while it is walked.
  for (const part of parts.values()) {
    if (parts.size > FUNCTIONS_LIMIT || !isTranslatable(part.definition)) return undefined;
    for (const callee of calleesOf(part.definition)) {
      const found = needed(callee, part.unit, files, search);
      if (found === 'nowhere') return undefined;
      if (found !== 'known') parts.set(found.definition, found);
    }
  }
  const all = [...parts.values()];
  return all.every((part) => hasOwnVariables(part, all, search)) ? all.filter(files.isOther) : undefined;
}

/** What a call from there leads to, as far as it is not known to run. */
function needed(
  name: string,
  from: TranslationUnit,
  files: ParsedFiles,
  { program, isModelled }: ElsewhereSearch,
): Found | 'known' | 'nowhere' {
  const own = from.functions.get(name);
  if (own?.isStatic === true && own.at.file.path.endsWith('.c')) return { unit: from, definition: own };
  const found = findDefinition(program, name, undefined);
  if (found?.unit === program.base) return 'known';
  const isDeclared = from.scope.find(name) !== undefined;
  if (isModelled(name) || (!isDeclared && isTracepoint(program, name))) return 'known';
  if (found !== undefined) return found;
  if (own !== undefined) return { unit: from, definition: own };
  return files.find(name) ?? 'nowhere';
}

function isTranslatable(definition: FunctionDefinition): boolean {
  if (bodyOf(definition) === undefined) return false;
  return emitModule([definition], 'for people').untranslated.length === 0;
}

/**
 * Is everything that the function keeps outside of itself for these functions alone? What others set in a kernel that
 * runs, at boot or since, nobody here knows; and what the model does in their place looks at no variable of the tree.
 */
function hasOwnVariables(
  { definition, unit }: Found,
  parts: readonly Found[],
  { program, isModelled }: ElsewhereSearch,
): boolean {
  const others = [...unit.functions.values()].filter(
    (each) => !parts.some((part) => part.definition === each),
  );
  return [...staticsOf(definition)].every((variable) => {
    if (!unit.statics.includes(variable)) return isKnown(variable, program);
    if (unit.scope.findHere(variable.name) === undefined || isLock(variable)) return true;
    if (variable.defined !== true) return isKnown(variable, program);
    if (isConstant(variable)) return true;
    if (variable.internal !== true) return false;
    return others.every(
      (other) =>
        !identifiersOf(other).has(variable.name) || (!isModelled(other.name) && onlyReads(other, variable)),
    );
  });
}

/** A variable of the model, of a file that is run, or of a header that says what it is. */
function isKnown(variable: Variable, { base, units, treeUnits }: Program): boolean {
  if (base.statics.includes(variable)) return true;
  return (
    units.some(({ statics }) =>
      statics.some((each) => each.name === variable.name && each.defined === true),
    ) ||
    (variable.defined === true && treeUnits.some(({ statics }) => statics.includes(variable)))
  );
}

/** Whoever held it has given it back. */
function isLock({ type }: Variable): boolean {
  return type.kind === 'struct' && LOCKS.has(type.tag ?? '');
}

const LOCKS = new Set(['raw_spinlock', 'spinlock', 'mutex', 'rw_semaphore', 'lock_class_key']);

/** Does its own declaration say so? Of a pointer it must say it behind the star. */
function isConstant({ at, name }: Variable): boolean {
  const line = at.file.text.split('\n', at.line).at(-1) ?? '';
  const before = line.split(new RegExp(String.raw`\b${name}\b`), 1)[0] ?? '';
  return /\bconst\b/.test(before.slice(before.lastIndexOf('*') + 1));
}

const STORES = /^(?:=|[-+*/%&|^]=|<<=|>>=|\+\+|--)$/;

/** Does the text of the function use a plain value without storing there, and without handing its address on? */
function onlyReads(definition: FunctionDefinition, { name, type }: Variable): boolean {
  if (type.kind === 'struct' || type.kind === 'array') return false;
  const tokens = definition.tokens();
  return tokens.every(({ text }, at) => {
    if (text !== name) return true;
    const [before = '', after = ''] = [tokens[at - 1]?.text, tokens[at + 1]?.text];
    return !STORES.test(after) && !/^(?:\+\+|--|&)$/.test(before);
  });
}

/** The tree's other C files, parsed when one of them may have what is missing. */
class ParsedFiles {
  readonly #search: ElsewhereSearch;
  readonly #units = new Map<string, TranslationUnit | undefined>();
  readonly #found = new Map<string, Found | undefined>();

  constructor(search: ElsewhereSearch) {
    this.#search = search;
  }

  /** Of several definitions nobody here knows which one is linked. */
  find(name: string): Found | undefined {
    if (!this.#found.has(name)) this.#found.set(name, this.#lookFor(name));
    return this.#found.get(name);
  }

  readonly isOther = ({ unit }: Found): boolean => [...this.#units.values()].includes(unit);

  #lookFor(name: string): Found | undefined {
    const found = this.#search.tree.homesOf(name).flatMap(({ path }): Found[] => {
      const unit = this.#unit(path);
      const definition = unit?.functions.get(name);
      return unit === undefined || definition?.isStatic !== false ? [] : [{ unit, definition }];
    });
    const ofArch = found.filter(({ unit }) => unit.path.startsWith('arch/'));
    const linked = ofArch.length > 0 ? ofArch : found;
    return linked.length === 1 ? linked[0] : undefined;
  }

  #unit(path: string): TranslationUnit | undefined {
    if (!this.#units.has(path) && this.#units.size < FILES_LIMIT)
      this.#units.set(path, this.#search.program.parseMore(path));
    return this.#units.get(path);
  }
}
