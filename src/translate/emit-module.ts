// SPDX-License-Identifier: GPL-2.0-only
import { emitStore } from './emit-expression.ts';
import { emitFunction, FunctionEmitter, type EmittedLine, type UnitNames } from './emit-function.ts';
import { emitName } from './emit-names.ts';
import type { FunctionDefinition, Variable } from './syntax.ts';
import { TranslateError, type Token } from './token.ts';

/** A function that could not be translated, and why. */
export interface Untranslated {
  readonly name: string;
  readonly error: TranslateError;
}

/** Functions of one C file as one module: `(rt, mem, …helpers) => ({ name: function, … })`. */
export interface EmittedModule {
  readonly text: string;
  /** For each line of the text, from 0: the C that it does. */
  readonly places: readonly (Token | undefined)[];
  readonly functions: readonly string[];
  readonly untranslated: readonly Untranslated[];
  /** Names of functions that the module takes from elsewhere. */
  readonly imports: readonly string[];
  /** Static variables by emitted name, and string literals, that must have an address. */
  readonly statics: ReadonlyMap<string, Variable>;
  readonly strings: readonly (readonly number[])[];
}

/** Helpers of base/u64.ts and of the runtime that emitted code names directly. */
export const HELPERS = [
  'add', 'sub', 'mul', 'and', 'or', 'xor', 'not', 'neg', 'shl', 'shr', 'sar', 'ult', 'ule', 'udiv', 'umod', 'sdiv', 'smod',
  'i32', 'u32', 'pointer', 'index', 'written', 'count', 'divisor',
] as const; // prettier-ignore

/** Prints functions of one C file. `types` gives TypeScript for people, else JavaScript for running: the same lines. */
export function emitModule(definitions: readonly FunctionDefinition[], types: boolean): EmittedModule {
  const imports = new Set<string>();
  const pointers = new Set<string>();
  const statics = new Map<string, Variable>();
  const strings: (readonly number[])[] = [];
  const names: UnitNames = {
    functionName: (name) => {
      imports.add(name);
      return emitName(name);
    },
    functionAddress: (name) => {
      pointers.add(name);
      imports.add(name);
      return `${emitName(name)}$pointer`;
    },
    staticAddress: (variable) => {
      statics.set(variable.emittedName, variable);
      return emitName(variable.emittedName);
    },
    stringAddress: (bytes) => `strings[${strings.push(bytes) - 1}]${stringComment(bytes)}`,
  };
  const body: EmittedLine[] = [];
  const functions: string[] = [];
  const untranslated: Untranslated[] = [];
  for (const definition of definitions) {
    try {
      const lines = emitFunction(definition, names, types);
      body.push(...lines, { text: '', at: undefined });
      functions.push(definition.name);
    } catch (error) {
      if (!(error instanceof TranslateError)) throw error;
      untranslated.push({ name: definition.name, error });
    }
  }
  const initialise = emitInitialisers(statics, names, types);
  for (const name of functions) imports.delete(name);
  const head = [
    ...[...imports].map((name) => `const ${emitName(name)} = rt.bind(${JSON.stringify(name)});`),
    ...[...pointers].map(
      (name) => `const ${emitName(name)}$pointer = rt.functionAddress(${JSON.stringify(name)});`,
    ),
    ...[...statics.keys()].map(
      (name) => `const ${emitName(name)} = rt.staticAddress(${JSON.stringify(name)});`,
    ),
  ];
  const tail = `return { ${['initialise$statics', ...functions.map(emitName)].join(', ')} };`;
  const plain = (text: string): EmittedLine => ({ text, at: undefined });
  const lines = [...head.map(plain), ...body, ...initialise, plain(tail)];
  return {
    text: lines.map((line) => line.text).join('\n'),
    places: lines.map((line) => line.at),
    functions,
    untranslated,
    imports: [...imports],
    statics,
    strings,
  };
}

/** A function that stores the initial values of static variables: those used, and those that these point to. */
function emitInitialisers(
  statics: ReadonlyMap<string, Variable>,
  names: UnitNames,
  types: boolean,
): EmittedLine[] {
  const emitter = new FunctionEmitter(names, types, false);
  // The map grows while initialisers name further statics; a Map's iteration sees what is added.
  for (const variable of statics.values()) {
    if (variable.defined !== true) continue;
    for (const store of variable.initialisers ?? []) {
      emitter.line(`${emitStore(emitter, emitName(variable.emittedName), store)};`, variable.at);
    }
  }
  const open = { text: `function initialise$statics()${types ? ': void' : ''} {`, at: undefined };
  return [open, ...emitter.lines, { text: '}', at: undefined }];
}

function stringComment(bytes: readonly number[]): string {
  const text = String.fromCharCode(...bytes.slice(0, Math.min(bytes.length - 1, 40)));
  return ` /* ${JSON.stringify(text).replaceAll('*/', '* /')} */`;
}
