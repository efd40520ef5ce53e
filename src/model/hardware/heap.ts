// SPDX-License-Identifier: GPL-2.0-only
import { cells, HEAP, LOCAL_NAMES, LOCAL_OFFSETS, LOCAL_SIZES, MOST_LOCALS } from '../../base/hot-layout.ts';
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { FaultEvent, TraceWriter } from '../../trace/events.ts';
import type { Machine } from '../../trace/machine.ts';
import { leaveArena, takeArena, type Arena } from './arena.ts';
import { KernelOops } from './kernel-oops.ts';

/** One object in the kernel's heap. Addresses are never reused, so a stale pointer is always recognised. */
export interface Allocation {
  readonly addr: Ptr;
  readonly size: ByteCount;
  readonly name: string;
  /** kmalloc() made it: of no cache, so that its name does not tell what becomes of it. */
  readonly fromKmalloc: boolean;
  state: 'live' | 'freed';
}

export interface AllocationRequest {
  readonly size: ByteCount;
  readonly name: string;
  readonly fromKmalloc?: boolean;
  /** Power of two; 16 unless told. */
  readonly align?: ByteCount;
  /** Contents start as zeroes and count as initialised. */
  readonly zeroed?: boolean;
  /** What it holds from the start: `size` bytes. */
  readonly contents?: Uint8Array;
  /** Bytes of no man's land behind the object; as large as the object unless told, within [64, 1 MiB]. */
  readonly guard?: ByteCount;
  /** The object is a page table: stores go through `onTableStore`. */
  readonly table?: boolean;
}

/** What the shadow says of one byte of heap. */
export const RAW = 0; // outside every object, or freed
export const UNWRITTEN = 1; // inside a live object, never written
export const WRITTEN = 2;
export const TABLE = 3; // inside a page table, always initialised
export const WATCHED = 4; // written, and somebody wants to know of loads

/** Four shadow bytes at once. */
const WATCHED4 = 0x01010101 * WATCHED;

const GUARD_MIN = 64;
const GUARD_MAX = 1 << 20;
/** No object lies in the heap's first page. */
const FIRST_OBJECT = 4096;
const STACK_BYTES = 1 << 20;
/** Bytes before each variable that are none's. */
export const STACK_GUARD = 32;
/** Bytes. */
const SMALL = 32;

const STACK_TOP = cells.stackTop / 4;
const STACK_COUNT = cells.stackCount / 4;
/** Places of 32 bits. */
const CELLS = 64;

/**
 * The objects of the heap and of the stack: which bytes belong to which, and in the shadow which of them may be read
 * and written. `Memory` loads from and stores to `bytes` itself.
 */
export class Heap {
  /** Linear address of the first byte. */
  declare readonly start: VirtAddr;
  declare readonly size: ByteCount;
  declare readonly arena: Arena;
  declare readonly bytes: Uint8Array;
  /** One byte for each of `bytes`. */
  declare readonly shadow: Uint8Array;
  /** Four of them at once. */
  declare readonly shadowWords: Int32Array;
  readonly #trace: TraceWriter;
  readonly #nameOf: ((addr: Ptr) => string) | undefined;
  /** Offset of the first byte that no object has had. */
  #top = FIRST_OBJECT;
  readonly #allocations: Allocation[] = [];
  #kept = { count: 0, top: FIRST_OBJECT, bytes: new Uint8Array(0), shadow: new Uint8Array(0) };
  /** The stack is the end of the heap and grows upwards, one guarded object a variable. */
  readonly #stackStart: number;
  /** Its top and how many variables are on it are among the cells, which hot code writes too. */
  declare private readonly cells: Int32Array;
  /** Variables on the stack, oldest first: where each begins, its size, the number of its name. */
  declare private readonly localOffsets: Int32Array;
  declare private readonly localSizes: Int32Array;
  declare private readonly localNames: Int32Array;
  readonly #names: string[] = [];
  readonly #nameNumbers = new Map<string, number>();

  /** Told of each load from a watched word. */
  onWatchedLoad: (addr: Ptr) => void = () => {};

