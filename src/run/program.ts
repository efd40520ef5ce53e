// SPDX-License-Identifier: GPL-2.0-only
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Machine } from '../trace/machine.ts';
import type { StructType } from '../translate/c-type.ts';
import type { Named, Scope } from '../translate/scope.ts';
import type { FunctionDefinition } from '../translate/syntax.ts';
import type { SourceFile } from '../translate/token.ts';
import {
  parseUnit,
  type Instead,
  type TranslationUnit,
  type UnitOptions,
} from '../translate/translation-unit.ts';
import { TreeHeaders } from '../translate/tree-headers.ts';
import { SIGN_OF_HEADERS, sourceFiles, treeHeaders, type Source } from './source.ts';

/** The C text that the model declares itself by, and the text of one header that a tree may supply instead. */
export interface ModelFace {
  /** What stands before every C file. */
  readonly prelude: string;
  /** By include name: `linux/vmalloc.h`. */
  readonly headers: ReadonlyMap<string, string>;
}

/** The C of one tree for one machine: the model's headers, and a unit a C file. */
export interface Program {
  readonly base: TranslationUnit;
  readonly units: readonly TranslationUnit[];
  /** Headers of the tree that something was taken from; grows while bodies are parsed. */
  readonly treeUnits: readonly TranslationUnit[];
  /** What was looked up in such headers, by the path of the file that asked. */
  readonly lookUps: ReadonlyMap<string, TreeHeaders>;
  /** Headers that the series changes: the functions of these names, and what they are a reason for, are the tree's. */
  readonly changed: readonly NamedUnit[];
  /** C files of the tree that are not run as a whole: the functions of these names are called, and nothing else in them. */
  readonly elsewhere: readonly NamedUnit[];
  readonly diagnostics: readonly Diagnostic[];
  findStruct(tag: string): StructType | undefined;
  /** One more C file of the tree over the same base; undefined where there is none. */
  parseMore(path: string): TranslationUnit | undefined;
}

export interface NamedUnit {
  readonly unit: TranslationUnit;
  readonly names: ReadonlySet<string>;
}

/** @param modules C files beside those that are always run */
export function parseProgram(
  source: Source,
  machine: Machine,
  face: ModelFace,
  modules: readonly string[] = [],
): Program {
  const options = { charUnsigned: true, config: machine.config };
  const { unit: base, complete } = parsePrelude(face.prelude, machine);
  const supplied = treeHeaders(machine);
  const findInclude = (name: string): SourceFile | undefined => {
    const path = supplied.get(name);
    if (path === undefined) return undefined;
    const text = source.read(path);
    if (text !== undefined) return { path, text };
    const modelled = face.headers.get(name);
    return modelled === undefined ? undefined : { path: `<model>/${name}`, text: modelled };
  };
  const treeUnits: TranslationUnit[] = [];
  const lookUps = new Map<string, TreeHeaders>();
  const parseFile = (file: SourceFile, how: Pick<UnitOptions, 'prefersOwn' | 'instead'>): TranslationUnit => {
    const headers: TreeHeaders = new TreeHeaders(
      {
        read: (name) => source.read(name),
        arch: machine.arch,
        alsoSearched: source.headers ?? [],
        parse: (header) => {
          const unit = parseUnit(header, { ...options, findInclude, base, headers });
          treeUnits.push(unit);
          return unit;
        },
      },
      file,
    );
    lookUps.set(file.path, headers);
    return parseUnit(file, { ...options, ...how, findInclude, base, headers });
  };
  const changed = (source.changedHeaders ?? []).flatMap(({ path, names }): NamedUnit[] => {
    const text = source.read(path);
    if (text === undefined) return [];
    return [{ unit: parseFile({ path, text }, { prefersOwn: true }), names: new Set(names) }];
  });
  const instead = takenInstead(changed);
  const units = [...sourceFiles(machine), ...modules].flatMap((path) => {
    const text = source.read(path);
    return text === undefined ? [] : [parseFile({ path, text }, { instead })];
  });
  // Without any C file the headers are still wanted: the model runs by itself.
  const includes = [...supplied.keys()].map((name) => `#include <${name}>\n`).join('');
  units.push(parseFile({ path: '<headers>', text: includes }, {}));
  const elsewhere = (source.elsewhere ?? []).flatMap(({ path, names }): NamedUnit[] => {
    const text = source.read(path);
    return text === undefined
      ? []
      : [{ unit: parseFile({ path, text }, { instead }), names: new Set(names) }];
  });
  shareDefinitions(units, [...units, ...elsewhere.map(({ unit }) => unit)]);
  for (const { unit, names } of elsewhere) shareFunctions(unit, units, names);
  let ownFace: TranslationUnit | undefined;
  return {
    base,
    units,
    treeUnits,
    lookUps,
    changed,
    elsewhere,
    diagnostics: [base, ...units].flatMap((unit) => unit.diagnostics),
    parseMore: (path) => {
      const text = source.read(path);
      if (text === undefined) return undefined;
      const unit = parseFile({ path, text }, { instead });
      shareDefinitions(units, [unit]);
      return unit;
    },
    findStruct: (tag) => {
      const inUnit = units
        .map(({ scope }) => structIn(scope.findTagHere(tag)))
        .find((found) => found !== undefined);
      if (inUnit !== undefined) return inUnit;
      if (complete.has(tag)) return structIn(base.scope.findTagHere(tag));
      ownFace ??= parseOwnFace(face, machine);
      return structIn(ownFace.scope.findTagHere(tag));
    },
  };
}

