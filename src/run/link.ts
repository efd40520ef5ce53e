// SPDX-License-Identifier: GPL-2.0-only
import vm from 'node:vm';
import type { U64 } from '../base/u64.ts';
import type { Ptr } from '../base/units.ts';
import { Memory } from '../model/hardware/memory.ts';
import { NotModelled, type Kernel } from '../model/kernel.ts';
import { sizeOf, alignOf, type FunctionType } from '../translate/c-type.ts';
import { emitModule, HELPERS, type EmittedModule } from '../translate/emit-module.ts';
import { emitName } from '../translate/emit-names.ts';
import type { FunctionDefinition, Variable } from '../translate/syntax.ts';
import type { TranslationUnit } from '../translate/translation-unit.ts';
import type { TraceEvent, TraceWriter } from '../trace/events.ts';
import type { Machine } from '../trace/machine.ts';
import { bindModelFunction } from './bind-model.ts';
import { Bindings, type BindingRequest, type Resolved } from './binding.ts';
import { callStack, type Frame } from './call-stack.ts';
import { makeKernelObject } from './kernel-object.ts';
import { Runtime, type KernelFunction, type ModuleLinks } from './runtime.ts';
import { StructViews } from './struct-views.ts';

export interface LinkRequest extends BindingRequest {
  readonly machine: Machine;
  /** Brings the kernel up; runs at every boot. */
  readonly bootModel: (k: Kernel) => void;
}

/** Where function pointers point: below the linear map of every machine, and never read as memory. */
const TEXT_START = -(2 ** 46) + 2 ** 33;

/** A context without anything in it: emitted code can name only what it is given. */
const NOTHING = vm.createContext(Object.create(null) as object, {
  codeGeneration: { strings: false, wasm: false },
});

interface CompiledModule {
  /** In the file name that stack frames show. */
  readonly id: number;
  readonly factory: (...args: unknown[]) => Record<string, KernelFunction>;
}

const compiledModules = new Map<string, CompiledModule>();
const COMPILED_LIMIT = 400;

/** The same text is compiled once: patches leave most files alone, and what the engine learnt of them stays good. */
function compile(text: string): CompiledModule {
  let compiled = compiledModules.get(text);
  if (compiled === undefined) {
    if (compiledModules.size >= COMPILED_LIMIT) compiledModules.clear();
    const id = nextModuleId++;
    const factory = vm.compileFunction(text, ['rt', 'mem', 'strings', ...HELPERS], {
      filename: `c-module-${id}`,
      parsingContext: NOTHING,
    }) as CompiledModule['factory'];
    compiled = { id, factory };
    compiledModules.set(text, compiled);
  }
  return compiled;
}

let nextModuleId = 0;

interface LinkedModule {
  readonly unit: TranslationUnit;
  readonly emitted: EmittedModule;
  readonly functions: Readonly<Record<string, KernelFunction>>;
}

/**
 * Patched C, widened C and model, linked into one kernel on one machine. Boot it, call into it, boot it again: every
 * boot is the same.
 */
export class LinkedKernel implements TraceWriter {
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly bindings: Bindings;
  readonly runtime: Runtime;
  readonly #request: LinkRequest;
  readonly #mem: Memory;
  readonly #views: StructViews;
  readonly #state = new Map<() => object, object>();
  readonly #modules: LinkedModule[] = [];
  readonly #functions = new Map<Resolved, KernelFunction>();
  readonly #functionAddresses = new Map<string, Ptr>();
  readonly #staticAddresses = new Map<string, Ptr>();
  readonly #pending: { readonly variable: Variable; readonly key: string }[] = [];
  readonly #strings: { readonly bytes: readonly number[]; readonly into: Ptr[]; readonly index: number }[] =
    [];
  readonly #untranslated = new Map<string, string>();
  readonly #entryPoints = new Map<string, KernelFunction>();
  #bindSymbol: (name: string, fn: KernelFunction) => void = () => undefined;
  #events: TraceEvent[] | undefined;
  #onEvent: ((event: TraceEvent, index: number) => void) | undefined;

