// SPDX-License-Identifier: GPL-2.0-only
import * as c from './c-type.ts';
import { Assigned } from './assigned.ts';
import { storeText } from './emit-arithmetic.ts';
import { VARIABLE_ARGUMENTS } from './emit-call.ts';
import type { PrintedForm } from '../base/in-place-form.ts';
import type { MemoryForms } from '../base/memory-forms.ts';
import { emitStore, emitValue } from './emit-expression.ts';
import { emitName, emitType } from './emit-names.ts';
import { gotoLabels } from './emit-goto.ts';
import { emitBlock } from './emit-statement.ts';
import { levelled } from './level.ts';
import type { BlockStatement, DeclaredValue, FunctionDefinition, Variable } from './syntax.ts';
import type { Token } from './token.ts';

/** A name or a constant: what may be said twice. */
export const REPEATABLE = /^\(?-?[\w$]+( \/\* \w+ \*\/)?\)?$/;

/** What emitted functions of one file share: the names at the head of the module. */
export interface UnitNames {
  /** The emitted name of a function that is called. */
  functionName(name: string): string;
  /** An expression for the address of a function. */
  functionAddress(name: string): string;
  staticAddress(variable: Variable): string;
  stringAddress(bytes: readonly number[]): string;
  /** How a call of the function is printed in place; undefined where it stays a call. */
  formInPlace(name: string): PrintedForm | undefined;
  /** How loads and stores by a method of `Memory` are printed in place; undefined where they stay calls. */
  memoryForms(method: string): MemoryForms | undefined;
  /** The emitted name of the shortcut that the function's form has. */
  shortcut(name: string): string;
  /** Code that notes that the C at `at` was executed; undefined where nobody wants to know. */
  mark(at: Token): string | undefined;
}

export interface EmittedLine {
  text: string;
  /** The C that the line does; absent for lines that only serve. */
  readonly at: Token | undefined;
}

/** A label of C that `goto` can reach from where emission stands. */
export type Landing =
  | { readonly form: 'leave'; readonly label: string }
  | { readonly form: 'dispatch'; readonly label: string; readonly state: string; readonly number: number };

/** A construct of the emitted code that `break` or `continue` may mean. */
export interface Breakable {
  /** What it is in C; `none` for loops and switches that only carry a goto. */
  readonly kind: 'loop' | 'switch' | 'none';
  readonly label: string;
  labelUsed: boolean;
}

/** Prints one function. With `types` false the text is JavaScript, else TypeScript; nothing else differs. */
export class FunctionEmitter {
  readonly lines: EmittedLine[] = [];
  assigned = new Assigned();
  readonly breakables: Breakable[] = [];
  readonly landings = new Map<string, Landing>();
  /** Locals are declared at the head: a goto or a case label may jump over a declaration. */
  hoistsAll: boolean;
  inLoop = 0;
  hasLoop = false;
  /** A loop calls functions that have no form: to these, numbers are passed as objects. */
  callsInLoop = false;
  /** Directly inside a switch body, where a declaration may be jumped over. */
  insideSwitch = 0;
  /** Depth of statement expressions that became functions: nothing may jump out of them. */
  insideExpression = 0;
  readonly #names: UnitNames;
  readonly #types: boolean;
  readonly #renamed = new Map<Variable, string>();
  readonly #hoisted = new Set<string>();
  readonly #old: string[] = [];
  /** What is computed at the head, by its name: once a call, and not in each round of a loop. */
  readonly #atHead = new Map<string, string>();
  #temporaries = 0;
  #labels = 0;
  #indent = 1;

  constructor(names: UnitNames, types: boolean, hoistsAll: boolean) {
    this.#names = names;
    this.#types = types;
    this.hoistsAll = hoistsAll;
  }

  // ── names ────────────────────────────────────────────────────────────────────────────────────────────────────

  functionName(name: string): string {
    return this.#names.functionName(name);
  }

  functionAddress(name: string): string {
    return this.#names.functionAddress(name);
  }

  formInPlace(name: string): PrintedForm | undefined {
    return this.#names.formInPlace(name);
  }

  shortcut(name: string): string {
    return this.#names.shortcut(name);
  }

  /** Nobody reads it. */
  get isForEngine(): boolean {
    return !this.#types;
  }

  /** What stands here may be executed often, and is for the engine only: longer text that does less is better. */
  get isHot(): boolean {
    return this.inLoop > 0 && this.isForEngine;
  }

  memoryForms(method: string): MemoryForms | undefined {
    return this.isHot ? this.#names.memoryForms(method) : undefined;
  }

  /** A name for what a text says, and the text that gives it that name; none where it is a name or a constant already. */
  named(text: string): { readonly name: string; readonly naming: string } {
    if (REPEATABLE.test(text)) return { name: text, naming: '' };
    const name = this.temporary();
    return { name, naming: `${name} = ${text}, ` };
  }

