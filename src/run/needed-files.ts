// SPDX-License-Identifier: GPL-2.0-only
import { createHash } from 'node:crypto';
import { modelHeaders, replacedHeaders } from '../model/headers.ts';
import { ignored } from '../model/ignored.ts';
import { modelSymbols } from '../model/symbols.ts';
import type { Machine } from '../trace/machine.ts';
import { includesOf } from '../translate/tree-headers.ts';
import { TranslateError } from '../translate/token.ts';
import type { FunctionDefinition } from '../translate/syntax.ts';
import { Bindings } from './binding.ts';
import { functionsElsewhere } from './elsewhere.ts';
import { entryPointsOf } from './entry-points.ts';
import { parseProgram, type Program } from './program.ts';
import type { KernelFunction } from './runtime.ts';
import {
  SIGN_OF_HEADERS,
  sourceFiles,
  treeHeaders,
  type ChangedHeader,
  type FunctionsElsewhere,
  type WholeSource,
} from './source.ts';
import { casesOf } from './test-cases.ts';
import { TreeFunctions } from './tree-functions.ts';

/** What the C that is run needs of a tree beside the files that are always read. */
export interface NeededFiles {
  /** Headers, each of which declares something that nothing else does (translate/tree-headers.ts). */
  readonly headers: readonly string[];
  /** Functions of other C files. */
  readonly elsewhere: readonly FunctionsElsewhere[];
}

const NOTHING: NeededFiles = { headers: [], elsewhere: [] };

interface Request {
  readonly source: WholeSource;
  readonly machine: Machine;
  /** C files beside those that are always run. */
  readonly modules: readonly string[];
  /** Headers that the series changes. */
  readonly changed: readonly ChangedHeader[];
}

/** A search in a whole tree, and what it takes to tell whether another state of the tree needs the same. */
interface Search {
  readonly files: NeededFiles;
  readonly program: Program;
  /** What the entry points reach and nobody has, these files neither; sorted. */
  readonly missing: readonly string[];
}

/** Where headers and functions are looked for. */
const SEARCHED = /^(?:include|mm|lib|kernel|arch)\//;

/** By what a search depends on; the last one of each. */
const searches = new WeakMap<WholeSource, Map<string, Search>>();
const known = new WeakMap<WholeSource, Map<string, NeededFiles>>();

/**
 * Finds it by parsing everything with the whole tree at hand, so that a job, which has only texts, can be given them. That
 * takes a second and more: states of a series that differ in little are parsed with what another of them needs, and searched only
 * where that is not the same.
 * @param modules C files beside those that are always run
 * @param changed headers that the series changes
 */
export function neededFiles(
  source: WholeSource,
  machine: Machine,
  modules: readonly string[] = [],
  changed: readonly ChangedHeader[] = [],
): NeededFiles {
  if (source.read(SIGN_OF_HEADERS) === undefined) return NOTHING;
  // The architecture decides what is declared; machines of one differ in numbers.
  const key = JSON.stringify([machine.arch, modules, changed]);
  const ofSource = mapAt(known, source);
  let files = ofSource.get(key);
  if (files === undefined) {
    const request = { source, machine, modules, changed };
    const alike = mapAt(searches, source.base ?? source);
    const inCommon = `${key} ${signatureOf(request)}`;
    const search = alike.get(inCommon);
    if (search !== undefined && needsTheSame(request, search)) files = search.files;
    else {
      const anew = searchFiles(request);
      alike.set(inCommon, anew);
      ({ files } = anew);
    }
    ofSource.set(key, files);
  }
  return files;
}

function mapAt<V>(maps: WeakMap<WholeSource, Map<string, V>>, source: WholeSource): Map<string, V> {
  const map = maps.get(source) ?? new Map<string, V>();
  maps.set(source, map);
  return map;
}

/** Files that are parsed in every state, whatever a search finds. */
function ownFiles({ machine, modules }: Request): ReadonlySet<string> {
  return new Set([...sourceFiles(machine), ...modules, ...treeHeaders(machine).values()]);
}

/**
 * Equal for states of one tree in which a search for a name has the same result: all files are equal but for those that
 * are parsed in every state, and these include the same.
 */
function signatureOf(request: Request): string {
  const { source } = request;
  const own = ownFiles(request);
  const includes = [...own].map((path) => [path, includesOf(source.read(path) ?? '')]);
  const others = [...(source.changed ?? [])]
    .filter(([path]) => !own.has(path) && SEARCHED.test(path))
    .filter(([path, text]) => text !== source.base?.read(path))
    .map(([path, text]) => JSON.stringify([path, text ?? null]));
  return createHash('sha256')
    .update(JSON.stringify([includes, others.toSorted()]))
    .digest('hex');
}

/**
 * Is what another state needs enough for this one? So it is when all names that nobody has are such that the whole tree, which
 * is the same where it is searched, has none either, and what is found is what a search of the whole would find.
 */