/** What C files see of changed headers, whatever the model's headers have under these names. */
function takenInstead(changed: readonly NamedUnit[]): Instead {
  return {
    macros: changed.flatMap(({ unit, names }) => [...names].flatMap((name) => unit.macros.get(name) ?? [])),
    functions: changed.flatMap(({ unit, names }) =>
      [...names].flatMap((name) => unit.functions.get(name) ?? []),
    ),
  };
}

function structIn(found: ReturnType<Scope['findTagHere']>): StructType | undefined {
  return found?.kind === 'struct' && found.members !== undefined ? found : undefined;
}

interface Prelude {
  readonly key: string;
  readonly unit: TranslationUnit;
  /** Structs that it defines. What it only declares, the first tree that is parsed over it completes, for itself. */
  readonly complete: ReadonlySet<string>;
}

const preludes = new Map<string, Prelude>();

/** The model's headers are the same for every tree, and parsing them takes as long as parsing mm/vmalloc.c. */
function parsePrelude(text: string, machine: Machine): Prelude {
  const key = JSON.stringify([machine.config, text]);
  const known = preludes.get(machine.name);
  if (known?.key === key) return known;
  const unit = parseModelText(text, machine);
  const prelude = { key, unit, complete: unit.scope.completeTags() };
  preludes.set(machine.name, prelude);
  return prelude;
}

/** The last one of each machine. */
const ownFaces = new Map<string, { readonly key: string; readonly unit: TranslationUnit }>();

/** The model's structs as it declares them itself: for what it keeps in trees that know no such struct. */
function parseOwnFace({ prelude, headers }: ModelFace, machine: Machine): TranslationUnit {
  const text = [prelude, ...headers.values()].join('\n');
  const key = JSON.stringify([machine.config, text]);
  const known = ownFaces.get(machine.name);
  if (known?.key === key) return known.unit;
  const unit = parseModelText(text, machine);
  ownFaces.set(machine.name, { key, unit });
  return unit;
}

function parseModelText(text: string, machine: Machine): TranslationUnit {
  const options = { charUnsigned: true, config: machine.config, findInclude: () => undefined };
  return parseUnit({ path: '<model>', text }, options);
}

/**
 * A function that one file defines is what the others call, whatever the model's headers declare under its name. A
 * variable that one defines is the others' too, where they name it without a header of the model that has it.
 */
function shareDefinitions(owners: readonly TranslationUnit[], units: readonly TranslationUnit[]): void {
  for (const owner of owners) {
    shareFunctions(owner, units);
    for (const variable of owner.statics) {
      if (variable.defined === true && variable.internal !== true)
        share(units, variable.name, { kind: 'variable', variable });
    }
  }
}

/** @param names of those that are shared; absent for all */
function shareFunctions(
  owner: TranslationUnit,
  units: readonly TranslationUnit[],
  names?: ReadonlySet<string>,
): void {
  for (const { name, type, isStatic } of owner.functions.values()) {
    if (!isStatic && names?.has(name) !== false) share(units, name, { kind: 'function', name, type });
  }
}