  /** A name for the place of what a parameter points to (MemoryForms), computed at the head. */
  placeOf(parameter: Variable, size: 4 | 8): string {
    const pointer = this.localName(parameter);
    const name = `${pointer}$at${size}`;
    const { places } = this.#names.memoryForms(size === 4 ? 'ld32' : 'ldPointer')!;
    this.#atHead.set(name, places.of(pointer, size));
    return name;
  }

  staticAddress(variable: Variable): string {
    return this.#names.staticAddress(variable);
  }

  stringAddress(bytes: readonly number[]): string {
    return this.#names.stringAddress(bytes);
  }

  /** Notes that what follows is executed. */
  mark(at: Token): void {
    const text = this.#names.mark(at);
    if (text !== undefined) this.line(text);
  }

  rename(variable: Variable, name: string): void {
    this.#renamed.set(variable, name);
  }

  localName(variable: Variable): string {
    return this.#renamed.get(variable) ?? emitName(variable.emittedName);
  }

  temporary(): string {
    const name = `t$${this.#temporaries++}`;
    this.#hoisted.add(this.typed(': any', name));
    return name;
  }

  label(prefix: string): string {
    return `${prefix}$${this.#labels++}`;
  }

  /** Text that only TypeScript has. */
  typed(annotation: string, name = ''): string {
    return this.#types ? name + annotation : name;
  }

  hoist(variable: Variable): void {
    if (variable.inMemory) return;
    this.#hoisted.add(this.typed(`: ${emitType(variable.type)}`, this.localName(variable)));
  }

  hoistState(name: string): void {
    this.#hoisted.add(`${name} = 0`);
  }

  // ── values of locals ─────────────────────────────────────────────────────────────────────────────────────────

  readLocal(variable: Variable): string {
    const name = this.localName(variable);
    return this.assigned.has(variable) ? name : `written(${name})`;
  }

  oldValue(): string {
    return this.#old.at(-1)!;
  }

  withOld(text: string, emit: () => string): string {
    this.#old.push(text);
    try {
      return emit();
    } finally {
      this.#old.pop();
    }
  }

  /** The effect of a declaration's initialiser, as an expression; undefined where there is nothing to do. */
  declareText(variable: Variable, value: DeclaredValue): string | undefined {
    const name = this.localName(variable);
    const size = c.sizeOf(variable.type) ?? 0;
    if (value.kind === 'none') {
      this.assigned.delete(variable);
      if (variable.inMemory)
        return this.inLoop > 0 || this.hoistsAll ? `mem.forget(${name}, ${size})` : undefined;
      return this.inLoop > 0 || this.hoistsAll ? `${name} = undefined${this.typed(' as any')}` : undefined;
    }
    if (value.kind === 'scalar') {
      const text = emitValue(this, value.value);
      this.assigned.add(variable);
      return variable.inMemory ? storeText(variable.type, name, text) : `${name} = ${text}`;
    }
    const [only] = value.stores;
    if (value.stores.length === 1 && only !== undefined && only.offset === 0 && only.type.kind === 'struct') {
      return emitStore(this, name, only);
    }
    return [
      `mem.fill(${name}, 0, ${size})`,
      ...value.stores.map((store) => emitStore(this, name, store)),
    ].join(', ');
  }

  // ── lines ────────────────────────────────────────────────────────────────────────────────────────────────────

