// SPDX-License-Identifier: GPL-2.0-only
import type { U64 } from '../base/u64.ts';
import type { Ptr } from '../base/units.ts';
import { Memory } from '../model/hardware/memory.ts';
import { memoryForms } from '../model/hardware/memory-forms.ts';
import type { InPlace } from '../model/in-place-form.ts';
import { NotModelled, type Kernel } from '../model/kernel.ts';
import { typeText, type FunctionType } from '../translate/c-type.ts';
import { HELPERS } from '../translate/emit-module.ts';
import { emitName } from '../translate/emit-names.ts';
import type { Variable } from '../translate/syntax.ts';
import type { TranslationUnit } from '../translate/translation-unit.ts';
import { EventArray } from '../trace/event-array.ts';
import type { EventSink, TraceEvent } from '../trace/events.ts';
import type { Machine } from '../trace/machine.ts';
import { bindModelFunction } from './bind-model.ts';
import { bindIgnored, bindMissing } from './bind-nothing.ts';
import { giveBootValues } from './boot-values.ts';
import { Bindings, type BindingRequest } from './binding.ts';
import { CFunctions } from './c-functions.ts';
import type { CModule } from './c-module.ts';
import { placeFrames, rawFrames, type Frame, type RawFrame } from './call-stack.ts';
import { emitModules } from './emit-modules.ts';
import { ExecutionRecord } from './execution-record.ts';
import { FunctionAddresses } from './function-addresses.ts';
import { describeModule, groundOf } from './kernel-ground.ts';
import { makeKernelObject } from './kernel-object.ts';
import { kernelWorld } from './kernel-world.ts';
import { MarkSpace } from './mark-space.ts';
import { ObjectNames } from './object-names.ts';
import { allocatorOf } from './object-types.ts';
import { ModelState } from '../model/part-of-state.ts';
import { Pieces } from './pieces.ts';
import { Recorder, type OnEvent } from './recorder.ts';
import { Runtime, type KernelFunction, type ModuleLinks } from './runtime.ts';
import { StaticStorage } from './static-storage.ts';
import { StructViews } from './struct-views.ts';

export interface LinkRequest extends BindingRequest {
  readonly machine: Machine;
  /** Functions of the model that C may have in place instead of calling them. */
  readonly inPlace: ReadonlyMap<string, InPlace>;
  /** Brings the kernel up; runs at every boot. */
  readonly bootModel: (k: Kernel) => void;
}

/** Bytes; what the variables of a kernel need is well below. */
const HEAP_ALIGNMENT = 2 ** 16;

/**
 * Patched C, widened C and model, linked into one kernel on one machine. Boot it, call into it, boot it again: every
 * boot is the same.
 */
export class LinkedKernel {
  readonly machine: Machine;
  readonly program: BindingRequest['program'];
  /** The tree before the series. */
  readonly before: BindingRequest['before'];
  readonly kernel: Kernel;
  readonly bindings: Bindings;
  readonly runtime: Runtime;
  /** What it has executed. */
  readonly record: ExecutionRecord;
  readonly #request: LinkRequest;
  readonly #mem: Memory;
  readonly #views: StructViews;
  readonly #state = new ModelState();
  /** One a function. */
  readonly #modules: CModule[] = [];
  /** The initial values of each file's variables. */
  readonly #initialisers: CModule[] = [];
  readonly #pieces: Pieces;
  readonly #storage: StaticStorage;
  readonly #names: ObjectNames;
  /** The model's own variables, by name. */
  readonly #globals = Object.create(null) as Record<string, Ptr>;
  #heapStart: Ptr = 0;
  #isInitialised = false;
  #isRetired = false;
  readonly #functions = new CFunctions();
  readonly #functionAddresses: FunctionAddresses;
  /** Functions that could not be translated, and why. */
  readonly untranslated = new Map<string, string>();
  readonly #entryPoints = new Map<string, KernelFunction>();
  #bindSymbol: (name: string, fn: KernelFunction) => void = () => undefined;
  readonly #recorder = new Recorder();

