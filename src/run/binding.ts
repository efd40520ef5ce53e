// SPDX-License-Identifier: GPL-2.0-only
import { tracing } from '../model/ignored.ts';
import { sameType, typeText } from '../translate/c-type.ts';
import type { FunctionDefinition, Variable } from '../translate/syntax.ts';
import type { TranslationUnit } from '../translate/translation-unit.ts';
import { calleesOf, identifiersOf, modelCallees, staticsOf } from './named-in-functions.ts';
import { definitionText, findDefinition, isTracepoint, type Found, type Program } from './program.ts';
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
  readonly #touched: ReadonlySet<string>;
  /** Functions of headers that the series changes, which the model has as well. */
  readonly #inChangedHeaders: ReadonlyMap<string, Found>;
  #reachedByEntryPoints = 0;
  readonly #modelThroughout = new Map<Resolved, boolean>();

  constructor(request: BindingRequest) {
    this.#request = request;
    this.#patchedNames = patchedNames(request);
    this.#inChangedHeaders = definitionsIn(request.program.changed);
    const inHeaders = request.program.changed.flatMap(({ unit, names }) =>
      [...names].filter((name) => unit.functions.has(name)),
    );
    this.#touched = new Set([...request.touched, ...inHeaders]);
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
    const isBound = (name: string): boolean => this.isTouched(name) || this.#widened.has(name);
    const names = program.units.flatMap((unit) => [...unit.functions.keys()]);
    return [
      ...names.filter((name) => mode === 'from-tree' || isBound(name)),
      ...[...this.#inChangedHeaders.keys()].filter(isBound),
    ].filter((name) => modelFunctions.has(name));
  }

  /** The series changes the function or brings it, in this state of the source or in another. */
  isTouched(name: string): boolean {
    return this.#patchedNames.has(name) || this.#touched.has(name);
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

  /** The C that a call of `name` may be bound to. Of a changed header that is what the model cannot stand in for. */
  #definition(name: string, from: TranslationUnit | undefined): Found | undefined {
    const changed = this.#inChangedHeaders.get(name);
    const isTaken = changed !== undefined && (this.isTouched(name) || this.#widened.has(name));
    const isOwn = from !== changed?.unit && from?.functions.has(name) === true;
    return isTaken && !isOwn ? changed : findDefinition(this.#request.program, name, from);
  }

  #key(name: string, from: TranslationUnit | undefined): string {
    const found = this.#definition(name, from);
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
    const found = this.#definition(name, from);
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
      if (program.elsewhere.some(({ unit }) => unit === found.unit)) {
        const why = `${found.unit.path} defines it, and the model has none`;
        return { kind: 'c', ...found, binding: bound('widened', why) };
      }
      if (mode === 'from-tree') return { kind: 'c', ...found, binding: bound('tree') };
      // What an architecture can map is for the tree to say: its few inline functions are never the model's guess.
      const header = found.definition.at.file.path;
      if (header.endsWith('.h') && !this.#inChangedHeaders.has(name))
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
    const reason = ignored.get(name) ?? (isTracepoint(program, name) ? tracing : undefined);
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
    const changed = [...this.#patchedNames, ...this.#touched];
    const bound = [...this.#withOwnCallers(new Set([...reached, ...changed]))];
    // A header has many helpers that the model does without: there only what leads to a change counts.
    const widened = [...this.#widened.keys()].filter((name) => this.#inChangedHeaders.has(name));
    const led = [...this.#withOwnCallers(new Set([...changed, ...widened]))];
    for (const unit of runUnits(program)) {
      const callees = program.units.includes(unit) ? bound : led;
      for (const caller of unit.functions.values()) {
        const model = modelFunctions.get(caller.name);
        if (model === undefined || this.find(caller.name, unit)?.kind === 'c') continue;
        const callee = callees.find(
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
    const own = runUnits(program).flatMap(({ functions }) =>
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
      const found = this.#definition(name, undefined);
      if (found === undefined || found.unit === program.base) continue;
      const declared = program.base.scope.find(name);
      if (declared?.kind === 'function' && !sameType(declared.type, found.definition.type)) {
        const now = typeText(found.definition.type, name);
        this.#widened.set(name, `its signature is \`${now}\` in this tree`);
        continue;
      }
      for (const callee of modelCallees(resolved.fn)) {
        const target = this.#definition(callee, undefined);
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

/** What can be bound to C: files, and of headers those that the series changes. */
function runUnits({ units, changed }: Program): readonly TranslationUnit[] {
  return [...units, ...changed.map(({ unit }) => unit)];
}

function definitionsIn(changed: Program['changed']): ReadonlyMap<string, Found> {
  const all = changed.flatMap(({ unit }) =>
    [...unit.functions.values()].map((definition): [string, Found] => [
      definition.name,
      { unit, definition },
    ]),
  );
  return new Map(all);
}

/** Functions whose preprocessed text differs from the one before the series, or that are new. */
function patchedNames({ program, before, touched }: BindingRequest): ReadonlySet<string> {
  const names = new Set<string>();
  if (before === undefined) return names;
  for (const unit of runUnits(program)) {
    const old = runUnits(before).find((each) => each.path === unit.path);
    for (const definition of unit.functions.values()) {
      if (!isSame(old?.functions.get(definition.name), definition)) names.add(definition.name);
    }
  }
  // Of other files the tree before the series holds only what was called then.
  for (const { unit, names: taken } of program.elsewhere) {
    const old = before.elsewhere.find((each) => each.unit.path === unit.path)?.unit;
    for (const name of taken) {
      const definition = unit.functions.get(name);
      if (definition !== undefined && touched.has(name) && !isSame(old?.functions.get(name), definition))
        names.add(name);
    }
  }
  return names;
}

function isSame(previous: FunctionDefinition | undefined, definition: FunctionDefinition): boolean {
  return (
    previous !== undefined &&
    sameType(previous.type, definition.type) &&
    definitionText(previous) === definitionText(definition)
  );
}
