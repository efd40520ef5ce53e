// SPDX-License-Identifier: GPL-2.0-only
import { isPrinted, type FormInPlace, type PrintedForm } from '../base/in-place-form.ts';
import type { MemoryForms } from '../base/memory-forms.ts';
import { emitStore } from './emit-expression.ts';
import { emitFunction, FunctionEmitter, type EmittedLine, type UnitNames } from './emit-function.ts';
import { emitName } from './emit-names.ts';
import type { FunctionDefinition, Variable } from './syntax.ts';
import { TranslateError, type Token } from './token.ts';

/** A function that could not be translated, or not all of it, and why. */
export interface Untranslated {
  readonly name: string;
  readonly error: TranslateError;
}

/**
 * Functions of one C file as one module: `(rt, mem, strings, …helpers) => ({ link$, function, … })`. What it calls is
 * bound by link$(), when all modules exist.
 */
export interface EmittedModule {
  readonly text: string;
  /** For each line of the text, from 0: the C that it does. */
  readonly places: readonly (Token | undefined)[];
  readonly functions: readonly string[];
  readonly untranslated: readonly Untranslated[];
  /** Names of functions that the module takes from elsewhere. */
  readonly imports: readonly string[];
  /** Those of them whose address it takes. */
  readonly pointers: readonly string[];
  /** Static variables by emitted name, and string literals, that must have an address. */
  readonly statics: ReadonlyMap<string, Variable>;
  readonly strings: readonly (readonly number[])[];
  /** The C that each counter of `rt.marks()` stands for: first what begins a function, then its statements. */
  readonly marks: readonly Token[];
}

/** Helpers of base/u64.ts and of the runtime that emitted code names directly. */
export const HELPERS = [
  'add', 'sub', 'mul', 'and', 'or', 'xor', 'not', 'neg', 'shl', 'shr', 'sar', 'ult', 'ule', 'udiv', 'umod', 'sdiv', 'smod',
  'i32', 'u32', 'pointer', 'index', 'written', 'large', 'count', 'divisor', 'bitsOfDescriptor', 'descriptorFromBits',
] as const; // prettier-ignore

/** What is printed in place. */
export interface FormsInPlace {
  /** Of calls, by the function's name. */
  call(name: string): FormInPlace | undefined;
  /** Of loads and stores. */
  readonly memory: MemoryForms;
}

/**
 * Prints functions of one C file. Without forms it is TypeScript for people; with them it is JavaScript for running: the same
 * lines, with some calls in place, and with marks between them that tell what was executed.
 */
export function emitModule(
  definitions: readonly FunctionDefinition[],
  forms: FormsInPlace | 'for people',
): EmittedModule {
  const types = forms === 'for people';
  const parts = new ModuleParts(!types, types ? undefined : forms);
  const body: EmittedLine[] = [];
  const functions: string[] = [];
  const untranslated: Untranslated[] = [];
  for (const definition of definitions) {
    try {
      body.push(...emitFunction(definition, parts, types), { text: '', at: undefined });
      functions.push(definition.name);
      const [error] = definition.parseBody().gaps;
      if (error !== undefined) untranslated.push({ name: definition.name, error });
    } catch (error) {
      if (!(error instanceof TranslateError)) throw error;
      untranslated.push({ name: definition.name, error });
    }
  }
  return parts.module(body, functions, untranslated);
}

/**
 * A module with one function, `initialise$statics()`, which stores the initial values of static variables: those given, and
 * those that these point to.
 */
export function emitStatics(variables: Iterable<readonly [string, Variable]>): EmittedModule {
  const parts = new ModuleParts(false, undefined);
  for (const [name, variable] of variables) parts.statics.set(name, variable);
  const stores: EmittedLine[] = [];
  // The map grows while initialisers name further statics; a Map's iteration sees what is added.
  for (const variable of parts.statics.values()) {
    if (variable.defined !== true) continue;
    const emitter = new FunctionEmitter(parts, false, false);
    for (const store of variable.initialisers ?? []) {
      emitter.line(`${emitStore(emitter, emitName(variable.emittedName), store)};`, variable.at);
    }
    // What an initialiser copies (a compound literal) is found after it and must be there before it.
    stores.unshift(...emitter.lines);
  }
  const open = { text: 'function initialise$statics() {', at: undefined };
  const body = [open, ...stores, { text: '}', at: undefined }];
  return parts.module(body, ['initialise$statics'], []);
}

