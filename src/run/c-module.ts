// SPDX-License-Identifier: GPL-2.0-only
import vm from 'node:vm';
import type { Ptr } from '../base/units.ts';
import { HELPERS, type EmittedModule } from '../translate/emit-module.ts';
import type { Token } from '../translate/token.ts';
import type { TranslationUnit } from '../translate/translation-unit.ts';
import type { KernelFunction } from './runtime.ts';

type Factory = (...args: unknown[]) => Record<string, KernelFunction>;

interface CompiledModule {
  /** In the file name that stack frames show; equal for equal texts. */
  readonly id: number;
  readonly factory: Factory;
}

/** A context without anything in it: emitted code can name only what it is given. */
const NOTHING = vm.createContext(Object.create(null) as object, {
  codeGeneration: { strings: false, wasm: false },
});

const compiledModules = new Map<string, CompiledModule>();
/** Some thousands of functions, of which a kernel links a few hundred. */
const COMPILED_LIMIT = 8000;
let nextModuleId = 0;

/**
 * The same text is compiled once: patches leave most functions alone, and what the engine learnt of them stays good from
 * one state of a source to the next.
 */
function compile(text: string): CompiledModule {
  let compiled = compiledModules.get(text);
  if (compiled === undefined) {
    if (compiledModules.size >= COMPILED_LIMIT) compiledModules.clear();
    const id = nextModuleId++;
    const factory = vm.compileFunction(text, ['rt', 'mem', 'strings', ...HELPERS], {
      filename: `c-module-${id}`,
      parsingContext: NOTHING,
    }) as Factory;
    compiled = { id, factory };
    compiledModules.set(text, compiled);
  }
  return compiled;
}

/** One emitted C function (or a file's initialisers), compiled. */
export class CModule {
  readonly unit: TranslationUnit;
  readonly emitted: EmittedModule;
  /** Of its text, among all that were compiled here. */
  readonly id: number;
  /** 1 for each of the emitted marks that was passed. */
  readonly marks: Uint8Array;
  /** Where its string literals are. */
  readonly strings: Ptr[] = [];
  readonly #factory: Factory;
  #made: Readonly<Record<string, KernelFunction>> = {};

  constructor(unit: TranslationUnit, emitted: EmittedModule) {
    this.unit = unit;
    this.emitted = emitted;
    this.marks = new Uint8Array(emitted.marks.length);
    const { id, factory } = compile(emitted.text);
    this.id = id;
    this.#factory = factory;
  }

  /** Makes its functions, which call nothing yet. */
  instantiate(runtime: object, mem: object, helpers: readonly unknown[]): void {
    this.#made = this.#factory(runtime, mem, this.strings, ...helpers);
  }

  /** The function of that emitted name. */
  get(emittedName: string): KernelFunction {
    return this.#made[emittedName]!;
  }

  /** The C that a line of the text, from 0, does. */
  placeAt(line: number): Token | undefined {
    return this.emitted.places[line];
  }
}