function needsTheSame(request: Request, { files, program: whole, missing }: Search): boolean {
  const { source, machine, modules, changed } = request;
  const given = new Set([
    ...ownFiles(request),
    ...changed.map(({ path }) => path),
    ...files.headers,
    ...files.elsewhere.map(({ path }) => path),
  ]);
  const program = parse(request, {
    read: (path) => (given.has(path) ? source.read(path) : undefined),
    headers: files.headers,
    elsewhere: files.elsewhere,
  });
  if (missingIn(program, machine, modules).toSorted().join() !== missing.join()) return false;
  // For its look-ups: names in bodies are looked up when these are parsed.
  headersOf(program);
  return [...program.lookUps].every(([path, { lookedFor }]) => {
    const inWhole = whole.lookUps.get(path);
    return (
      inWhole !== undefined &&
      [...lookedFor].every(([name, found]) => {
        const before = inWhole.lookedFor.has(name);
        const there = inWhole.findWithPath(name);
        // What that state looked for as well is found in the same headers by both.
        return before ? (there === undefined) === (found === undefined) : there?.path === found?.path;
      })
    );
  });
}

function searchFiles(request: Request): Search {
  const { source, machine, modules } = request;
  const read = (path: string): string | undefined => source.read(path);
  const headers = source.headers ?? [];
  const program = parse(request, { read, headers, elsewhere: [] });
  const found = headersOf(program);
  const missing = missingIn(program, machine, modules);
  const modelFunctions = modelFunctionsOf(machine);
  const elsewhere =
    missing.length === 0
      ? []
      : functionsElsewhere(missing, {
          program,
          tree: new TreeFunctions(source, machine, [...sourceFiles(machine), ...modules]),
          isModelled: (name) =>
            modelFunctions.has(name) ||
            modelFunctions.has(name.replace(/_noprof$/, '')) ||
            Object.hasOwn(ignored, name),
        });
  if (elsewhere.length === 0)
    return { files: { headers: found, elsewhere }, program, missing: missing.toSorted() };
  // What was parsed in search of them, and not taken, has needs of its own.
  const all = parse(request, { read, headers, elsewhere });
  return {
    files: { headers: headersOf(all), elsewhere },
    program: all,
    missing: missingIn(all, machine, modules).toSorted(),
  };
}

function parse(
  { machine, modules, changed }: Request,
  from: Required<Pick<Parameters<typeof parseProgram>[0], 'read' | 'headers' | 'elsewhere'>>,
): Program {
  const face = { prelude: modelHeaders(machine), headers: new Map(Object.entries(replacedHeaders(machine))) };
  return parseProgram({ ...from, changedHeaders: changed }, machine, face, modules);
}

function modelFunctionsOf(machine: Machine): ReadonlyMap<string, KernelFunction> {
  return new Map(Object.entries(modelSymbols(machine) as Record<string, KernelFunction>));
}

/** What the entry points reach and nobody has. */
function missingIn(program: Program, machine: Machine, modules: readonly string[]): readonly string[] {
  const modelFunctions = modelFunctionsOf(machine);
  const bindings = new Bindings({
    program,
    before: undefined,
    touched: new Set(),
    mode: 'from-tree',
    modelFunctions,
    ignored: new Map(Object.entries(ignored).map(([name, { reason }]) => [name, reason])),
    entryPoints: [...entryPointsOf(program, modelFunctions, undefined), ...casesOf(program, modules)],
  });
  return bindings.all.flatMap(({ binding }) => (binding.origin === 'not-modelled' ? [binding.name] : []));
}

function headersOf(program: Program): readonly string[] {
  const wanted = new Set<string>();
  for (const unit of [...program.units, ...program.changed.map((each) => each.unit)]) {
    for (const definition of unit.functions.values()) addNames(definition, wanted);
  }
  for (const { unit, names } of program.elsewhere) {
    for (const [name, definition] of unit.functions) if (names.has(name)) addNames(definition, wanted);
  }
  // Inline functions of headers may name more; the set grows while it is walked.
  for (const name of wanted) for (const definition of inHeaders(program, name)) addNames(definition, wanted);
  // A header that was parsed in vain is not among them.
  const found = [...program.lookUps.values()].flatMap(({ lookedFor }) => [...lookedFor.values()]);
  return [...new Set(found.flatMap((each) => each?.path ?? []))].toSorted();
}

function inHeaders(program: Program, name: string): readonly FunctionDefinition[] {
  return program.treeUnits.flatMap((unit) => unit.functions.get(name) ?? []);
}

function addNames(definition: FunctionDefinition, into: Set<string>): void {
  try {
    for (const name of definition.parseBody().functions) into.add(name);
  } catch (error) {
    if (!(error instanceof TranslateError)) throw error;
  }
}
