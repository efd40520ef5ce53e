// SPDX-License-Identifier: GPL-2.0-only
import type { HotForm, HotHelpers } from '../base/hot-form.ts';
import { cells, HEAP, LOCAL_NAMES, LOCAL_OFFSETS, LOCAL_SIZES } from '../base/hot-layout.ts';
import {
  WasmCode,
  type Callable,
  type FunctionSignature,
  type Label,
  type ValueType,
} from '../base/wasm-module.ts';
import { Assigned } from './assigned.ts';
import * as c from './c-type.ts';
import type { CType } from './c-type.ts';
import { gotoLabels } from './emit-goto.ts';
import { hotAddress } from './emit-hot-expression.ts';
import { storeTo } from './emit-hot-memory.ts';
import { emitHotBlock } from './emit-hot-statement.ts';
import { levelled } from './level.ts';
import type { FunctionDefinition, Variable } from './syntax.ts';
import { TranslateError, type Token } from './token.ts';

// Hot code (docs/decisions/0011-hot-code.md): C functions as WebAssembly, from the same syntax tree and with the same marks, checks
// and fuel as the JavaScript that they have too. What is not supported here is a TranslateError, and stays JavaScript.

/** What crosses between hot code and JavaScript: a number of 32 bits, signed or not; an address; 64 bits; an entry. */
export type Crossing = 'int' | 'uint' | 'pointer' | 'long' | 'descriptor';

/** The heap as hot code sees it. */
export interface HotHeap {
  /** The kernel's address of its first byte. */
  readonly start: bigint;
  readonly size: number;
  /** Bytes before each variable on the stack that are none's. */
  readonly stackGuard: number;
  /** One byte of the shadow each. */
  readonly unwritten: number;
  readonly written: number;
  readonly table: number;
}

/** Whom a call reaches. */
export type HotCallee =
  /** Hot code of the same module. */
  | { readonly kind: 'hot'; readonly to: Callable }
  /** Anything else, by its name in the kernel. */
  | { readonly kind: 'kernel' };

/** What a function's hot code is made of beside its C. */
export interface HotNames {
  readonly heap: HotHeap;
  readonly helpers: HotHelpers;
  /** The place of the function's first mark. */
  readonly marks: number;
  /** As its JavaScript has them, in the same order: nothing is noted at another place. */
  readonly marked: readonly Token[];
  readonly strings: readonly { readonly bytes: readonly number[]; readonly address: number }[];
  staticAddress(variable: Variable): number;
  functionAddress(name: string): number;
  callee(name: string): HotCallee;
  form(name: string): HotForm | undefined;
  nameNumber(name: string): number;
  /** The address of a member of a variable that the model knows. */
  fieldAddress(variable: string, tag: string, field: string): number;
  /** A function of the kernel (`k`), of the memory (`mem`) or of the runtime (`rt`). */
  imported(
    of: 'k' | 'mem' | 'rt',
    name: string,
    parameters: readonly Crossing[],
    result: Crossing | undefined,
  ): Callable;
}

/** A function's hot code, and which C its instructions do. */
export interface HotFunction {
  readonly code: WasmCode;
  /** From the byte on. */
  readonly places: readonly { readonly byte: number; readonly at: Token }[];
}

export function valueType(type: CType): ValueType {
  if (type.kind === 'integer' && type.size < 8) return 'i32';
  if (type.kind === 'unknown' || type.kind === 'void' || (type.kind === 'integer' && type.size > 8))
    throw new TranslateError(`hot code has no value of type \`${c.typeText(type)}\``, undefined as never);
  return 'i64';
}

export function crossing(type: CType): Crossing {
  if (type.kind === 'descriptor') return 'descriptor';
  if (type.kind !== 'integer') return 'pointer';
  if (type.size < 8) return type.unsigned ? 'uint' : 'int';
  return 'long';
}

/** What a C function takes and gives as hot code. */
export function hotSignature({ type }: FunctionDefinition): FunctionSignature {
  const { result, parameters, variadic } = type;
  const isPlain = (each: CType): boolean => each.kind !== 'struct' && each.kind !== 'array';
  if (variadic || !isPlain(result) || !parameters.every((each) => isPlain(each.type)))
    throw new TranslateError('hot code passes no structs and no variable arguments', undefined as never);
  return {
    parameters: parameters.map((each) => valueType(each.type)),
    result: result.kind === 'void' ? undefined : valueType(result),
  };
}

interface Slot {
  /** Locals of the code: the offset in the heap, and the address. */
  readonly offset: number;
  readonly address: number;
}

