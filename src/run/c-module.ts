// SPDX-License-Identifier: GPL-2.0-only
import vm from 'node:vm';
import type { Ptr } from '../base/units.ts';
import type { Memory } from '../model/hardware/memory.ts';
import type { ObjectType } from '../model/mm/object-type.ts';
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

/** What emitted code uses of the language's own objects. */
const USED: ReadonlySet<string> = new Set(['Math', 'undefined', 'NaN', 'Infinity']);

/** All else that code could name without being given it. */
const HIDDEN: readonly string[] = [globalThis, Object.prototype]
  .flatMap((object) => Object.getOwnPropertyNames(object))
  .filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && !USED.has(name));

const compiledModules = new Map<string, CompiledModule>();
/** Some thousands of functions, of which a kernel links a few hundred. */
const COMPILED_LIMIT = 8000;
let nextModuleId = 0;

/**
 * The same text is compiled once: patches leave most functions alone, and what the engine learnt of them stays good from
 * one state of a source to the next.
 *
 * Emitted code can name only what it is given: every global name is a parameter that nobody passes. A context of its own
 * would hide them as well, but the engine calls nothing directly across contexts, not even an addition.
 */
function compile(text: string): CompiledModule {
  let compiled = compiledModules.get(text);
  if (compiled === undefined) {
    if (compiledModules.size >= COMPILED_LIMIT) compiledModules.clear();
    const id = nextModuleId++;
    const given = ['rt', 'mem', 'strings', ...HELPERS].join(', ');
    // On the first line, since places are told by lines of the text. In brackets, for the engine reads a function that stands
    // so at once, not first in outline.
    const wrapped = `return (function (${given}) { 'use strict'; ${text}\n});`;
    const make = vm.compileFunction(wrapped, HIDDEN, { filename: `c-module-${id}` }) as () => Factory;
    const factory = make();
    compiled = { id, factory };
    compiledModules.set(text, compiled);
  }
  return compiled;
}

/** One emitted C function (or a file's initialisers), compiled. */
export class CModule {
  readonly unit: TranslationUnit;
  readonly emitted: EmittedModule;
  /** What it keeps in what it gets from allocators, by their names. */
  readonly allocates: ReadonlyMap<string, ObjectType>;
  /** Of its text, among all that were compiled here. */
  readonly id: number;
  /** 1 for each of the emitted marks that was passed. */
  readonly marks: Uint8Array;
  /** Where its string literals are. */
  readonly strings: Ptr[] = [];
  readonly #factory: Factory;
  #made: Readonly<Record<string, KernelFunction>> = {};

  constructor(
    unit: TranslationUnit,
    emitted: EmittedModule,
    marks: Uint8Array,
    allocates: ReadonlyMap<string, ObjectType> = new Map(),
  ) {
    this.unit = unit;
    this.emitted = emitted;
    this.allocates = allocates;
    this.marks = marks;
    const { id, factory } = compile(emitted.text);
    this.id = id;
    this.#factory = factory;
  }

  /** Makes its functions, which call nothing yet. */
  instantiate(runtime: object, mem: object, helpers: readonly unknown[]): void {
    this.#made = this.#factory(runtime, mem, this.strings, ...helpers);
  }

  /** Puts its string literals to memory. */
  allocateStrings(mem: Memory): void {
    for (const bytes of this.emitted.strings) {
      const address = mem.allocate({ size: bytes.length, name: 'string', zeroed: true });
      mem.write(address, Uint8Array.from(bytes));
      this.strings.push(address);
    }
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
