// SPDX-License-Identifier: GPL-2.0-only

import type { WithDiagnostics } from './base/diagnostic.ts';
import { modelHeaders, replacedHeaders } from './model/headers.ts';
import { ignored } from './model/ignored.ts';
import { modelSymbols } from './model/symbols.ts';
import type { TranslatedFunction } from './report/translation-text.ts';
import { optionsHeader, sourcesBeside } from './review-brought.ts';
import { changedHeaders } from './review-changed-headers.ts';
import { openState, refusal, type StateRequest } from './review-one-state.ts';
import { findDefinition, parseProgram, type Program } from './run/program.ts';
import { OPTIONS_HEADER, translatedPaths } from './run/source.ts';
import { machineForTree } from './run/tree-config.ts';
import { emitModule } from './translate/emit-module.ts';
import type { Machine } from './trace/machine.ts';
import type { FunctionDefinition } from './translate/syntax.ts';
import { TranslateError } from './translate/token.ts';

export interface TranslateRequest extends StateRequest {
  /** A path in the tree. */
  readonly file: string;
  /** Undefined for all functions of the file. */
  readonly function: string | undefined;
}

/** Translates functions of one file as a review does, for people to read. */
export async function translateSource(
  request: TranslateRequest,
): Promise<WithDiagnostics<readonly TranslatedFunction[] | undefined>> {
  const opened = await openState(request);
  if (opened.value === undefined) return { value: undefined, diagnostics: opened.diagnostics };
  const { machine, state } = opened.value;
  const file = request.file.replace(/^\.\//, '');
  const text = state.tree.read(file);
  if (text === undefined) return refusal('review/no-file', `\`${state.tree.title}\` has no file \`${file}\``);
  const created = sourcesBeside(state.tree, machine);
  const changed = changedHeaders(opened.value.input, machine);
  const run = [...translatedPaths(machine), ...created, ...changed.map(({ path }) => path)];
  if (!run.includes(file)) {
    const paths = run.join(', ');
    return refusal(
      'review/not-translated',
      `\`${file}\` is not run on ${machine.name}; what is run is ${paths}`,
    );
  }
  const options = optionsHeader(state.tree, machine);
  const configured = machineForTree(machine, (path) =>
    path === OPTIONS_HEADER ? options[path] : state.tree.read(path),
  );
  const face = {
    prelude: modelHeaders(configured),
    headers: new Map(Object.entries(replacedHeaders(configured))),
  };
  const source = { read: (path: string) => state.tree.read(path), changedHeaders: changed };
  const program = parseProgram(source, configured, face, created);
  const inFile = definitionsIn(program, file);
  const wanted =
    request.function === undefined ? inFile : inFile.filter(({ name }) => name === request.function);
  if (wanted.length === 0) {
    const what = request.function === undefined ? 'a function' : `the function \`${request.function}\``;
    return refusal('review/no-function', `\`${file}\` does not define ${what} on ${machine.name}`);
  }
  const lines = text.split('\n');
  const diagnostics = [
    ...opened.diagnostics,
    ...program.diagnostics.filter(({ where }) => where?.file === file),
  ];
  const isKnown = knownFunctions(program, configured);
  const value = wanted.map((definition) => {
    const missing = calleesOf(definition).filter((name) => !isKnown(name, definition));
    return { ...translated(definition, lines), ...(missing.length > 0 && { missing }) };
  });
  return { value, diagnostics };
}

function calleesOf(definition: FunctionDefinition): readonly string[] {
  try {
    return [...definition.parseBody().functions].toSorted();
  } catch (error) {
    if (error instanceof TranslateError) return [];
    throw error;
  }
}

/** Is there anything to run for a call: C of the tree, a function of the model, or a reason why nothing is to be done? */
function knownFunctions(
  program: Program,
  machine: Machine,
): (name: string, from: FunctionDefinition) => boolean {
  const modelled = modelSymbols(machine);
  const unitOf = (from: FunctionDefinition): Program['base'] | undefined =>
    program.units.find((unit) => unit.functions.get(from.name) === from);
  return (name, from) =>
    Object.hasOwn(modelled, name) ||
    Object.hasOwn(ignored, name) ||
    findDefinition(program, name, unitOf(from)) !== undefined;
}

function definitionsIn(program: Program, file: string): FunctionDefinition[] {
  const units = [...program.units, ...program.changed.map(({ unit }) => unit)];
  const all = units.flatMap((unit) => [...unit.functions.values()]);
  const byLine = new Map(all.filter(({ at }) => at.file.path === file).map((each) => [each.at.line, each]));
  return [...byLine.values()].toSorted((a, b) => a.at.line - b.at.line);
}

function translated(definition: FunctionDefinition, lines: readonly string[]): TranslatedFunction {
  const { name, at, end } = definition;
  const { text, places, untranslated } = emitModule([definition], 'for people');
  const emitted = text.split('\n').map((line, index) => ({ text: line, line: places[index]?.line }));
  // What stands before the function and behind it binds names: not for readers.
  const first = emitted.findIndex(({ text: line }) => line.startsWith('function '));
  const last = emitted.findIndex(({ text: line }) => line.startsWith('function link$'));
  return {
    name,
    startLine: at.line,
    c: lines.slice(at.line - 1, end.line),
    typescript: first === last ? [] : emitted.slice(first, last).filter(({ text: line }) => line !== ''),
    ...(untranslated[0] === undefined
      ? {}
      : { untranslated: `line ${untranslated[0].error.at.line}: ${untranslated[0].error.message}` }),
  };
}