  line(text: string, at?: Token): number {
    this.lines.push({ text: '  '.repeat(this.#indent) + text, at });
    return this.lines.length - 1;
  }

  indented(emit: () => void): void {
    this.#indent++;
    emit();
    this.#indent--;
  }

  /** Puts a label before a line that was printed already, when something turned out to need it. */
  labelLine(index: number, label: string): void {
    const line = this.lines[index]!;
    line.text = line.text.replace(/^ */, (indent) => `${indent}${label}: `);
  }

  /** A statement expression with control flow inside: a function called at once. */
  statementsAsFunction(block: BlockStatement, wanted: boolean): string {
    const outer = this.lines.splice(0);
    const breakables = this.breakables.splice(0);
    const landings = new Map(this.landings);
    this.landings.clear();
    const before = this.assigned.copy();
    const last = block.statements.at(-1);
    const takesValue = wanted && last?.kind === 'expression';
    const written: BlockStatement = takesValue
      ? { ...block, statements: block.statements.slice(0, -1) }
      : block;
    const body = levelled(written) ?? written;
    const hoistsAll = this.hoistsAll;
    this.hoistsAll ||= gotoLabels(body).size > 0;
    this.insideExpression++;
    emitBlock(this, body, true);
    if (takesValue) this.line(`return ${emitValue(this, last.expression)};`, last.at);
    this.insideExpression--;
    this.hoistsAll = hoistsAll;
    for (const [name, landing] of landings) this.landings.set(name, landing);
    const inner = this.lines.splice(0).map((line) => line.text.trim());
    this.lines.push(...outer);
    this.breakables.push(...breakables);
    this.assigned = before;
    return `(() => { ${inner.join(' ')} })()`;
  }

  /** The lines of the whole function. */
  finish(
    definition: FunctionDefinition,
    parameters: readonly Variable[],
    locals: readonly Variable[],
  ): EmittedLine[] {
    const name = this.#names.functionName(definition.name);
    const list = parameters.map((parameter) =>
      this.typed(
        `: ${emitType(parameter.type)}`,
        this.localName(parameter) + (parameter.inMemory ? '$in' : ''),
      ),
    );
    if (definition.type.variadic) list.push(this.typed(': U64[]', `...${VARIABLE_ARGUMENTS}`));
    const result = this.typed(`: ${emitType(definition.type.result)}`);
    const head: EmittedLine[] = [
      { text: `function ${name}(${list.join(', ')})${result} {`, at: definition.at },
    ];
    const entered = this.#names.mark(definition.at);
    if (entered !== undefined) head.push({ text: `  ${entered}`, at: undefined });
    const settled = this.hasLoop && !this.callsInLoop && !this.#types;
    const numbers = settled ? parameters.filter((each) => !each.inMemory) : [];
    const atHead = [
      ...numbers.flatMap((each) => asNumber(this.localName(each), each.type)),
      ...[...this.#atHead].map(([place, text]) => `const ${place} = ${text};`),
    ];
    if (atHead.length > 0) head.push({ text: `  ${atHead.join(' ')}`, at: undefined });
    if (this.#hoisted.size > 0) head.push({ text: `  let ${[...this.#hoisted].join(', ')};`, at: undefined });
    const inMemory = [...parameters, ...locals].filter((local) => local.inMemory);
    if (inMemory.length === 0) return [...head, ...this.lines, { text: '}', at: definition.end }];
    head.push({ text: '  const frame = mem.pushFrame();', at: undefined });
    for (const local of inMemory) {
      const text = `  const ${this.localName(local)} = mem.local(${c.sizeOf(local.type) ?? 0}, ${c.alignOf(local.type)}, ${JSON.stringify(local.name)});`;
      head.push({ text, at: undefined });
    }
    head.push({ text: '  try {', at: undefined });
    for (const parameter of parameters.filter((each) => each.inMemory)) {
      head.push({ text: `    ${storeParameter(this.localName(parameter), parameter)};`, at: undefined });
    }
    const body = this.lines.map((line) => ({ text: `  ${line.text}`, at: line.at }));
    const tail = ['  } finally {', '    mem.popFrame(frame);', '  }', '}'];
    return [...head, ...body, ...tail.map((text) => ({ text, at: undefined }))];
  }
}

/** The engine learns at the head whether this is a number, not again in each round of a loop. */
function asNumber(name: string, type: c.CType): string[] {
  if (type.kind === 'pointer') return [`${name} = +${name};`];
  const mayBeLarge = type.kind === 'descriptor' || (type.kind === 'integer' && type.size === 8);
  return mayBeLarge ? [`${name} = typeof ${name} === 'number' ? +${name} : large(${name});`] : [];
}

function storeParameter(name: string, parameter: Variable): string {
  if (parameter.type.kind === 'struct')
    return `mem.copy(${name}, ${name}$in, ${c.sizeOf(parameter.type) ?? 0})`;
  return storeText(parameter.type, name, `${name}$in`);
}

/** Prints a function definition; throws TranslateError when its body uses C that is not supported. */
export function emitFunction(
  definition: FunctionDefinition,
  names: UnitNames,
  types: boolean,
): EmittedLine[] {
  const { parameters, body: asWritten, locals, functions, statics } = definition.parseBody();
  const body = levelled(asWritten) ?? asWritten;
  const emitter = new FunctionEmitter(names, types, gotoLabels(body).size > 0);
  const taken = new Set<string>([...functions, ...[...statics].map((variable) => variable.emittedName)]);
  for (const local of [...parameters, ...locals]) {
    if (taken.has(local.emittedName)) emitter.rename(local, `${emitName(local.emittedName)}$local`);
  }
  for (const parameter of parameters) emitter.assigned.add(parameter);
  emitBlock(emitter, body, true);
  if (!emitter.assigned.unreachable && definition.type.result.kind !== 'void')
    emitter.line('return rt.unreachable();');
  return emitter.finish(definition, parameters, locals);
}