function share(units: readonly TranslationUnit[], name: string, named: Named): void {
  for (const unit of units) if (unit.scope.findHere(name) === undefined) unit.scope.declare(name, named);
}

export interface Found {
  readonly unit: TranslationUnit;
  readonly definition: FunctionDefinition;
}

/** The definition that a call of `name` from `unit` (or from the model) reaches, and the unit that holds it. */
export function findDefinition(
  program: Program,
  name: string,
  from: TranslationUnit | undefined,
): Found | undefined {
  // What the model declares it also offers; a tree's header has a say only in what the model does not know.
  const modelled = program.base.scope.findHere(name) !== undefined;
  const own = from?.functions.get(name);
  if (from !== undefined && own !== undefined && hasSay(program, from, own, modelled))
    return { unit: from, definition: own };
  const searched = modelled ? program.units : [...program.units, ...program.treeUnits];
  // Since 6.10 an allocating function f() is a macro around f_noprof(); the model keeps to the plain name.
  for (const spelling of [name, `${name}_noprof`]) {
    const found = definitionIn(searched, spelling);
    if (found !== undefined) return found;
  }
  const inline = program.base.functions.get(name);
  return inline === undefined ? findElsewhere(program, name) : { unit: program.base, definition: inline };
}

/** The first one. Of what is global the architecture's goes before everybody's, which is there where it has none. */
function definitionIn(units: readonly TranslationUnit[], name: string): Found | undefined {
  let first: Found | undefined;
  for (const unit of units) {
    const definition = unit.functions.get(name);
    if (definition === undefined) continue;
    const isOwn = definition.isStatic ? first === undefined : unit.path.startsWith('arch/');
    if (isOwn) return { unit, definition };
    if (!definition.isStatic) first ??= { unit, definition };
  }
  return first;
}

/** Does a file's own function count for the calls in it, whatever others have under the name? */
function hasSay(
  program: Program,
  unit: TranslationUnit,
  { name, isStatic }: FunctionDefinition,
  modelled: boolean,
): boolean {
  const elsewhere = program.elsewhere.find((each) => each.unit === unit);
  if (elsewhere !== undefined) return isStatic || elsewhere.names.has(name);
  const isHeader = program.treeUnits.includes(unit) || program.changed.some((each) => each.unit === unit);
  return !(isHeader && modelled);
}

function findElsewhere(program: Program, name: string): Found | undefined {
  for (const { unit, names } of program.elsewhere) {
    const definition = names.has(name) ? unit.functions.get(name) : undefined;
    if (definition?.isStatic === false) return { unit, definition };
  }
  return undefined;
}

/** TRACE_EVENT() makes functions that no header shows; of any other function some header has a prototype. */
export function isTracepoint({ units, changed, elsewhere, treeUnits }: Program, name: string): boolean {
  const all = [...units, ...treeUnits, ...[...changed, ...elsewhere].map(({ unit }) => unit)];
  return name.startsWith('trace_') && all.every(({ scope }) => scope.find(name) === undefined);
}

/**
 * A text that is equal for two definitions exactly when they mean the same: tokens after preprocessing. Names that macros
 * made with __COUNTER__ are told apart by their order, whatever was counted before the function.
 */
export function definitionText(definition: FunctionDefinition): string {
  const order = new Map<number, number>();
  const words = definition.tokens().map(({ text, counted }) => {
    if (counted === undefined) return text;
    if (!order.has(counted)) order.set(counted, order.size);
    return `${text.slice(0, -String(counted).length)}#${order.get(counted)}`;
  });
  return words.join(' ');
}

/** The headers that one C file includes, not parsed; undefined where the tree has none to look into. */
export function includedHeaders(source: Source, { arch }: Machine, path: string): TreeHeaders | undefined {
  const text = source.read(path);
  if (text === undefined || source.read(SIGN_OF_HEADERS) === undefined) return undefined;
  const parse = (): never => {
    throw new Error('nothing is looked up in these headers');
  };
  return new TreeHeaders(
    { read: (name) => source.read(name), arch, alsoSearched: [], parse },
    { path, text },
  );
}
