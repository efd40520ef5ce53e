// SPDX-License-Identifier: GPL-2.0-only
import { cells, HEAP, WASM_PAGE } from '../base/hot-layout.ts';
import { WasmModule, type Callable } from '../base/wasm-module.ts';
import type { FormInPlace } from '../base/in-place-form.ts';
import type { Ptr } from '../base/units.ts';
import { STACK_GUARD, TABLE, UNWRITTEN, WRITTEN } from '../model/hardware/heap.ts';
import { HotHelperFunctions } from '../model/hardware/hot-helpers.ts';
import type { Memory } from '../model/hardware/memory.ts';
import { isAtomic } from '../model/kernel/interrupt-state.ts';
import { lazyMmu } from '../model/mm/lazy-mmu-state.ts';
import type { Kernel } from '../model/kernel.ts';
import {
  crossing,
  emitHotFunction,
  hotSignature,
  type Crossing,
  type HotCallee,
  type HotNames,
} from '../translate/emit-hot-function.ts';
import type { FunctionDefinition, Variable } from '../translate/syntax.ts';
import { TranslateError, type Token } from '../translate/token.ts';
import type { CModule } from './c-module.ts';
import { entryFor, importFor, LARGE_CELLS, writeCallIn, writeCallOut, type Crossed } from './hot-crossing.ts';
import type { Recorder } from './recorder.ts';
import type { KernelFunction, Runtime } from './runtime.ts';

/** A C function that is linked. */
export interface LinkedFunction {
  readonly module: CModule;
  readonly definition: FunctionDefinition;
  /** As JavaScript. */
  readonly cold: KernelFunction;
}

/** The kernel that hot code is made for. */
export interface HotKernel {
  readonly kernel: Kernel;
  readonly mem: Memory;
  readonly runtime: Runtime;
  readonly recorder: Recorder;
  staticAddress(variable: Variable, module: CModule): Ptr;
  functionAddress(name: string, module: CModule): Ptr;
  /** The C that a call reaches; undefined where it reaches something else. */
  calledC(name: string, module: CModule): LinkedFunction | undefined;
  /** As the module's JavaScript calls it. */
  callable(name: string, module: CModule): KernelFunction;
  form(name: string, module: CModule): FormInPlace | undefined;
  fieldAddress(variable: string, tag: string, field: string): Ptr;
}

/** Hot code of a kernel: of each function that has one, what to call instead of its JavaScript. */
export interface HotCode {
  readonly entries: ReadonlyMap<LinkedFunction, KernelFunction>;
  /** The C at an offset in the module, as the engine's stacks have it. */
  placeAt(offset: number): { readonly function: string; readonly at: Token | undefined } | undefined;
}

/** Makes hot code of all functions that it supports; undefined where there are none, or no memory for it. */
export function makeHotCode(functions: readonly LinkedFunction[], of: HotKernel): HotCode | undefined {
  const { memory } = of.mem.heap.arena;
  if (memory === undefined) return undefined;
  return new HotCodeMaker(of, memory).make(functions);
}

class HotCodeMaker {
  readonly #of: HotKernel;
  readonly #memory: WebAssembly.Memory;
  readonly #module = new WasmModule();
  readonly #imports: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  readonly #callsOut = new Map<string, Callable>();
  readonly #handles = new Map<LinkedFunction, Callable>();
  readonly #helpers: HotHelperFunctions;
  readonly #crossed: Crossed;
  readonly #modules = new Map<CModule, number>();

  constructor(of: HotKernel, memory: WebAssembly.Memory) {
    this.#of = of;
    this.#memory = memory;
    this.#crossed = crossedFor(of, memory.buffer);
    this.#imports['memory'] = memory;
    const settle = this.#importRuntime('settle', [], undefined);
    this.#helpers = new HotHelperFunctions(this.#module, of.kernel.machine, settle);
  }

