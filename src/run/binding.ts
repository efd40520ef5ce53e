// SPDX-License-Identifier: GPL-2.0-only
import { sameType, typeText } from '../translate/c-type.ts';
import type { FunctionDefinition, Expression, Variable } from '../translate/syntax.ts';
import { TranslateError } from '../translate/token.ts';
import type { TranslationUnit } from '../translate/translation-unit.ts';
import { definitionText, findDefinition, type Program } from './program.ts';
import type { KernelFunction } from './runtime.ts';

/** Where a symbol comes from, in the order in which the linker looks (docs/architecture.md, "Patching the model"). */
export type Origin = 'patched' | 'widened' | 'tree' | 'model' | 'ignored' | 'not-modelled';

export interface Binding {
  readonly name: string;
  readonly origin: Origin;
  /** Why a function was widened, ignored or is not modelled. */
  readonly reason?: string;
}

export type Resolved =
  | {
      readonly kind: 'c';
      readonly unit: TranslationUnit;
      readonly definition: FunctionDefinition;
      readonly binding: Binding;
    }
  | { readonly kind: 'model'; readonly fn: KernelFunction; readonly binding: Binding }
  | { readonly kind: 'none'; readonly binding: Binding };

export interface BindingRequest {
  readonly program: Program;
  /** The same files before the series: what differs is patched. Absent: nothing is. */
  readonly before: Program | undefined;
  /** Functions that the series changes in any of its states. */
  readonly touched: ReadonlySet<string>;
  readonly mode: 'patched' | 'from-tree';
  readonly modelFunctions: ReadonlyMap<string, KernelFunction>;
  readonly ignored: ReadonlyMap<string, string>;
  readonly entryPoints: readonly string[];
}

/** Every symbol that the entry points can reach, bound. */
export class Bindings {
  readonly #request: BindingRequest;
  readonly #resolved = new Map<string, Resolved>();
  /** Functions bound to C although only the model's shape asks for it: name to reason. */
  readonly #widened = new Map<string, string>();
  readonly #patchedNames: ReadonlySet<string>;
  #reachedByEntryPoints = 0;
  readonly #modelThroughout = new Map<Resolved, boolean>();