  constructor(request: LinkRequest) {
    this.#request = request;
    this.machine = request.machine;
    this.#mem = new Memory(request.machine, this);
    this.runtime = new Runtime(this.#mem, this);
    this.#views = new StructViews((tag) => request.program.findStruct(tag), this.#mem);
    this.bindings = new Bindings(request);
    this.kernel = this.#makeKernel();
    this.#declareGlobals();
    this.#emitModules();
    this.#allocateStatics();
    this.#instantiate();
    this.#bindKernel();
  }

  // ── use ──────────────────────────────────────────────────────────────────────────────────────────────────────

  emit(event: TraceEvent): void {
    const events = this.#events;
    if (events === undefined) return;
    events.push(event);
    this.#onEvent?.(event, events.length - 1);
  }

  /** Power-on: memory empty, statics at their initial values, the model booted. Events of the boot are not told. */
  boot(events: TraceEvent[], onEvent?: (event: TraceEvent, index: number) => void): void {
    this.#events = undefined;
    this.#mem.reset();
    this.#state.clear();
    this.runtime.running = true;
    this.kernel.cpu = 0;
    this.#allocateStatics();
    for (const { functions } of this.#modules) (functions['initialise$statics'] as () => void)();
    this.#request.bootModel(this.kernel);
    this.#events = events;
    this.#onEvent = onEvent;
  }

  /** Events of the boot itself matter too: the tables that exist before the first operation. */
  recordBoot(events: TraceEvent[]): void {
    this.#events = events;
  }

  #entryPoint(name: string): KernelFunction {
    let fn = this.#entryPoints.get(name);
    if (fn === undefined) {
      fn = this.#callable(name, undefined);
      this.#entryPoints.set(name, fn);
    }
    return fn;
  }

  /** The function's C type: the tree's definition where it is bound to C, else what the model declares. */
  prototypeOf(name: string): FunctionType | undefined {
    const resolved = this.bindings.find(name, undefined);
    if (resolved?.kind === 'c') return resolved.definition.type;
    const declared = this.#request.program.base.scope.find(name);
    return declared?.kind === 'function' ? declared.type : undefined;
  }

  /** Calls a kernel function by name. Throws NotModelled, KernelOops, KernelBug or OutOfFuel. */
  call(name: string, args: readonly U64[]): U64 {
    if (this.bindings.find(name, undefined) === undefined) {
      throw new NotModelled(`\`${name}()\` does not exist here`);
    }
    const fn = this.#entryPoint(name);
    const result = fn(...(args as never[])) as U64 | boolean | undefined;
    return typeof result === 'boolean' ? Number(result) : (result ?? 0);
  }

  /** A named constant (macro or enumerator) of the tree, if it is an integer constant. */
  get program(): BindingRequest['program'] {
    return this.#request.program;
  }

  /** The C call stack of the running code, innermost first. Costs time: for explanations. */
  callStack(): Frame[] {
    const { modelFunctions } = this.#request;
    return callStack(
      deepStack(),
      (id, line) =>
        this.#modules.find(({ emitted }) => compile(emitted.text).id === id)?.emitted.places[line],
      (name) => modelFunctions.has(name),
    );
  }

  /** Functions that could not be translated, and why. */
  get untranslated(): ReadonlyMap<string, string> {
    return this.#untranslated;
  }

  // ── making ───────────────────────────────────────────────────────────────────────────────────────────────────

  #makeKernel(): Kernel {
    const { machine } = this;
    const world = {
      machine,
      mem: this.#mem,
      trace: this as TraceWriter,
      cpu: 0,
      globals: Object.create(null) as Record<string, Ptr>,
      structs: this.#views.makers(),
      sizeof: (tag: string) => this.#views.sizeof(tag),
      offsetof: (tag: string, field: string) => this.#views.offsetof(tag, field),
      state: <T extends object>(make: () => T): T => {
        let state = this.#state.get(make);
        if (state === undefined) {
          state = make();
          this.#state.set(make, state);
        }
        return state as T;
      },
      callPointer: (fn: Ptr, ...args: U64[]) => this.runtime.call(fn, ...args),
      spin: (): never => this.runtime.spin(),
      notModelled: (what: string): never => {
        throw new NotModelled(what);
      },
    };
    const { kernel, bind } = makeKernelObject(world, this.#request.modelFunctions);
    this.#bindSymbol = bind;
    return kernel;
  }

  /** Storage for the model's own `extern` variables; a unit that defines one shares it. */
  #declareGlobals(): void {
    for (const [name, named] of this.#request.program.base.scope.names()) {
      if (named.kind === 'variable' && named.variable.storage === 'static') {
        this.#wantStatic(named.variable, undefined);
        Object.defineProperty(this.kernel.globals, name, {
          enumerable: true,
          get: () => this.#staticAddresses.get(name) ?? 0,
        });
      }
    }
  }

