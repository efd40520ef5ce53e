// SPDX-License-Identifier: GPL-2.0-only
import { bitsOfDescriptor, descriptorFromBits } from '../base/descriptor.ts';
import { below128, compute128, fromLongs, widened, type U128 } from '../base/u128.ts';
import * as u64 from '../base/u64.ts';
import type { U64 } from '../base/u64.ts';
import type { Ptr } from '../base/units.ts';
import type { FaultEvent, TraceWriter } from '../trace/events.ts';
import type { InPlace } from '../model/in-place-form.ts';
import { NotModelled, type Kernel } from '../model/kernel.ts';
import { KernelOops } from '../model/hardware/kernel-oops.ts';
import type { Memory } from '../model/hardware/memory.ts';

/** A function as emitted code, model code and scenarios call it. */
export type KernelFunction = (...args: never[]) => unknown;

type ShortcutFunction = NonNullable<InPlace['shortcut']>;

/** Ends an operation whose loops used up their fuel. */
export class OutOfFuel extends Error {
  override readonly name = 'OutOfFuel';
}

/** What one emitted module sees of the linker. */
export interface ModuleLinks {
  bind(name: string): KernelFunction;
  functionAddress(name: string): Ptr;
  staticAddress(name: string): Ptr;
  /** What does the usual work of a function of the model; takes the kernel first. */
  shortcut(name: string): ShortcutFunction;
  kernel(): Kernel;
  /** Where the module notes what was executed. */
  marks(): Uint8Array;
}

/** Loop iterations that one operation may take: far above any legal scenario, far below a second. */
const FUEL = 20_000_000;

/** What emitted code cannot say in plain TypeScript: indirect calls, bit-fields, checks that C leaves to sanitizers. */
export class Runtime {
  fuel = FUEL;
  /** False once an operation was ended by a fault: cleanups must not run then. */
  running = true;
  /** Calls inside each other have used up the stack. */
  overflowed = false;
  /** Set while a module is instantiated. */
  links: ModuleLinks | undefined;
  readonly mem: Memory;
  readonly #trace: TraceWriter;
  readonly #functions = new Map<Ptr, KernelFunction>();

  constructor(mem: Memory, trace: TraceWriter) {
    this.mem = mem;
    this.#trace = trace;
  }

  bind(name: string): KernelFunction {
    return this.links!.bind(name);
  }

  functionAddress(name: string): Ptr {
    return this.links!.functionAddress(name);
  }

  staticAddress(name: string): Ptr {
    return this.links!.staticAddress(name);
  }

  shortcut(name: string): ShortcutFunction {
    return this.links!.shortcut(name);
  }

  kernel(): Kernel {
    return this.links!.kernel();
  }

  marks(_count: number): Uint8Array {
    return this.links!.marks();
  }

  /** Before a run: whatever ended the last one is over. */
  restart(): void {
    this.running = true;
    this.overflowed = false;
    this.fuel = FUEL;
  }

  registerFunction(address: Ptr, fn: KernelFunction): void {
    this.#functions.set(address, fn);
  }

  /** A call through a function pointer. */
  call(address: Ptr, ...args: U64[]): U64 {
    const fn = this.#functions.get(address);
    if (fn === undefined) return this.fault(address === 0 ? 'null' : 'unmapped', address);
    return fn(...(args as never[])) as U64;
  }

  spin(): never {
    this.running = false;
    this.#trace.emit({ kind: 'fuel' });
    throw new OutOfFuel('a loop does not end');
  }

  /** A call that the model's version of the callee cannot take. */
  refuse(message: Ptr): never {
    throw new NotModelled(this.mem.string(message));
  }

  unreachable(): never {
    return this.fault('unmapped', 0);
  }

  fault(fault: FaultEvent['fault'], addr: Ptr): never {
    this.running = false;
    const event: FaultEvent = { kind: 'fault', fault, access: 'none', addr, size: 0 };
    this.#trace.emit(event);
    throw new KernelOops(event);
  }

  /** The arguments behind a function's named ones, one after the other, each in eight bytes. */
  variableArguments(values: readonly U64[]): Ptr {
    const at = this.mem.allocate({ size: values.length * 8, name: 'variable arguments' });
    for (const [i, value] of values.entries()) this.mem.st64(at + i * 8, value);
    return at;
  }

  /** A struct returned by value, out of the frame that is about to end. */
  structResult(from: Ptr, size: number): Ptr {
    const to = this.mem.allocate({ size, name: 'struct result' });
    this.mem.copy(to, from, size);
    return to;
  }

  /** @param start - counted from the lowest bit at the address; a field of a packed struct may lie across its type's units */
  loadBits(address: Ptr, unsigned: boolean, start: number, width: number): U64 {
    const { value, low } = this.#bitField(address, start, width);
    const bits = (value >> low) & ((1n << BigInt(width)) - 1n);
    return u64.fromBig(unsigned ? bits : BigInt.asIntN(width, bits));
  }