  constructor(request: BindingRequest) {
    this.#request = request;
    this.#patchedNames = patchedNames(request);
    for (;;) {
      const before = this.#widened.size;
      this.#resolved.clear();
      for (const name of request.entryPoints) this.#reach(name, undefined);
      this.#reachedByEntryPoints = this.#resolved.size;
      for (const name of this.#alsoCallable()) this.#reach(name, undefined);
      this.#widenForSharedVariables();
      this.#widenForSignatures();
      this.#widenForCallers();
      if (this.#widened.size === before) break;
    }
  }

  /** Everything bound, in the order of reaching. */
  get all(): readonly Resolved[] {
    return [...this.#resolved.values()];
  }

  /** What the entry points reach as far as the calls in C and in the model's own functions tell. */
  get reached(): readonly Resolved[] {
    return this.all.slice(0, this.#reachedByEntryPoints);
  }

  /** C that the model may call from code that the search above does not see. */
  #alsoCallable(): string[] {
    const { program, mode, modelFunctions } = this.#request;
    const wanted = (name: string): boolean =>
      modelFunctions.has(name) && (mode === 'from-tree' || this.isTouched(name) || this.#widened.has(name));
    return program.units.flatMap((unit) => [...unit.functions.keys()].filter(wanted));
  }

  /** The series changes the function or brings it, in this state of the source or in another. */
  isTouched(name: string): boolean {
    return this.#patchedNames.has(name) || this.#request.touched.has(name);
  }

  /** What a call of `name` from a unit (or the model) is bound to; undefined when nothing reaches it. */
  find(name: string, from: TranslationUnit | undefined): Resolved | undefined {
    return this.#resolved.get(this.#key(name, from));
  }

  /** Is a call of `name` bound to the model's own function, and so is whatever that calls? */
  isModelThroughout(name: string, from: TranslationUnit | undefined): boolean {
    const resolved = this.find(name, from);
    if (resolved?.kind !== 'model') return false;
    const known = this.#modelThroughout.get(resolved);
    if (known !== undefined) return known;
    const all = new Set<Resolved | undefined>([resolved]);
    // The set grows while callees name further ones; its iteration sees what is added.
    for (const each of all) {
      if (each?.kind !== 'model') break;
      for (const callee of modelCallees(each.fn)) all.add(this.find(callee, undefined));
    }
    const isThroughout = [...all].every((each) => each?.kind === 'model');
    this.#modelThroughout.set(resolved, isThroughout);
    return isThroughout;
  }

  #key(name: string, from: TranslationUnit | undefined): string {
    const found = findDefinition(this.#request.program, name, from);
    return found === undefined || !found.definition.isStatic ? name : `${found.unit.path}:${name}`;
  }

  #reach(name: string, from: TranslationUnit | undefined): void {
    const pending: [string, TranslationUnit | undefined][] = [[name, from]];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [wanted, unit] = next;
      const key = this.#key(wanted, unit);
      if (this.#resolved.has(key)) continue;
      const resolved = this.#resolve(wanted, unit);
      this.#resolved.set(key, resolved);
      if (resolved.kind === 'c') {
        for (const callee of calleesOf(resolved.definition)) pending.push([callee, resolved.unit]);
      } else if (resolved.kind === 'model') {
        for (const callee of modelCallees(resolved.fn)) pending.push([callee, undefined]);
      }
    }
  }

  #resolve(name: string, from: TranslationUnit | undefined): Resolved {
    const { program, mode, modelFunctions, ignored } = this.#request;
    const found = findDefinition(program, name, from);
    const model = modelFunctions.get(name) ?? (found === undefined ? this.#plainModel(name) : undefined);
    const bound = (kind: Origin, reason?: string): Binding => ({
      name,
      origin: kind,
      ...(reason !== undefined && { reason }),
    });
    if (found !== undefined && found.unit === program.base)
      return { kind: 'c', ...found, binding: bound('model') };
    if (found !== undefined) {
      const widened = this.#widened.get(name);
      if (this.#patchedNames.has(name)) return { kind: 'c', ...found, binding: bound('patched') };
      if (mode === 'from-tree') return { kind: 'c', ...found, binding: bound('tree') };
      // What an architecture can map is for the tree to say: its few inline functions are never the model's guess.
      const header = found.definition.at.file.path;
      if (header.endsWith('.h'))
        return { kind: 'c', ...found, binding: bound('widened', `${header} defines it`) };
      if (this.isTouched(name))
        return { kind: 'c', ...found, binding: bound('widened', 'the series changes it elsewhere') };
      if (widened !== undefined) return { kind: 'c', ...found, binding: bound('widened', widened) };
      if (model === undefined)
        return { kind: 'c', ...found, binding: bound('widened', 'the model has no such function') };
    }
    if (model !== undefined && this.#isGone(name)) {
      const reason = `\`${name}()\` is called, and the series takes it out of the files that are run`;
      return { kind: 'none', binding: bound('not-modelled', reason) };
    }
    if (model !== undefined) return { kind: 'model', fn: model, binding: bound('model') };
    const reason = ignored.get(name);
    if (reason !== undefined) return { kind: 'none', binding: bound('ignored', reason) };
    return {
      kind: 'none',
      binding: bound('not-modelled', `\`${name}()\` is neither in the files that are run nor in the model`),
    };
  }

  /** The tree had it before the series, its C still names it, and where it went nobody here knows. */
  #isGone(name: string): boolean {
    const { program, before } = this.#request;
    if (before?.units.some(({ functions }) => functions.has(name)) !== true) return false;
    if (findDefinition(program, name, undefined) !== undefined) return false;
    return program.units.some(({ functions }) =>
      [...functions.values()].some((definition) => identifiersOf(definition).has(name)),
    );
  }

  /** Since 6.10 a call of an allocating function f() is one of f_noprof(); the model keeps to the plain name. */
  #plainModel(name: string): KernelFunction | undefined {
    return name.endsWith('_noprof')
      ? this.#request.modelFunctions.get(name.slice(0, -'_noprof'.length))
      : undefined;
  }

  /** A file-scope variable that translated C uses is not what the model keeps: its other users come from C as well. */
  #widenForSharedVariables(): void {
    const { program } = this.#request;
    const shared = new Map<Variable, string>();
    for (const resolved of this.all) {
      if (resolved.kind !== 'c' || resolved.unit === program.base) continue;
      for (const variable of staticsOf(resolved.definition)) shared.set(variable, resolved.definition.name);
    }
    const names = new Map([...shared].map(([variable, user]) => [variable.name, { variable, user }]));
    for (const unit of program.units) {
      for (const definition of unit.functions.values()) {
        if (!this.#request.modelFunctions.has(definition.name) || this.#widened.has(definition.name))
          continue;
        for (const part of this.#withHelpers(definition, unit)) {
          // What the model itself declares is the same for both; only a function that names it is C with its user.
          const isShared = (name: string): boolean =>
            names.has(name) && (part === definition || program.base.scope.findHere(name) === undefined);
          const hit = [...identifiersOf(part)].find(isShared);
          const named = hit === undefined ? undefined : names.get(hit);
          if (named === undefined || !staticsOf(part).has(named.variable)) continue;
          this.#widened.set(definition.name, `it shares \`${named.variable.name}\` with ${named.user}()`);
          break;
        }
      }
    }
  }

  /** A function, and the functions of its file that it comes to and that the model has no version of. */
  #withHelpers(definition: FunctionDefinition, unit: TranslationUnit): ReadonlySet<FunctionDefinition> {
    const parts = new Set([definition]);
    // The set grows while it is walked.
    for (const part of parts) {
      for (const name of identifiersOf(part)) {
        const helper = unit.functions.get(name);
        if (helper?.isStatic === true && !this.#request.modelFunctions.has(name)) parts.add(helper);
      }
    }
    return parts;
  }

  /**
   * The model may do in one function what C does in two. Where C calls a function that is bound to C, the model's version
   * of the caller stands in only if it makes that call too; else a patch to a static helper would never be reached.
   */
  #widenForCallers(): void {
    const { program, modelFunctions } = this.#request;
    // A patched helper counts although nothing reaches it yet: that is just what goes wrong without this.
    const reached = this.all.flatMap((resolved) =>
      resolved.kind === 'c' && resolved.unit !== program.base ? [resolved.definition.name] : [],
    );
    const bound = [
      ...this.#withOwnCallers(new Set([...reached, ...this.#patchedNames, ...this.#request.touched])),
    ];
    for (const unit of program.units) {
      for (const caller of unit.functions.values()) {
        const model = modelFunctions.get(caller.name);
        if (model === undefined || this.find(caller.name, unit)?.kind === 'c') continue;
        const callee = bound.find(
          (name) => identifiersOf(caller).has(name) && !modelCallees(model).has(name),
        );
        if (callee === undefined) continue;
        this.#widened.set(caller.name, `it calls ${callee}(), which the model's version does not`);
      }
    }
  }

  /** The names, and all functions that the model has no version of and that lead to one of them. */
  #withOwnCallers(names: ReadonlySet<string>): ReadonlySet<string> {
    const { program, modelFunctions } = this.#request;
    const own = program.units.flatMap(({ functions }) =>
      [...functions.values()].filter(({ name }) => !modelFunctions.has(name)),
    );
    const found = new Set(names);
    for (let before = -1; before !== found.size;) {
      before = found.size;
      for (const caller of own) {
        if (found.has(caller.name)) continue;
        if ([...identifiersOf(caller)].some((name) => found.has(name))) found.add(caller.name);
      }
    }
    return found;
  }