/** What the functions of a module share, as it comes up while they are printed. */
class ModuleParts implements UnitNames {
  readonly statics = new Map<string, Variable>();
  readonly #imports = new Set<string>();
  readonly #pointers = new Set<string>();
  readonly #strings: (readonly number[])[] = [];
  readonly #marks: Token[] = [];
  readonly #isMarked: boolean;
  readonly #forms: FormsInPlace | undefined;
  readonly #shortcuts = new Set<string>();
  #usesMemoryForms = false;

  constructor(isMarked: boolean, forms: FormsInPlace | undefined) {
    this.#isMarked = isMarked;
    this.#forms = forms;
  }

  formInPlace(name: string): PrintedForm | undefined {
    const form = this.#forms?.call(name);
    return form !== undefined && isPrinted(form) ? form : undefined;
  }

  memoryForms(method: string): MemoryForms | undefined {
    const memory = this.#forms?.memory;
    if (memory?.has(method) !== true) return undefined;
    this.#usesMemoryForms = true;
    return memory;
  }

  shortcut(name: string): string {
    this.#shortcuts.add(name);
    return `$${name}`;
  }

  functionName(name: string): string {
    this.#imports.add(name);
    return emitName(name);
  }

  functionAddress(name: string): string {
    this.#pointers.add(name);
    this.#imports.add(name);
    return `${emitName(name)}$pointer`;
  }

  staticAddress(variable: Variable): string {
    this.statics.set(variable.emittedName, variable);
    return emitName(variable.emittedName);
  }

  stringAddress(bytes: readonly number[]): string {
    return `strings[${this.#strings.push(bytes) - 1}]${stringComment(bytes)}`;
  }

  mark(at: Token): string | undefined {
    return this.#isMarked ? `$marks[${this.#marks.push(at) - 1}] = 1;` : undefined;
  }

  module(
    body: readonly EmittedLine[],
    functions: readonly string[],
    untranslated: readonly Untranslated[],
  ): EmittedModule {
    for (const name of functions) this.#imports.delete(name);
    const imports = [...this.#imports];
    const pointers = [...this.#pointers];
    const names = imports.map(emitName);
    const head = [
      ...(this.#marks.length > 0 ? [`const $marks = rt.marks(${this.#marks.length});`] : []),
      ...(this.#shortcuts.size > 0 ? ['const $k = rt.kernel();'] : []),
      ...[...this.#shortcuts].map((name) => `const $${name} = rt.shortcut(${quoted(name)});`),
      ...(this.#forms !== undefined && this.#usesMemoryForms ? [this.#forms.memory.head] : []),
      // Not `let`: the engine would ask each time whether they were given a value yet.
      ...(names.length > 0 ? [`var ${names.join(', ')};`] : []),
      ...pointers.map((name) => `const ${emitName(name)}$pointer = rt.functionAddress(${quoted(name)});`),
      ...[...this.statics.keys()].map(
        (name) => `const ${emitName(name)} = rt.staticAddress(${quoted(name)});`,
      ),
    ];
    const tail = [
      'function link$() {',
      ...imports.map((name) => `  ${emitName(name)} = rt.bind(${quoted(name)});`),
      '}',
      `return { ${['link$', ...functions.map(emitName)].join(', ')} };`,
    ];
    const plain = (text: string): EmittedLine => ({ text, at: undefined });
    const lines = [...head.map(plain), ...body, ...tail.map(plain)];
    return {
      text: lines.map((line) => line.text).join('\n'),
      places: lines.map((line) => line.at),
      functions,
      untranslated,
      imports,
      pointers,
      statics: this.statics,
      strings: this.#strings,
      marks: this.#marks,
    };
  }
}

function quoted(name: string): string {
  return JSON.stringify(name);
}

function stringComment(bytes: readonly number[]): string {
  const text = String.fromCharCode(...bytes.slice(0, Math.min(bytes.length - 1, 40)));
  return ` /* ${JSON.stringify(text).replaceAll('*/', '* /')} */`;
}