  storeBits(address: Ptr, start: number, width: number, value: U64): void {
    const { at, size, value: before, low } = this.#bitField(address, start, width);
    const mask = (1n << BigInt(width)) - 1n;
    const changed = (before & ~(mask << low)) | ((BigInt(value) & mask) << low);
    this.mem.write(at, bytesOf(changed, size));
  }

  /** The bytes that hold a bit-field. Storing one field makes its neighbours in them count as written too. */
  #bitField(
    address: Ptr,
    start: number,
    width: number,
  ): { at: Ptr; size: number; value: bigint; low: bigint } {
    const at = address + Math.floor(start / 8);
    const low = start % 8;
    const size = Math.ceil((low + width) / 8);
    const bytes = this.mem.readAnyway(at, size);
    const value = bytes.reduceRight((high, byte) => (high << 8n) | BigInt(byte), 0n);
    return { at, size, value, low: BigInt(low) };
  }

  compute128 = compute128;
  below128 = below128;
  widened = widened;

  narrowed(value: U128): U64 {
    return typeof value === 'number' ? value : u64.fromBig(value);
  }

  load128(address: Ptr): U128 {
    return fromLongs(this.mem.ld64(address + 8), this.mem.ld64(address));
  }

  store128(address: Ptr, value: U128): void {
    this.mem.st64(address, this.narrowed(value));
    this.mem.st64(address + 8, u64.fromBig(BigInt(value) >> 64n));
  }

  ctz(value: number): number {
    return value === 0 ? this.fault('shift', 0) : 31 - Math.clz32(value & -value);
  }

  ctzl(value: U64): number {
    const low = u64.lowHalf(value);
    if (low !== 0) return this.ctz(low);
    return 32 + this.ctz(u64.highHalf(value));
  }

  ctzll = this.ctzl;

  clz(value: number): number {
    return value === 0 ? this.fault('shift', 0) : Math.clz32(value);
  }

  clzl(value: U64): number {
    const high = u64.highHalf(value);
    return high === 0 ? 32 + this.clz(u64.lowHalf(value)) : Math.clz32(high);
  }

  clzll = this.clzl;

  ffs(value: number): number {
    return value === 0 ? 0 : this.ctz(value) + 1;
  }

  ffsl(value: U64): number {
    return value === 0 ? 0 : this.ctzl(value) + 1;
  }

  ffsll = this.ffsl;

  popcount(value: number): number {
    let count = 0;
    for (let rest = value; rest !== 0; rest &= rest - 1) count++;
    return count;
  }

  popcountl(value: U64): number {
    return this.popcount(u64.lowHalf(value)) + this.popcount(u64.highHalf(value));
  }

  popcountll = this.popcountl;

  bswap32(value: number): number {
    return (
      (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0
    );
  }

  bswap64(value: U64): U64 {
    return u64.fromHalves(this.bswap32(u64.lowHalf(value)), this.bswap32(u64.highHalf(value)));
  }

  /** GNU's checked arithmetic: exact, then converted to the result's type; tells whether that lost anything. */
  overflow(
    operator: string,
    left: U64,
    right: U64,
    result: Ptr,
    size: number,
    unsigned: boolean,
    leftUnsigned: boolean,
    rightUnsigned: boolean,
  ): number {
    const a = leftUnsigned ? u64.toBigUnsigned(left) : BigInt(left);
    const b = rightUnsigned ? u64.toBigUnsigned(right) : BigInt(right);
    const exact = operator === 'add' ? a + b : operator === 'sub' ? a - b : a * b;
    const bits = size * 8;
    const kept = unsigned ? BigInt.asUintN(bits, exact) : BigInt.asIntN(bits, exact);
    this.mem.write(result, bytesOf(BigInt.asUintN(bits, exact), size));
    return kept === exact ? 0 : 1;
  }

  /** The helpers that emitted code names directly (HELPERS in translate/emit-module.ts), in any order. */
  helpers(): Record<string, (...args: never[]) => unknown> {
    const { add, sub, mul, and, or, xor, not, neg, shl, shr, sar, ult, ule, udiv, umod, sdiv, smod } = u64;
    return {
      add, sub, mul, and, or, xor, not, neg, shl, shr, sar, ult, ule, udiv, umod, sdiv, smod,
      bitsOfDescriptor,
      descriptorFromBits,
      i32: u64.lowHalf,
      u32: u64.toUnsigned32,
      // A pointer beyond ±2^53 is no address of any machine here; whatever it rounds to faults when it is used.
      pointer: (value: U64): Ptr => (typeof value === 'number' ? value : Number(value)),
      index: (value: U64): number => (typeof value === 'number' ? value : Number(value)),
      // Of its own, so that the engine sees where there never was one.
      large: (value: U64): U64 => value,
      written: (value: unknown): unknown => (value === undefined ? this.fault('uninitialised', 0) : value),
      count: (bits: U64, width: number): number =>
        bits >= 0 && bits < width ? Number(bits) : this.fault('shift', 0),
      divisor: (value: U64): U64 => (value === 0 ? this.fault('divide', 0) : value),
    }; // prettier-ignore
  }
}

function bytesOf(value: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = Number((value >> BigInt(8 * i)) & 0xffn);
  return bytes;
}
