// SPDX-License-Identifier: GPL-2.0-only
import { modelHeaders, replacedHeaders } from '../model/headers.ts';
import { ignored } from '../model/ignored.ts';
import { modelSymbols } from '../model/symbols.ts';
import type { Machine } from '../trace/machine.ts';
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
  type ChangedHeader,
  type FunctionsElsewhere,
  type Source,
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

/**
 * Finds it by parsing everything once with the whole tree at hand, so that a job, which has only texts, can be given them.
 * @param modules C files beside those that are always run
 * @param changed headers that the series changes
 */
export function neededFiles(
  source: WholeSource,
  machine: Machine,
  modules: readonly string[] = [],
  changed: readonly ChangedHeader[] = [],
): NeededFiles {
  if (source.read(SIGN_OF_HEADERS) === undefined) return { headers: [], elsewhere: [] };
  const known = found.get(source) ?? new Map<string, NeededFiles>();
  found.set(source, known);
  // The architecture decides what is declared; machines of one differ in numbers.
  const key = JSON.stringify([machine.arch, modules, changed]);
  const files = known.get(key) ?? searchFiles(source, machine, modules, changed);
  known.set(key, files);
  return files;
}

const found = new WeakMap<Source, Map<string, NeededFiles>>();

function searchFiles(
  source: WholeSource,
  machine: Machine,
  modules: readonly string[],
  changed: readonly ChangedHeader[],
): NeededFiles {
  const face = { prelude: modelHeaders(machine), headers: new Map(Object.entries(replacedHeaders(machine))) };
  const read = (path: string): string | undefined => source.read(path);
  const parse = (taken: readonly FunctionsElsewhere[]): Program =>
    parseProgram(
      { read, headers: source.headers ?? [], changedHeaders: changed, elsewhere: taken },
      machine,
      face,
      modules,
    );
  const program = parse([]);
  const headers = headersOf(program);
  const modelFunctions = new Map(Object.entries(modelSymbols(machine) as Record<string, KernelFunction>));
  const missing = missingIn(program, modelFunctions, modules);
  if (missing.length === 0) return { headers, elsewhere: [] };
  const skipped = [...sourceFiles(machine), ...modules];
  const elsewhere = functionsElsewhere(missing, {
    program,
    tree: new TreeFunctions(source, machine, skipped),
    isModelled: (name) =>
      modelFunctions.has(name) ||
      modelFunctions.has(name.replace(/_noprof$/, '')) ||
      Object.hasOwn(ignored, name),
  });
  // What was parsed in search of them, and not taken, has needs of its own.
  return { headers: elsewhere.length === 0 ? headers : headersOf(parse(elsewhere)), elsewhere };
}

/** What the entry points reach and nobody has. */
function missingIn(
  program: Program,
  modelFunctions: ReadonlyMap<string, KernelFunction>,
  modules: readonly string[],
): readonly string[] {
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
  return [...new Set(program.treeUnits.map((unit) => unit.path))].toSorted();
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