/** Emits one function. */
export class HotEmitter {
  readonly code: WasmCode;
  readonly names: HotNames;
  readonly places: { byte: number; at: Token }[] = [];
  assigned = new Assigned();
  /** Where `break` and `continue` lead. */
  readonly breakables: { readonly leave: Label; readonly next: Label | undefined }[] = [];
  readonly landings = new Map<string, Label>();
  hoistsAll = false;
  inLoop = 0;
  /** What `old` stands for (syntax.ts). */
  readonly olds: (() => void)[] = [];
  /** Read where it is not certain that they were written; filled by a first pass. */
  readonly doubtful: Set<Variable>;
  readonly result: CType;
  leaveFunction: Label | undefined;
  resultLocal: number | undefined;
  readonly #locals = new Map<Variable, number>();
  readonly #flags = new Map<Variable, number>();
  readonly #slots = new Map<Variable, Slot>();
  #marked = 0;
  #strings = 0;

  constructor(definition: FunctionDefinition, names: HotNames, doubtful: Set<Variable>) {
    this.names = names;
    this.doubtful = doubtful;
    this.result = definition.type.result;
    this.code = new WasmCode(definition.name, hotSignature(definition));
  }

  unsupported(what: string, at: Token): never {
    throw new TranslateError(`hot code: ${what}`, at);
  }

  /** Notes that what follows is executed; the place is the one that the function's JavaScript has. */
  mark(at: Token): void {
    const number = this.#marked++;
    if (this.names.marked[number] !== at) this.unsupported('marks in another order', at);
    this.places.push({ byte: this.code.bytes.length, at });
    this.code
      .i32(0)
      .i32(1)
      .at('i32.store8', this.names.marks + number);
  }

  /** All that the JavaScript marks is marked. */
  get hasAllMarks(): boolean {
    return this.#marked === this.names.marked.length;
  }

  stringAddress(bytes: readonly number[], at: Token): void {
    const string = this.names.strings[this.#strings++];
    if (string === undefined || string.bytes.join() !== bytes.join())
      this.unsupported('strings in another order', at);
    this.code.i64(string.address);
  }

  temporary(type: ValueType): number {
    return this.code.local(type);
  }

  /** A loop goes round once more. */
  fuel(at: Token): void {
    const { code } = this;
    const rest = this.temporary('i32');
    this.places.push({ byte: code.bytes.length, at });
    code.i32(0).cell(cells.fuel).i32(1).op('i32.sub').tee(rest).at('i32.store', cells.fuel);
    code.get(rest).i32(0).op('i32.lt_s');
    code.if(undefined, () => code.call(this.names.imported('rt', 'spin', [], undefined)).op('unreachable'));
  }

  // ── variables ──────────────────────────────────────────────────────────────────────────────────────────────────

  localOf(variable: Variable): number {
    let local = this.#locals.get(variable);
    if (local === undefined) {
      local = this.temporary(valueType(variable.type));
      this.#locals.set(variable, local);
    }
    return local;
  }

  slotOf(variable: Variable): Slot | undefined {
    return this.#slots.get(variable);
  }

  #flagOf(variable: Variable): number {
    let flag = this.#flags.get(variable);
    if (flag === undefined) {
      flag = this.temporary('i32');
      this.#flags.set(variable, flag);
    }
    return flag;
  }

