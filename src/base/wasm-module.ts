// SPDX-License-Identifier: GPL-2.0-only

// WebAssembly as bytes (the specification's chapter 5, "Binary Format"): as much of it as hot code needs.

export type ValueType = 'i32' | 'i64' | 'f64';

export interface FunctionSignature {
  readonly parameters: readonly ValueType[];
  readonly result: ValueType | undefined;
}

const typeByte: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, f64: 0x7c };
const NO_TYPE = 0x40;
const CALL = 0x10;
/** An index that is known at the end only takes as many bytes as any may. */
const INDEX_BYTES = 5;

/** Instructions without immediates, by what they are called in the specification's text format. */
const plain = {
  unreachable: 0x00,
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  'i32.eqz': 0x45, 'i32.eq': 0x46, 'i32.ne': 0x47, 'i32.lt_s': 0x48, 'i32.lt_u': 0x49, 'i32.gt_s': 0x4a,
  'i32.gt_u': 0x4b, 'i32.le_s': 0x4c, 'i32.le_u': 0x4d, 'i32.ge_s': 0x4e, 'i32.ge_u': 0x4f,
  'i64.eqz': 0x50, 'i64.eq': 0x51, 'i64.ne': 0x52, 'i64.lt_s': 0x53, 'i64.lt_u': 0x54, 'i64.gt_s': 0x55,
  'i64.gt_u': 0x56, 'i64.le_s': 0x57, 'i64.le_u': 0x58, 'i64.ge_s': 0x59, 'i64.ge_u': 0x5a,
  'f64.eq': 0x61, 'f64.ne': 0x62,
  'i32.add': 0x6a, 'i32.sub': 0x6b, 'i32.mul': 0x6c, 'i32.div_s': 0x6d, 'i32.div_u': 0x6e, 'i32.rem_s': 0x6f,
  'i32.rem_u': 0x70, 'i32.and': 0x71, 'i32.or': 0x72, 'i32.xor': 0x73, 'i32.shl': 0x74, 'i32.shr_s': 0x75,
  'i32.shr_u': 0x76,
  'i64.add': 0x7c, 'i64.sub': 0x7d, 'i64.mul': 0x7e, 'i64.div_s': 0x7f, 'i64.div_u': 0x80, 'i64.rem_s': 0x81,
  'i64.rem_u': 0x82, 'i64.and': 0x83, 'i64.or': 0x84, 'i64.xor': 0x85, 'i64.shl': 0x86, 'i64.shr_s': 0x87,
  'i64.shr_u': 0x88, 'i64.rotl': 0x89, 'i64.rotr': 0x8a,
  'i32.wrap_i64': 0xa7, 'i64.extend_i32_s': 0xac, 'i64.extend_i32_u': 0xad,
  'f64.convert_i32_u': 0xb8, 'f64.convert_i64_s': 0xb9,
  'i32.extend8_s': 0xc0, 'i32.extend16_s': 0xc1,
} as const; // prettier-ignore

export type PlainInstruction = keyof typeof plain;

const memory = {
  'i32.load': 0x28, 'i64.load': 0x29, 'f64.load': 0x2b, 'i32.load8_s': 0x2c, 'i32.load8_u': 0x2d,
  'i32.load16_s': 0x2e, 'i32.load16_u': 0x2f, 'i32.store': 0x36, 'i64.store': 0x37, 'f64.store': 0x39,
  'i32.store8': 0x3a, 'i32.store16': 0x3b,
} as const; // prettier-ignore

export type MemoryInstruction = keyof typeof memory;

/** A function that can be called: one that is imported, or one of the module. */
export interface Callable {
  readonly signature: FunctionSignature;
}

/** Where a block can be left to, or a loop begun again. */
export interface Label {
  readonly depth: number;
}

/** The code of one function, instruction by instruction. The specification's stack machine; nothing is checked here. */
export class WasmCode implements Callable {
  readonly signature: FunctionSignature;
  readonly name: string;
  readonly bytes: number[] = [];
  readonly calls: { readonly at: number; readonly to: Callable }[] = [];
  readonly locals: ValueType[] = [];
  /** How many blocks are open. */
  #depth = 0;

  constructor(name: string, signature: FunctionSignature) {
    this.name = name;
    this.signature = signature;
  }

  /** A variable that is zero first. */
  local(type: ValueType): number {
    return this.signature.parameters.length + this.locals.push(type) - 1;
  }