  /** Model code cannot call C, nor stand in for C, whose signature is not the one that the model declares. */
  #widenForSignatures(): void {
    const { program, modelFunctions } = this.#request;
    for (const resolved of this.all) {
      if (resolved.kind !== 'model') continue;
      const { name } = resolved.binding;
      const found = findDefinition(program, name, undefined);
      if (found === undefined || found.unit === program.base) continue;
      const declared = program.base.scope.find(name);
      if (declared?.kind === 'function' && !sameType(declared.type, found.definition.type)) {
        const now = typeText(found.definition.type, name);
        this.#widened.set(name, `its signature is \`${now}\` in this tree`);
        continue;
      }
      for (const callee of modelCallees(resolved.fn)) {
        const target = findDefinition(program, callee, undefined);
        if (
          target === undefined ||
          target.unit === program.base ||
          this.find(callee, undefined)?.kind !== 'c'
        )
          continue;
        const expected = program.base.scope.find(callee);
        if (expected?.kind !== 'function' || sameType(expected.type, target.definition.type)) continue;
        if (modelFunctions.has(name))
          this.#widened.set(name, `it calls ${callee}(), whose signature differs`);
      }
    }
  }
}

/** Every identifier of a definition's body: what it may call or touch. */
const identifiers = new WeakMap<FunctionDefinition, ReadonlySet<string>>();

function identifiersOf(definition: FunctionDefinition): ReadonlySet<string> {
  let names = identifiers.get(definition);
  if (names === undefined) {
    names = new Set(definition.tokens().flatMap(({ kind, text }) => (kind === 'identifier' ? [text] : [])));
    identifiers.set(definition, names);
  }
  return names;
}

/** Functions whose preprocessed text differs from the one before the series, or that are new. */
function patchedNames({ program, before }: BindingRequest): ReadonlySet<string> {
  const names = new Set<string>();
  if (before === undefined) return names;
  for (const unit of program.units) {
    const old = before.units.find((each) => each.path === unit.path);
    for (const definition of unit.functions.values()) {
      const previous = old?.functions.get(definition.name);
      const same =
        previous !== undefined &&
        sameType(previous.type, definition.type) &&
        definitionText(previous) === definitionText(definition);
      if (!same) names.add(definition.name);
    }
  }
  return names;
}

/** Functions named in a body and in the initialisers of the variables it uses. */
function calleesOf(definition: FunctionDefinition): ReadonlySet<string> {
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

function staticsOf(definition: FunctionDefinition): ReadonlySet<Variable> {
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
const WORLD = new Set(['state', 'callPointer', 'spin', 'notModelled', 'sizeof', 'offsetof']);

const callees = new WeakMap<KernelFunction, ReadonlySet<string>>();

/** Kernel symbols that a model function calls: it reaches all of them as `k.name(…)`, so its text tells. */
function modelCallees(fn: KernelFunction): ReadonlySet<string> {
  let names = callees.get(fn);
  if (names === undefined) {
    const called = [...fn.toString().matchAll(/\bk\.(\w+)\(/g)].map((match) => match[1]!);
    names = new Set(called.filter((name) => !WORLD.has(name)));
    callees.set(fn, names);
  }
  return names;
}
