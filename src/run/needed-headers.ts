// SPDX-License-Identifier: GPL-2.0-only
import { modelHeaders, replacedHeaders } from '../model/headers.ts';
import type { Machine } from '../trace/machine.ts';
import { TranslateError } from '../translate/token.ts';
import type { FunctionDefinition } from '../translate/syntax.ts';
import { parseProgram, type Program } from './program.ts';
import { SIGN_OF_HEADERS, type ChangedHeader, type Source } from './source.ts';

/**
 * The tree's headers that its C needs beside those that are always read: each declares something that nothing else does
 * (translate/tree-headers.ts). Found by parsing everything once with the whole tree at hand, so that a job, which has
 * only texts, can be given them.
 * @param modules C files beside those that are always run
 * @param changed headers that the series changes
 */
export function neededHeaders(
  source: Source,
  machine: Machine,
  modules: readonly string[] = [],
  changed: readonly ChangedHeader[] = [],
): readonly string[] {
  if (source.read(SIGN_OF_HEADERS) === undefined) return [];
  const known = found.get(source) ?? new Map<string, readonly string[]>();
  found.set(source, known);
  // The architecture decides what is declared; machines of one differ in numbers.
  const key = JSON.stringify([machine.arch, modules, changed]);
  const headers = known.get(key) ?? searchHeaders(source, machine, modules, changed);
  known.set(key, headers);
  return headers;
}

const found = new WeakMap<Source, Map<string, readonly string[]>>();

function searchHeaders(
  source: Source,
  machine: Machine,
  modules: readonly string[],
  changed: readonly ChangedHeader[],
): readonly string[] {
  const face = { prelude: modelHeaders(machine), headers: new Map(Object.entries(replacedHeaders(machine))) };
  const read = (path: string): string | undefined => source.read(path);
  const program = parseProgram(
    { read, headers: source.headers ?? [], changedHeaders: changed },
    machine,
    face,
    modules,
  );
  const wanted = new Set<string>();
  for (const unit of [...program.units, ...program.changed.map((each) => each.unit)]) {
    for (const definition of unit.functions.values()) addNames(definition, wanted);
  }
  // Inline functions of headers may name more; the set grows while it is walked.
  for (const name of wanted) for (const definition of inHeaders(program, name)) addNames(definition, wanted);
  return program.treeUnits.map((unit) => unit.path).toSorted();
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