  op(...instructions: PlainInstruction[]): this {
    for (const instruction of instructions) this.bytes.push(plain[instruction]);
    return this;
  }

  get(local: number): this {
    return this.#withIndex(0x20, local);
  }

  set(local: number): this {
    return this.#withIndex(0x21, local);
  }

  tee(local: number): this {
    return this.#withIndex(0x22, local);
  }

  i32(value: number): this {
    this.bytes.push(0x41);
    pushSigned(this.bytes, BigInt(value | 0));
    return this;
  }

  i64(value: bigint | number): this {
    this.bytes.push(0x42);
    pushSigned(this.bytes, BigInt.asIntN(64, BigInt(value)));
    return this;
  }

  f64(value: number): this {
    this.bytes.push(0x44, ...new Uint8Array(Float64Array.of(value).buffer));
    return this;
  }

  /** @param offset bytes, added to the address on the stack */
  at(instruction: MemoryInstruction, offset: number): this {
    this.bytes.push(memory[instruction], 0);
    pushUnsigned(this.bytes, offset);
    return this;
  }

  /** Loads the 32 bits at a fixed place. */
  cell(place: number): this {
    return this.i32(0).at('i32.load', place);
  }

  /** `memory.fill`: address, byte and count are on the stack. */
  fill(): this {
    this.bytes.push(0xfc, 11, 0);
    return this;
  }

  /** `i64.trunc_sat_f64_s`. */
  truncate(): this {
    this.bytes.push(0xfc, 6);
    return this;
  }

  call(to: Callable): this {
    this.bytes.push(CALL);
    this.calls.push({ at: this.bytes.length, to });
    this.bytes.push(...Array.from({ length: INDEX_BYTES }, () => 0));
    return this;
  }

  block(result: ValueType | undefined, body: (label: Label) => void): this {
    return this.#nested(0x02, result, body);
  }

  loop(body: (label: Label) => void): this {
    return this.#nested(0x03, undefined, body);
  }

  if(result: ValueType | undefined, yes: () => void, no?: () => void): this {
    return this.#nested(0x04, result, () => {
      yes();
      if (no === undefined) return;
      this.bytes.push(0x05);
      no();
    });
  }

  branch({ depth }: Label): this {
    return this.#withIndex(0x0c, this.#depth - depth);
  }

  branchIf({ depth }: Label): this {
    return this.#withIndex(0x0d, this.#depth - depth);
  }

  #nested(opcode: number, result: ValueType | undefined, body: (label: Label) => void): this {
    this.bytes.push(opcode, result === undefined ? NO_TYPE : typeByte[result]);
    this.#depth++;
    body({ depth: this.#depth });
    this.#depth--;
    this.bytes.push(0x0b);
    return this;
  }

  #withIndex(opcode: number, index: number): this {
    this.bytes.push(opcode);
    pushUnsigned(this.bytes, index);
    return this;
  }
}

interface Import extends Callable {
  readonly name: string;
}

/** A module of functions over a memory that it imports. Everything it imports is in the namespace `k`. */
export class WasmModule {
  readonly #imports = new Map<string, Import>();
  readonly #functions: WasmCode[] = [];
  readonly #handles = new Map<Callable, WasmCode>();
  readonly #exports: { readonly name: string; readonly code: WasmCode }[] = [];

  /** A function of the host; one of that name and that signature is the same each time. */
  import(name: string, signature: FunctionSignature): Callable {
    let imported = this.#imports.get(name);
    if (imported === undefined) {
      imported = { name, signature };
      this.#imports.set(name, imported);
    }
    return imported;
  }

  /** @param handle by which it may be called too, from before it was there */
  add(code: WasmCode, handle?: Callable): WasmCode {
    this.#functions.push(code);
    if (handle !== undefined) this.#handles.set(handle, code);
    return code;
  }

  export(name: string, code: WasmCode): void {
    this.#exports.push({ name, code });
  }

