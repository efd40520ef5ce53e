// SPDX-License-Identifier: GPL-2.0-only
import type { Expression, FunctionDefinition, Variable } from '../translate/syntax.ts';
import { TranslateError } from '../translate/token.ts';
import type { Program } from './program.ts';
import type { KernelFunction } from './runtime.ts';

// What a function names, as far as its text or its body tells: of C, and of the model.

/** Every identifier of a definition's body: what it may call or touch. */
const identifiers = new WeakMap<FunctionDefinition, ReadonlySet<string>>();

export function identifiersOf(definition: FunctionDefinition): ReadonlySet<string> {
  let names = identifiers.get(definition);
  if (names === undefined) {
    names = new Set(definition.tokens().flatMap(({ kind, text }) => (kind === 'identifier' ? [text] : [])));
    identifiers.set(definition, names);
  }
  return names;
}

/** The functions of the files that are run that name something. */
export function namersOf(program: Program, name: string): readonly string[] {
  const known = namers.get(program) ?? new Map<string, readonly string[]>();
  namers.set(program, known);
  let names = known.get(name);
  if (names === undefined) {
    const definitions = program.units.flatMap(({ functions }) => [...functions.values()]);
    names = definitions.flatMap((each) => (identifiersOf(each).has(name) ? [each.name] : []));
    known.set(name, names);
  }
  return names;
}

const namers = new WeakMap<Program, Map<string, readonly string[]>>();

/** Functions named in a body and in the initialisers of the variables it uses. */
export function calleesOf(definition: FunctionDefinition): ReadonlySet<string> {
  const body = bodyOf(definition);
  if (body === undefined) return new Set();
  const names = new Set(body.functions);
  for (const variable of body.statics) {
    for (const store of variable.initialisers ?? []) collectFunctions(store.value, names);
  }
  return names;
}

function collectFunctions(expression: Expression, into: Set<string>): void {
  if (expression.kind === 'function') into.add(expression.name);
  if (expression.kind === 'cast') collectFunctions(expression.operand, into);
  if (expression.kind === 'address') collectFunctions(expression.of, into);
  if (expression.kind === 'conditional') collectFunctions(expression.no, into);
}

export function staticsOf(definition: FunctionDefinition): ReadonlySet<Variable> {
  return bodyOf(definition)?.statics ?? new Set();
}

/** A function's body; undefined where it uses C that is not supported. */
export function bodyOf(
  definition: FunctionDefinition,
): ReturnType<FunctionDefinition['parseBody']> | undefined {
  try {
    return definition.parseBody();
  } catch (error) {
    if (error instanceof TranslateError) return undefined;
    throw error;
  }
}

/** Methods of KernelWorld, which are no kernel symbols. */
const WORLD = new Set(['state', 'callPointer', 'spin', 'notModelled', 'sizeof', 'offsetof', 'nameOf']);

const callees = new WeakMap<KernelFunction, ReadonlySet<string>>();

/** Kernel symbols that a model function calls: it reaches all of them as `k.name(…)`, so its text tells. */
export function modelCallees(fn: KernelFunction): ReadonlySet<string> {
  let names = callees.get(fn);
  if (names === undefined) {
    const called = [...fn.toString().matchAll(/\bk\.(\w+)\(/g)].map((match) => match[1]!);
    names = new Set(called.filter((name) => !WORLD.has(name)));
    callees.set(fn, names);
  }
  return names;
}