  constructor(request: LinkRequest) {
    this.#request = request;
    this.machine = request.machine;
    this.program = request.program;
    this.before = request.before;
    this.#mem = new Memory(request.machine, this.#recorder, (addr) => this.#names.nameOf(addr));
    this.runtime = new Runtime(this.#mem, this.#recorder);
    this.#views = new StructViews((tag) => request.program.findStruct(tag), this.#mem);
    this.bindings = new Bindings(request);
    this.#functionAddresses = new FunctionAddresses(this.bindings);
    // A symbol may be seen as what it is bound to and, by who cannot call it, as missing.
    this.#pieces = new Pieces(2 * (this.bindings.all.length + request.modelFunctions.size) + 1);
    this.#storage = new StaticStorage(this.#mem);
    this.#names = new ObjectNames(request.program, this.#mem, this.#storage);
    this.record = new ExecutionRecord({
      modules: this.#modules,
      pieces: this.#pieces,
      ground: () => this.#ground(),
      describe: (module) =>
        describeModule(module, this.#storage, (name) => this.#functionAddress(name, module.unit)),
      isTouched: (name) => this.bindings.isTouched(name),
    });
    this.kernel = this.#makeKernel();
    this.#declareGlobals();
    this.#emitModules();
    this.#allocateStatics();
    this.#mem.keep();
    this.#instantiate();
    this.#bindKernel();
    for (const name of request.entryPoints) this.#entryPoint(name);
  }

  // ── use ──────────────────────────────────────────────────────────────────────────────────────────────────────

  emit(event: TraceEvent): void {
    this.#recorder.emit(event);
  }

  /** Power-on: memory empty, statics at their initial values, the model booted. Events of the boot are not told. */
  boot(events: EventSink | TraceEvent[], onEvent?: OnEvent): void {
    if (this.#isRetired) throw new Error('a kernel was booted after its memory was given away');
    this.stopRecording();
    this.#mem.reset();
    this.#state.reset();
    this.runtime.restart();
    this.kernel.cpu = 0;
    if (!this.#isInitialised) this.#initialise();
    this.#request.bootModel(this.kernel);
    this.#recorder.record(Array.isArray(events) ? new EventArray(events) : events, onEvent);
  }

  /** Nobody will boot or call it again: its memory is the next kernel's. */
  retire(): void {
    this.#isRetired = true;
    this.#mem.retire();
  }

  /** Gives variables their initial values, once and for all boots. */
  #initialise(): void {
    for (const module of this.#initialisers) module.get('initialise$statics')();
    giveBootValues(this.#storage, this.#mem);
    this.#mem.keep();
    this.#isInitialised = true;
  }

  /** Where a variable of the tree lies, whoever may use it; undefined where nothing linked names it. */
  variable(name: string): Ptr | undefined {
    for (const { address } of this.#storage.named(name)) return address;
    return undefined;
  }

  /** What happens until the next boot is told to nobody. */
  stopRecording(): void {
    this.#recorder.record(undefined);
    this.#mem.entries.close();
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
    return resolved?.kind === 'c' ? resolved.definition.type : this.#declaredType(name);
  }

  /** Calls a kernel function by name. Throws NotModelled, KernelOops, KernelBug or OutOfFuel. */
  call(name: string, args: readonly U64[]): U64 {
    if (this.bindings.find(name, undefined) === undefined) {
      throw new NotModelled(`\`${name}()\` does not exist here`);
    }
    const fn = this.#entryPoint(name);
    const { fuel } = this.runtime;
    const result = fn(...(args as never[])) as U64 | boolean | undefined;
    if (this.#functions.count(fuel - this.runtime.fuel)) this.heat();
    return typeof result === 'boolean' ? Number(result) : (result ?? 0);
  }

  /** From now on its C is hot code where it can be (docs/decisions/0011-hot-code.md), as it becomes by itself once it has run long. */
  heat(): void {
    const isMade = this.#functions.heat({
      kernel: this.kernel,
      mem: this.#mem,
      runtime: this.runtime,
      recorder: this.#recorder,
      staticAddress: (variable, { unit }) => this.#storage.address(variable.emittedName, unit),
      functionAddress: (name, { unit }) => this.#functionAddress(name, unit),
      calledC: (name, { unit }) => this.#functions.linked(this.bindings.find(name, unit)),
      callable: (name, module) => this.#bound(name, module),
      form: (name, { unit }) => this.#formInPlace(name, unit),
      fieldAddress: (variable, tag, field) => this.#globals[variable]! + this.#views.offsetof(tag, field),
    });
    if (!isMade) return;
    this.#entryPoints.clear();
    this.#linkModules(this.#modules);
    this.#bindKernel();
  }

  /** C functions that are JavaScript: all of them, or those that hot code does not support. */
  get cold(): readonly string[] {
    return this.#functions.cold;
  }

  /** Where a C file keeps a variable of file scope that something linked here uses. */
  addressOf(variable: Variable, unit: TranslationUnit): Ptr {
    return this.#storage.address(variable.emittedName, unit);
  }

  /** The call stack of the running code, innermost first. Costs time: for explanations. */
  rawFrames(stack?: string): RawFrame[] {
    return rawFrames((name) => this.#request.modelFunctions.has(name), stack);
  }

  /** A call stack in the C that is linked here. */
  placeFrames(frames: readonly RawFrame[]): Frame[] {
    const modules = new Map(this.#modules.map((module) => [module.id, module]));
    return placeFrames(
      frames,
      (id, line) => modules.get(id)?.placeAt(line),
      (offset) => this.#functions.placeAt(offset),
    );
  }

  // ── what was executed ────────────────────────────────────────────────────────────────────────────────────────

  #ground(): string {
    const { program, entryPoints } = this.#request;
    return groundOf({
      machine: this.machine,
      program,
      initialisers: this.#initialisers,
      storage: this.#storage,
      heapStart: this.#heapStart,
      entryPoints,
      isModels: (variable) => variable in this.kernel.globals,
      prototypeOf: (name) => this.prototypeOf(name),
    });
  }

  // ── making ───────────────────────────────────────────────────────────────────────────────────────────────────

  #makeKernel(): Kernel {
    const world = kernelWorld({
      machine: this.machine,
      mem: this.#mem,
      recorder: this.#recorder,
      runtime: this.runtime,
      views: this.#views,
      state: this.#state,
      globals: this.#globals,
      nameOf: (addr) => this.#names.nameOf(addr),
    });
    const { kernel, bind } = makeKernelObject(world, this.#request.modelFunctions);
    this.#bindSymbol = bind;
    return kernel;
  }

  /** Storage for the model's own `extern` variables; a unit that defines one shares it. */
  #declareGlobals(): void {
    for (const [name, named] of this.#request.program.base.scope.names()) {
      if (named.kind === 'variable' && named.variable.storage === 'static') {
        this.#storage.want(named.variable, undefined);
        this.#globals[name] = 0;
      }
    }
  }

  #emitModules(): void {
    const { modules, initialisers, untranslated } = emitModules({
      bindings: this.bindings,
      program: this.#request.program,
      storage: this.#storage,
      markSpace: new MarkSpace(this.#mem.heap.arena.buffer),
      forms: (unit) => ({ call: (name) => this.#formInPlace(name, unit), memory: memoryForms(this.machine) }),
    });
    this.#modules.push(...modules);
    this.#initialisers.push(...initialisers);
    for (const [name, why] of untranslated) this.untranslated.set(name, why);
  }

  #formInPlace(name: string, unit: TranslationUnit): InPlace | undefined {
    const form = this.#request.inPlace.get(name);
    return form !== undefined && this.bindings.isModelThroughout(name, unit) ? form : undefined;
  }

  #allocateStatics(): void {
    this.#storage.allocate();
    for (const name of Object.keys(this.#globals)) this.#globals[name] = this.#storage.global(name);
    for (const module of [...this.#initialisers, ...this.#modules]) module.allocateStrings(this.#mem);
    // A variable or a string more does not move what is allocated later.
    this.#heapStart = this.#mem.allocate({ size: 0, align: HEAP_ALIGNMENT, name: 'end of the variables' });
  }

  #instantiate(): void {
    const helpers = this.runtime.helpers();
    const values = HELPERS.map((name) => helpers[name]);
    const modules = [...this.#initialisers, ...this.#modules];
    for (const module of modules) {
      this.runtime.links = this.#linksFor(module);
      module.instantiate(this.runtime, this.#mem, values);
      for (const name of module.emitted.functions) {
        const resolved = this.bindings.find(name, module.unit);
        if (resolved?.kind !== 'c') continue;
        this.#functions.add(resolved, resolved.definition, module, module.get(emitName(name)));
      }
    }
    this.#linkModules(modules);
  }

  /** Each calls what is there now. */
  #linkModules(modules: readonly CModule[]): void {
    for (const module of modules) {
      this.runtime.links = this.#linksFor(module);
      module.get('link$')();
    }
  }

  /** The names at the head of a module. */
  #linksFor(module: CModule): ModuleLinks {
    const { unit, marks } = module;
    return {
      bind: (name) => this.#bound(name, module),
      functionAddress: (name) => this.#functionAddress(name, unit),
      staticAddress: (emittedName) => this.#storage.address(emittedName, unit),
      shortcut: (name) => this.#request.inPlace.get(name)!.shortcut!,
      kernel: () => this.kernel,
      marks: () => marks,
    };
  }

  /** A function as a module calls it. */
  #bound(name: string, { unit, allocates }: CModule): KernelFunction {
    return allocatorOf(this.kernel, allocates.get(name), this.#callable(name, unit));
  }

  /** C of another module, which may not exist yet, is found when first called. */
  #late(name: string, unit: TranslationUnit): KernelFunction {
    let target: KernelFunction | undefined;
    return (...args: never[]) => (target ??= this.#callable(name, unit))(...args);
  }

  #callable(name: string, unit: TranslationUnit | undefined): KernelFunction {
    const resolved = this.bindings.find(name, unit);
    if (resolved === undefined) return bindMissing(this.#pieces, `\`${name}()\` was not linked`);
    if (resolved.kind === 'c') {
      const why = `could not be translated: ${this.untranslated.get(name) ?? 'unknown construct'}`;
      return this.#functions.find(resolved) ?? bindMissing(this.#pieces, `\`${name}()\` ${why}`);
    }
    if (resolved.kind === 'model') return this.#boundModel(name, resolved.fn);
    if (resolved.binding.origin === 'ignored') return bindIgnored(this.#pieces, name);
    return bindMissing(this.#pieces, resolved.binding.reason ?? name);
  }

  #boundModel(name: string, fn: KernelFunction): KernelFunction {
    const type = this.#declaredType(name);
    const called = type === undefined ? name : typeText(type, name);
    const slot = this.#pieces.slot(`model ${called}`);
    return bindModelFunction(this.kernel, name, fn, type, { flags: this.#pieces.executed, slot });
  }

  #declaredType(name: string): FunctionType | undefined {
    const declared = this.#request.program.base.scope.find(name);
    return declared?.kind === 'function' ? declared.type : undefined;
  }

  #functionAddress(name: string, unit: TranslationUnit): Ptr {
    return this.#functionAddresses.of(name, unit, (address) =>
      this.runtime.registerFunction(address, this.#late(name, unit)),
    );
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