  constructor(machine: Machine, trace: TraceWriter, nameOf?: (addr: Ptr) => string) {
    this.#trace = trace;
    this.#nameOf = nameOf;
    this.size = machine.addresses.heapSize;
    this.start = machine.addresses.pageOffset + machine.addresses.heapStart * 2 ** machine.pageShift;
    this.#stackStart = this.size - STACK_BYTES;
    this.arena = takeArena(this.size);
    const { buffer } = this.arena;
    this.cells = new Int32Array(buffer, 0, CELLS);
    this.cells[STACK_TOP] = this.#stackStart;
    this.cells[STACK_COUNT] = 0;
    this.localOffsets = new Int32Array(buffer, LOCAL_OFFSETS, MOST_LOCALS);
    this.localSizes = new Int32Array(buffer, LOCAL_SIZES, MOST_LOCALS);
    this.localNames = new Int32Array(buffer, LOCAL_NAMES, MOST_LOCALS);
    this.bytes = new Uint8Array(buffer, HEAP, this.size);
    this.shadow = new Uint8Array(buffer, HEAP + this.size, this.size);
    this.shadowWords = new Int32Array(buffer, HEAP + this.size, this.size / 4);
  }

  /** Forgets everything, and leaves its memory to the next heap: this one must not be used again. */
  retire(): void {
    this.#clear(this.#allocations);
    this.popFrame(this.#stackStart);
    this.bytes.fill(0, this.#stackStart);
    leaveArena(this.arena);
  }

  #clear(allocations: readonly Allocation[]): void {
    // Object by object: the no man's land between them was never touched, and there is much more of it.
    for (const { addr, size } of allocations) {
      const offset = addr - this.start;
      this.bytes.fill(0, offset, offset + size);
      this.shadow.fill(RAW, offset, offset + size);
    }
  }

  /** Forgets every object but those kept, which are again as they were when they were kept. */
  reset(): void {
    this.#clear(this.#allocations.slice(this.#kept.count));
    this.bytes.set(this.#kept.bytes, FIRST_OBJECT);
    this.shadow.set(this.#kept.shadow, FIRST_OBJECT);
    this.#top = this.#kept.top;
    this.#allocations.length = this.#kept.count;
    for (const allocation of this.#allocations) allocation.state = 'live';
    this.popFrame(this.#stackStart);
  }

  /** From now on a reset brings back what is here now. */
  keep(): void {
    const last = this.#allocations.findLast(({ size }) => size > 0);
    const end = last === undefined ? FIRST_OBJECT : last.addr - this.start + last.size;
    this.#kept = {
      count: this.#allocations.length,
      top: this.#top,
      bytes: this.bytes.slice(FIRST_OBJECT, end),
      shadow: this.shadow.slice(FIRST_OBJECT, end),
    };
  }

  allocate(request: AllocationRequest): Ptr {
    const { size, name, fromKmalloc = false, align = 16, zeroed = false, contents, table = false } = request;
    const guard = request.guard ?? Math.min(GUARD_MAX, Math.max(GUARD_MIN, size));
    const offset = Math.ceil(this.#top / align) * align;
    const next = Math.ceil((offset + size + guard) / 16) * 16;
    if (!(next <= this.#stackStart)) return 0;
    const isWritten = zeroed || contents !== undefined;
    this.shadow.fill(table ? TABLE : isWritten ? WRITTEN : UNWRITTEN, offset, offset + size);
    if (contents !== undefined) this.bytes.set(contents, offset);
    this.#top = next;
    const addr = this.start + offset;
    this.#allocations.push({ addr, size, name, fromKmalloc, state: 'live' });
    return addr;
  }

  release(addr: Ptr): Allocation {
    const found = this.objectAt(addr);
    if (found === undefined || found.addr !== addr) return this.fault('bad-free', 'none', addr, 0);
    if (found.state === 'freed') return this.fault('double-free', 'none', addr, found.size);
    const offset = addr - this.start;
    this.shadow.fill(RAW, offset, offset + found.size);
    found.state = 'freed';
    return found;
  }

  pushFrame(): number {
    return this.cells[STACK_TOP]!;
  }

  local(size: ByteCount, align: ByteCount, name: string): Ptr {
    const { cells: state } = this;
    const last = (align > 8 ? align : 8) - 1;
    const offset = (state[STACK_TOP]! + STACK_GUARD + last) & ~last;
    const top = offset + ((size + 7) & -8);
    if (top > this.size) return this.fault('out-of-bounds', 'write', this.start + this.size, size);
    state[STACK_TOP] = top;
    this.#mark(UNWRITTEN, offset, size);
    const place = state[STACK_COUNT]!;
    this.localOffsets[place] = offset;
    this.localSizes[place] = size;
    this.localNames[place] = this.numberOfName(name);
    state[STACK_COUNT] = place + 1;
    return this.start + offset;
  }

  /** What stands for a variable's name among what is known of the stack. */
  numberOfName(name: string): number {
    let number = this.#nameNumbers.get(name);
    if (number === undefined) {
      number = this.#names.push(name) - 1;
      this.#nameNumbers.set(name, number);
    }
    return number;
  }

  popFrame(frame: number): void {
    const { cells: state, localOffsets: offsets } = this;
    let count = state[STACK_COUNT]!;
    while (count > 0 && offsets[count - 1]! >= frame) {
      count--;
      this.#mark(RAW, offsets[count]!, this.localSizes[count]!);
    }
    state[STACK_COUNT] = count;
    state[STACK_TOP] = frame;
  }

  forget(addr: Ptr, size: ByteCount): void {
    this.#mark(UNWRITTEN, addr - this.start, size);
  }

  /** Byte by byte where there are few, or four at once, as most variables have: to ask the engine costs more than to do it. */
  #mark(state: number, offset: number, size: ByteCount): void {
    const { shadow } = this;
    const end = offset + size;
    if (size === 4 && (offset & 3) === 0) this.shadowWords[offset >> 2] = 0x01010101 * state;
    else if (size > SMALL) shadow.fill(state, offset, end);
    else for (let at = offset; at < end; at++) shadow[at] = state;
  }

  /**
   * From now on `size` bytes of a live object are a page table. False where no such object is there; a byte that nobody
   * wrote is a fault, for a walker reads all of them.
   */
  becomeTable(addr: Ptr, size: ByteCount): boolean {
    const object = this.objectAt(addr);
    if (object === undefined || object.state === 'freed' || addr + size > object.addr + object.size)
      return false;
    const offset = addr - this.start;
    const unwritten = this.shadow.subarray(offset, offset + size).indexOf(UNWRITTEN);
    if (unwritten !== -1) return this.fault('uninitialised', 'read', addr + unwritten, 1);
    this.shadow.fill(TABLE, offset, offset + size);
    return true;
  }

  /** From now on loads of the 8 bytes at `addr`, which are written, are told. False where they are already. */
  watch(addr: Ptr): boolean {
    const offset = addr - this.start;
    if (this.shadow[offset] === WATCHED) return false;
    this.#mark(WATCHED, offset, 8);
    return true;
  }

  /** The place among words of 4 bytes of what is watched at `addr`; else -1. */
  watchedWord(addr: Ptr): number {
    const offset = addr - this.start;
    const isInside = offset >= 0 && offset < this.size && (offset & 7) === 0;
    return isInside && this.shadowWords[offset >> 2] === WATCHED4 ? offset >> 2 : -1;
  }

  /** The same, where it is about to be loaded. */
  loadWatched(addr: Ptr): number {
    const word = this.watchedWord(addr);
    if (word >= 0) this.onWatchedLoad(addr);
    return word;
  }

  /** Whether it is part of the stack. */
  isLocal(addr: Ptr): boolean {
    return addr >= this.start + this.#stackStart && addr < this.start + this.size;
  }

  objectAt(addr: Ptr): Allocation | undefined {
    if (addr >= this.start + this.#stackStart) return this.#localAt(addr - this.start);
    let low = 0;
    let high = this.#allocations.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#allocations[middle]!.addr <= addr) low = middle + 1;
      else high = middle;
    }
    return this.#allocations[low - 1];
  }

  #localAt(at: number): Allocation | undefined {
    const place = this.localOffsets
      .subarray(0, this.cells[STACK_COUNT])
      .findLastIndex((offset) => offset <= at);
    if (place < 0) return undefined;
    const offset = this.localOffsets[place]!;
    const state = this.shadow[offset] === RAW ? 'freed' : 'live';
    const size = this.localSizes[place]!;
    return {
      addr: this.start + offset,
      size,
      name: this.#names[this.localNames[place]!]!,
      fromKmalloc: false,
      state,
    };
  }

  liveObjects(): readonly Allocation[] {
    return this.#allocations.filter((allocation) => allocation.state === 'live');
  }

  /** The fault of an access to bytes that the shadow calls raw. */
  badAccess(access: 'read' | 'write', addr: Ptr, size: ByteCount): never {
    const object = this.objectAt(addr);
    const inside = object !== undefined && addr < object.addr + object.size;
    const fault = inside && object.state === 'freed' ? 'use-after-free' : 'out-of-bounds';
    return this.fault(fault, access, addr, size);
  }

  /** Ends the running operation, and names the object that `addr` lies in or behind. */
  fault(fault: FaultEvent['fault'], access: FaultEvent['access'], addr: Ptr, size: ByteCount): never {
    const found = this.objectAt(addr);
    const place = this.#nameOf?.(addr) ?? '';
    const event: FaultEvent = {
      kind: 'fault',
      fault,
      access,
      addr,
      size,
      ...(found && { object: { name: found.name, addr: found.addr, size: found.size } }),
      ...(place !== '' && place !== found?.name && { place }),
    };
    this.#trace.emit(event);
    throw new KernelOops(event);
  }
}