  make(functions: readonly LinkedFunction[]): HotCode | undefined {
    const supported = functions.filter((each) => this.#isSupported(each));
    if (supported.length === 0) return undefined;
    for (const each of supported) this.#handles.set(each, { signature: hotSignature(each.definition) });
    const made = supported.map((each) => {
      const emitted = emitHotFunction(each.definition, this.#namesFor(each, false));
      this.#module.add(emitted.code, this.#handles.get(each));
      return { ...emitted, linked: each };
    });
    for (const [i, each] of supported.entries()) {
      const { result, parameters } = crossingsOf(each.definition);
      writeCallIn(this.#module, exportName(each, i), this.#handles.get(each)!, parameters, result);
    }
    const { bytes, starts } = this.#module.assemble(this.#memory.buffer.byteLength / WASM_PAGE);
    const exported = this.#instantiate(bytes);
    if (exported === undefined) return undefined;
    const entries = new Map<LinkedFunction, KernelFunction>();
    for (const [i, each] of supported.entries()) {
      const { result, parameters } = crossingsOf(each.definition);
      const name = exportName(each, i);
      const hot = exported[name] as KernelFunction;
      entries.set(each, entryFor(name, hot, each.cold, this.#crossed, parameters, result));
    }
    const ranges = made
      .map(({ code, places, linked }) => ({
        start: starts.get(code)!,
        end: starts.get(code)! + code.bytes.length,
        places,
        linked,
      }))
      .toSorted((a, b) => a.start - b.start);
    return {
      entries,
      placeAt: (offset) => {
        const range = ranges.find(({ start, end }) => offset >= start && offset < end);
        if (range === undefined) return undefined;
        const place = range.places.findLast(({ byte }) => byte <= offset - range.start);
        return { function: range.linked.definition.name, at: place?.at };
      },
    };
  }

  /** Undefined where the engine refuses it: the same functions are there as JavaScript. */
  #instantiate(bytes: Uint8Array): WebAssembly.Instance['exports'] | undefined {
    try {
      return new WebAssembly.Instance(new WebAssembly.Module(bytes), { k: this.#imports }).exports;
    } catch (error) {
      if (error instanceof WebAssembly.CompileError) return undefined;
      throw error;
    }
  }

  #isSupported(each: LinkedFunction): boolean {
    if (each.module.marks.buffer !== this.#memory.buffer) return false;
    try {
      emitHotFunction(each.definition, this.#namesFor(each, true));
      return true;
    } catch (error) {
      if (error instanceof TranslateError) return false;
      throw error;
    }
  }

  /** @param isTrial nothing is kept of what is emitted */
  #namesFor({ module }: LinkedFunction, isTrial: boolean): HotNames {
    const of = this.#of;
    const { mem } = of;
    const { machine } = of.kernel;
    const { pageOffset, heapStart, heapSize } = machine.addresses;
    return {
      heap: {
        start: BigInt(pageOffset + heapStart * 2 ** machine.pageShift),
        size: heapSize,
        stackGuard: STACK_GUARD,
        unwritten: UNWRITTEN,
        written: WRITTEN,
        table: TABLE,
      },
      helpers: isTrial ? trialHelpers : this.#helpers,
      marks: module.marks.byteOffset,
      marked: module.emitted.marks,
      strings: module.emitted.strings.map((bytes, i) => ({ bytes, address: module.strings[i]! })),
      staticAddress: (variable) => of.staticAddress(variable, module),
      functionAddress: (name) => of.functionAddress(name, module),
      callee: (name): HotCallee => {
        const called = isTrial ? undefined : of.calledC(name, module);
        const to = called === undefined ? undefined : this.#handles.get(called);
        return to === undefined ? { kind: 'kernel' } : { kind: 'hot', to };
      },
      form: (name) => of.form(name, module)?.hot,
      fieldAddress: (variable, tag, field) => of.fieldAddress(variable, tag, field),
      nameNumber: (name) => mem.heap.numberOfName(name),
      imported: (from, name, parameters, result) => {
        if (isTrial) return { signature: { parameters: [], result: undefined } };
        if (from === 'k') return this.#importKernel(module, name, parameters, result);
        return from === 'mem'
          ? this.#importMemory(name, parameters, result)
          : this.#importRuntime(name, parameters, result);
      },
    };
  }

  #importKernel(
    module: CModule,
    name: string,
    parameters: readonly Crossing[],
    result: Crossing | undefined,
  ): Callable {
    let number = this.#modules.get(module);
    if (number === undefined) {
      number = this.#modules.size;
      this.#modules.set(module, number);
    }
    return this.#callOut(`${number} ${name}`, () => this.#of.callable(name, module), parameters, result);
  }

  #importMemory(name: string, parameters: readonly Crossing[], result: Crossing | undefined): Callable {
    const mem = this.#of.mem as unknown as Record<string, KernelFunction>;
    return this.#callOut(
      `mem ${name}`,
      () =>
        (...args: never[]) =>
          mem[name]!(...args),
      parameters,
      result,
    );
  }

  #importRuntime(name: string, parameters: readonly Crossing[], result: Crossing | undefined): Callable {
    const { runtime, mem, recorder } = this.#of;
    const { count, divisor, written } = runtime.helpers() as unknown as Record<
      string,
      (...args: unknown[]) => unknown
    >;
    const special: Record<string, KernelFunction> = {
      uninitialised: () => written!(undefined),
      shiftFault: () => count!(-1, 32),
      divideFault: () => divisor!(0),
      settle: () => recorder.stores.rows?.settle(),
      stackIsFull: (size: number) => mem.local(size + 2 ** 30, 8, 'variables'),
    };
    const own = runtime as unknown as Record<string, KernelFunction>;
    const fn = Object.hasOwn(special, name)
      ? special[name]!
      : (...args: never[]) => own[name]!.apply(runtime, args);
    return this.#callOut(`rt ${name}`, () => fn, parameters, result);
  }

  #callOut(
    key: string,
    fn: () => KernelFunction,
    parameters: readonly Crossing[],
    result: Crossing | undefined,
  ): Callable {
    const name = `${key} ${parameters.join()} ${result ?? ''}`;
    let code = this.#callsOut.get(name);
    if (code === undefined) {
      this.#imports[name] = importFor(name, fn(), this.#crossed, parameters, result);
      code = writeCallOut(this.#module, name, parameters, result);
      this.#callsOut.set(name, code);
    }
    return code;
  }
}

const nothing = (): void => undefined;
const trialHelpers = {
  entryAt: nothing,
  storeAgain: nothing,
  storeAlone: nothing,
  storeNext: nothing,
  walk: nothing,
  constant: nothing,
};

function exportName({ definition }: LinkedFunction, i: number): string {
  return `${i} ${definition.name}`;
}

function crossingsOf({ type }: FunctionDefinition): { parameters: Crossing[]; result: Crossing | undefined } {
  return {
    parameters: type.parameters.map((each) => crossing(each.type)),
    result: type.result.kind === 'void' ? undefined : crossing(type.result),
  };
}

function crossedFor({ kernel, mem, runtime, recorder }: HotKernel, buffer: ArrayBuffer): Crossed {
  const state = new Int32Array(buffer, 0, HEAP / 4);
  const { streak } = mem.entries;
  const FUEL = cells.fuel / 4;
  const CPU = cells.cpu / 4;
  const ATOMIC = cells.atomic / 4;
  const DEPTH = cells.lazyDepth / 4;
  const PENDING = cells.lazyPending / 4;
  return {
    large: new BigInt64Array(buffer, 0, LARGE_CELLS),
    isCold: () => recorder.isWatched || recorder.stores.rows === undefined,
    frame: () => mem.pushFrame(),
    unwind: (frame) => mem.popFrame(frame),
    leave: () => {
      runtime.fuel = state[FUEL]!;
      const lazy = kernel.state(lazyMmu);
      lazy.depth = state[DEPTH]!;
      lazy.pending = state[PENDING] !== 0;
    },
    enter: () => {
      state[FUEL] = runtime.fuel;
      state[CPU] = kernel.cpu;
      state[ATOMIC] = isAtomic(kernel) ? 1 : 0;
      const lazy = kernel.state(lazyMmu);
      state[DEPTH] = lazy.depth;
      state[PENDING] = lazy.pending ? 1 : 0;
      recorder.stores.rows!.streak = streak;
    },
  };
}