  #staticKey(variable: Variable, unit: TranslationUnit | undefined): string {
    return variable.internal === true && unit !== undefined
      ? `${unit.path}:${variable.emittedName}`
      : variable.name;
  }

  #wantStatic(variable: Variable, unit: TranslationUnit | undefined): void {
    const key = this.#staticKey(variable, unit);
    if (!this.#pending.some((each) => each.key === key)) this.#pending.push({ variable, key });
  }

  #emitModules(): void {
    const byUnit = new Map<TranslationUnit, FunctionDefinition[]>();
    for (const resolved of this.bindings.all) {
      if (resolved.kind !== 'c') continue;
      const list = byUnit.get(resolved.unit) ?? [];
      list.push(resolved.definition);
      byUnit.set(resolved.unit, list);
    }
    for (const [unit, definitions] of byUnit) {
      const emitted = emitModule(definitions, false);
      for (const { name, error } of emitted.untranslated) {
        const { file, line } = error.at;
        this.#untranslated.set(name, `${file.path}:${line}: ${error.message}`);
      }
      for (const variable of emitted.statics.values()) this.#wantStatic(variable, unit);
      const into: Ptr[] = [];
      for (const [index, bytes] of emitted.strings.entries()) this.#strings.push({ bytes, into, index });
      this.#modules.push({ unit, emitted, functions: {} });
      this.#stringTables.push(into);
    }
  }

  readonly #stringTables: Ptr[][] = [];

  /** The same order at every boot, so the same addresses. */
  #allocateStatics(): void {
    for (const { variable, key } of this.#pending) {
      const size = sizeOf(variable.type) ?? 8;
      const align = Math.max(8, alignOf(variable.type), variable.align ?? 1);
      this.#staticAddresses.set(key, this.#mem.allocate({ size, align, name: variable.name, zeroed: true }));
    }
    for (const { bytes, into, index } of this.#strings) {
      const address = this.#mem.allocate({ size: bytes.length, name: 'string', zeroed: true });
      this.#mem.write(address, Uint8Array.from(bytes));
      into[index] = address;
    }
  }

  #instantiate(): void {
    const helpers = this.runtime.helpers();
    const values = HELPERS.map((name) => helpers[name]);
    for (const [index, module] of this.#modules.entries()) {
      const { factory } = compile(module.emitted.text);
      this.runtime.links = this.#linksFor(module);
      const made = factory(this.runtime, this.#mem, this.#stringTables[index], ...values);
      Object.assign(module.functions, made);
      for (const name of module.emitted.functions) {
        const resolved = this.bindings.find(name, module.unit);
        if (resolved !== undefined) this.#functions.set(resolved, made[emitName(name)]!);
      }
    }
  }

  /** The names at the head of a unit's module. */
  #linksFor({ unit }: LinkedModule): ModuleLinks {
    return {
      bind: (name) => this.#late(name, unit),
      functionAddress: (name) => this.#functionAddress(name, unit),
      staticAddress: (emittedName) => {
        const address =
          this.#staticAddresses.get(`${unit.path}:${emittedName}`) ?? this.#staticAddresses.get(emittedName);
        if (address === undefined) throw new Error(`no storage for ${emittedName}`);
        return address;
      },
    };
  }

  /** A callable for `name` as a unit sees it; C of another module, which may not exist yet, is found when first called. */
  #late(name: string, unit: TranslationUnit | undefined): KernelFunction {
    if (this.bindings.find(name, unit)?.kind !== 'c') return this.#callable(name, unit);
    let target: KernelFunction | undefined;
    return (...args: never[]) => (target ??= this.#callable(name, unit))(...args);
  }

  #callable(name: string, unit: TranslationUnit | undefined): KernelFunction {
    const resolved = this.bindings.find(name, unit);
    if (resolved === undefined) return refuse(`\`${name}()\` was not linked`);
    if (resolved.kind === 'c') {
      const fn = this.#functions.get(resolved);
      return (
        fn ??
        refuse(
          `\`${name}()\` could not be translated: ${this.#untranslated.get(name) ?? 'unknown construct'}`,
        )
      );
    }
    if (resolved.kind === 'model') return this.#boundModel(name, resolved.fn);
    if (resolved.binding.origin === 'ignored') return () => 0;
    return refuse(resolved.binding.reason ?? name);
  }

  #boundModel(name: string, fn: KernelFunction): KernelFunction {
    const type = this.#declaredType(name);
    return bindModelFunction(this.kernel, name, fn, type);
  }

  #declaredType(name: string): FunctionType | undefined {
    const declared = this.#request.program.base.scope.find(name);
    return declared?.kind === 'function' ? declared.type : undefined;
  }

  #functionAddress(name: string, unit: TranslationUnit): Ptr {
    const resolved = this.bindings.find(name, unit);
    const key =
      resolved?.kind === 'c' && resolved.definition.isStatic ? `${resolved.unit.path}:${name}` : name;
    let address = this.#functionAddresses.get(key);
    if (address === undefined) {
      address = TEXT_START + this.#functionAddresses.size * 16;
      this.#functionAddresses.set(key, address);
      this.runtime.registerFunction(address, this.#late(name, unit));
    }
    return address;
  }

  /** `k.name` for every symbol of the model: C where it is bound to C. */
  #bindKernel(): void {
    for (const [name, fn] of this.#request.modelFunctions) {
      const resolved = this.bindings.find(name, undefined);
      this.#bindSymbol(
        name,
        resolved === undefined ? this.#boundModel(name, fn) : this.#callable(name, undefined),
      );
    }
  }
}

/** The running code's stack, deep enough for any call chain of the kernel. */
function deepStack(): string {
  const usual = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = usual;
  return stack;
}

function refuse(why: string): KernelFunction {
  return () => {
    throw new NotModelled(why);
  };
}