  readLocal(variable: Variable): void {
    if (!this.assigned.has(variable)) {
      this.doubtful.add(variable);
      const { code } = this;
      code.get(this.#flagOf(variable)).op('i32.eqz');
      code.if(undefined, () =>
        code.call(this.names.imported('rt', 'uninitialised', [], undefined)).op('unreachable'),
      );
    }
    this.code.get(this.localOf(variable));
  }

  /** It was given a value. */
  wrote(variable: Variable): void {
    if (this.doubtful.has(variable)) this.code.i32(1).set(this.#flagOf(variable));
    this.assigned.add(variable);
  }

  /** It has no value any more. */
  forget(variable: Variable): void {
    if (this.doubtful.has(variable)) this.code.i32(0).set(this.#flagOf(variable));
    this.assigned.delete(variable);
  }

  // ── the frame ──────────────────────────────────────────────────────────────────────────────────────────────────

  parameter(variable: Variable, index: number): void {
    if (!variable.inMemory) this.#locals.set(variable, index);
    this.assigned.add(variable);
  }

  /** Variables with an address, on the kernel's stack, as `Heap.local()` has them. @returns the stack's top before */
  enterFrame(variables: readonly Variable[]): number {
    const { code } = this;
    const { heap } = this.names;
    const frame = this.temporary('i32');
    const top = this.temporary('i32');
    const place = this.temporary('i32');
    code.cell(cells.stackTop).tee(frame).set(top);
    code.cell(cells.stackCount).i32(4).op('i32.mul').set(place);
    for (const variable of variables) {
      const size = c.sizeOf(variable.type) ?? 0;
      const last = Math.max(8, c.alignOf(variable.type)) - 1;
      const slot: Slot = { offset: this.temporary('i32'), address: this.temporary('i64') };
      this.#slots.set(variable, slot);
      code
        .get(top)
        .i32(heap.stackGuard + last)
        .op('i32.add')
        .i32(~last)
        .op('i32.and')
        .tee(slot.offset);
      code
        .i32((size + 7) & -8)
        .op('i32.add')
        .tee(top)
        .i32(heap.size)
        .op('i32.gt_u');
      code.if(undefined, () => {
        code
          .i32(size)
          .call(this.names.imported('rt', 'stackIsFull', ['int'], undefined))
          .op('unreachable');
      });
      code.get(slot.offset).op('i64.extend_i32_u').i64(heap.start).op('i64.add').set(slot.address);
      code.get(place).get(slot.offset).at('i32.store', LOCAL_OFFSETS);
      code.get(place).i32(size).at('i32.store', LOCAL_SIZES);
      code.get(place).i32(this.names.nameNumber(variable.name)).at('i32.store', LOCAL_NAMES);
      code.get(place).i32(4).op('i32.add').set(place);
      this.markShadow(slot.offset, size, heap.unwritten);
    }
    code.i32(0).get(top).at('i32.store', cells.stackTop);
    code.i32(0).get(place).i32(4).op('i32.div_u').at('i32.store', cells.stackCount);
    return frame;
  }

  leaveFrame(frame: number, variables: readonly Variable[]): void {
    const { code } = this;
    for (const variable of variables)
      this.markShadow(this.#slots.get(variable)!.offset, c.sizeOf(variable.type) ?? 0, 0);
    code.i32(0).get(frame).at('i32.store', cells.stackTop);
    code.i32(0).cell(cells.stackCount).i32(variables.length).op('i32.sub').at('i32.store', cells.stackCount);
  }

  /** Sets the shadow of bytes of the stack. @param offset a local with where they begin in the heap, aligned to 8 */
  markShadow(offset: number, size: number, state: number): void {
    const { code } = this;
    const shadow = HEAP + this.names.heap.size;
    if (size === 4)
      code
        .get(offset)
        .i32(0x01010101 * state)
        .at('i32.store', shadow);
    else if (size === 8)
      code
        .get(offset)
        .i64(0x0101010101010101n * BigInt(state))
        .at('i64.store', shadow);
    else if (size > 0) code.get(offset).i32(shadow).op('i32.add').i32(state).i32(size).fill();
  }
}

/** A function as hot code; throws TranslateError where it uses what hot code does not have. */
export function emitHotFunction(definition: FunctionDefinition, names: HotNames): HotFunction {
  const doubtful = new Set<Variable>();
  const first = emitOnce(definition, names, doubtful);
  return doubtful.size === 0 ? first : emitOnce(definition, names, doubtful);
}

function emitOnce(definition: FunctionDefinition, names: HotNames, doubtful: Set<Variable>): HotFunction {
  const { parameters, body: asWritten, locals, gaps } = definition.parseBody();
  if (gaps.length > 0) throw gaps[0]!;
  const body = levelled(asWritten) ?? asWritten;
  const f = new HotEmitter(definition, names, doubtful);
  const { code } = f;
  f.hoistsAll = gotoLabels(body).size > 0;
  for (const [i, parameter] of parameters.entries()) f.parameter(parameter, i);
  // The mark of the function is the last of its marks, and the first that is set.
  const entered = names.marked.length - 1;
  f.places.push({ byte: 0, at: definition.at });
  code
    .i32(0)
    .i32(1)
    .at('i32.store8', names.marks + entered);
  const inMemory = [...parameters, ...locals].filter((each) => each.inMemory);
  const frame = inMemory.length > 0 ? f.enterFrame(inMemory) : undefined;
  for (const [i, parameter] of parameters.entries()) {
    if (!parameter.inMemory) continue;
    hotAddress(f, { kind: 'variable', variable: parameter, type: parameter.type, at: parameter.at });
    code.get(i);
    storeTo(f, parameter.type);
  }
  const { result } = code.signature;
  f.resultLocal = result === undefined ? undefined : f.temporary(result);
  code.block(undefined, (label) => {
    f.leaveFunction = label;
    emitHotBlock(f, body);
    if (!f.assigned.unreachable && result !== undefined)
      code.call(names.imported('rt', 'unreachable', [], undefined)).op('unreachable');
  });
  if (frame !== undefined) f.leaveFrame(frame, inMemory);
  if (f.resultLocal !== undefined) code.get(f.resultLocal);
  f.mark(definition.at);
  code.bytes.length = f.places.pop()!.byte;
  if (!f.hasAllMarks) f.unsupported('other marks', definition.at);
  return { code, places: f.places };
}