  /** @param pages of 64 KiB that the memory has. @returns the module, and where the code of each function begins in it */
  assemble(pages: number): { readonly bytes: Uint8Array; readonly starts: ReadonlyMap<WasmCode, number> } {
    const numbers = new Map<Callable, number>();
    for (const each of [...this.#imports.values(), ...this.#functions]) numbers.set(each, numbers.size);
    for (const [handle, code] of this.#handles) numbers.set(handle, numbers.get(code)!);
    const types = new Types();
    const imports = [...this.#imports.values()].map(({ name, signature }) => [
      ...text('k'), ...text(name), 0x00, ...unsigned(types.numberOf(signature)),
    ]); // prettier-ignore
    imports.push([...text('k'), ...text('memory'), 0x02, 0x01, ...unsigned(pages), ...unsigned(pages)]);
    const functions = this.#functions.map(({ signature }) => unsigned(types.numberOf(signature)));
    const exports = this.#exports.map(({ name, code }) => [
      ...text(name),
      0x00,
      ...unsigned(numbers.get(code)!),
    ]);
    const bodies = this.#functions.map((code) => bodyOf(code, numbers));
    const head = [
      0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
      ...section(1, types.all), ...section(2, imports), ...section(3, functions), ...section(7, exports),
    ]; // prettier-ignore
    return joined(head, this.#functions, bodies, names(this.#functions, numbers));
  }
}

/** Signatures, each once. */
class Types {
  readonly all: number[][] = [];
  readonly #numbers = new Map<string, number>();

  numberOf({ parameters, result }: FunctionSignature): number {
    const key = `${parameters.join()} ${result ?? ''}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.all.length;
      const results = result === undefined ? [] : [typeByte[result]];
      this.all.push([
        0x60,
        ...vector(parameters.map((each) => [typeByte[each]])),
        ...vector(results.map((each) => [each])),
      ]);
      this.#numbers.set(key, number);
    }
    return number;
  }
}

interface Body {
  readonly bytes: Uint8Array;
  /** Of them before the code. */
  readonly headLength: number;
}

function bodyOf(code: WasmCode, numbers: ReadonlyMap<Callable, number>): Body {
  const locals = vector(code.locals.map((type) => [1, typeByte[type]]));
  for (const { at, to } of code.calls) {
    let rest = numbers.get(to)!;
    for (let i = 0; i < INDEX_BYTES; i++) {
      code.bytes[at + i] = (rest & 0x7f) | (i < INDEX_BYTES - 1 ? 0x80 : 0);
      rest >>>= 7;
    }
  }
  const length = unsigned(locals.length + code.bytes.length + 1);
  const bytes = new Uint8Array(length.length + locals.length + code.bytes.length + 1);
  bytes.set(length);
  bytes.set(locals, length.length);
  bytes.set(code.bytes, length.length + locals.length);
  bytes[bytes.length - 1] = 0x0b;
  return { bytes, headLength: length.length + locals.length };
}

function joined(
  head: readonly number[],
  functions: readonly WasmCode[],
  bodies: readonly Body[],
  tail: readonly number[],
): { bytes: Uint8Array; starts: Map<WasmCode, number> } {
  const count = unsigned(bodies.length);
  const size = bodies.reduce((sum, { bytes }) => sum + bytes.length, count.length);
  const codeHead = [10, ...unsigned(size), ...count];
  const bytes = new Uint8Array(head.length + codeHead.length + size - count.length + tail.length);
  bytes.set(head);
  bytes.set(codeHead, head.length);
  let at = head.length + codeHead.length;
  const starts = new Map<WasmCode, number>();
  for (const [i, body] of bodies.entries()) {
    bytes.set(body.bytes, at);
    starts.set(functions[i]!, at + body.headLength);
    at += body.bytes.length;
  }
  bytes.set(tail, at);
  return { bytes, starts };
}

/** The custom section that gives functions the names that stacks show. */
function names(functions: readonly WasmCode[], numbers: ReadonlyMap<Callable, number>): number[] {
  const entries = functions.map((code) => [...unsigned(numbers.get(code)!), ...text(code.name)]);
  const map = vector(entries);
  const content = [...text('name'), 0x01, ...unsigned(map.length), ...map];
  return [0, ...unsigned(content.length), ...content];
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  const content = vector(entries);
  return [id, ...unsigned(content.length), ...content];
}

function vector(entries: readonly (readonly number[])[]): number[] {
  return [...unsigned(entries.length), ...entries.flat()];
}

function text(name: string): number[] {
  const bytes = new TextEncoder().encode(name);
  return [...unsigned(bytes.length), ...bytes];
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  pushUnsigned(bytes, value);
  return bytes;
}

/** LEB128. */
function pushUnsigned(bytes: number[], value: number): void {
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
}

function pushSigned(bytes: number[], value: bigint): void {
  let rest = value;
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return;
  }
}
