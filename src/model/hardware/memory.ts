// SPDX-License-Identifier: GPL-2.0-only
import { descriptorFromHalves, type Descriptor } from '../../base/descriptor.ts';
import { fromHalves, highHalf, lowHalf, type U64 } from '../../base/u64.ts';
import type { ByteCount, Pfn, Ptr, VirtAddr } from '../../base/units.ts';
import type { AccessEvent, FaultEvent, TraceWriter } from '../../trace/events.ts';
import type { Machine } from '../../trace/machine.ts';

/** The running operation ends here: the kernel would have oopsed, or a sanitizer reported. */
export class KernelOops extends Error {
  override readonly name = 'KernelOops';
  readonly event: FaultEvent;
  constructor(event: FaultEvent) {
    super(`${event.fault} ${event.access} of ${event.size} bytes`);
    this.event = event;
  }
}

/** One object in the kernel's heap. Addresses are never reused, so a stale pointer is always recognised. */
export interface Allocation {
  readonly addr: Ptr;
  readonly size: ByteCount;
  readonly name: string;
  state: 'live' | 'freed';
}

export interface AllocationRequest {
  readonly size: ByteCount;
  readonly name: string;
  /** Power of two; 16 unless told. */
  readonly align?: ByteCount;
  /** Contents start as zeroes and count as initialised. */
  readonly zeroed?: boolean;
  /** Bytes of no man's land behind the object; as large as the object unless told, within [64, 1 MiB]. */
  readonly guard?: ByteCount;
  /** The object is a page table: stores go through `onTableStore`. */
  readonly table?: boolean;
}

/** Where the MMU finds a virtual address: the physical address, or undefined where nothing is mapped. */
export type Translate = (addr: VirtAddr, access: 'read' | 'write') => number | undefined;
/** A store to a page-table entry, after it happened. `addr` is the entry's linear address. */
export type TableStore = (addr: Ptr, before: Descriptor, after: Descriptor) => void;

// One shadow byte for a byte of heap.
const RAW = 0; // outside every object, or freed
const UNWRITTEN = 1; // inside a live object, never written
const WRITTEN = 2;
const TABLE = 3; // inside a page table, always initialised
const WRITTEN4 = 0x02020202;
const TABLE4 = 0x03030303;

const GUARD_MIN = 64;
const GUARD_MAX = 1 << 20;
const PAGE_BYTES = 4096;
const STACK_BYTES = 1 << 20;
const STACK_GUARD = 32;

/**
 * The kernel's memory, byte exact and little endian. Objects (kmalloc, page tables, static data, the stack) lie in one
 * heap, a window of RAM seen through the linear map, with a shadow that knows which bytes may be read and written:
 * what KASAN and KMSAN know. Other RAM and the struct page array are sparse and read as zero until written. Every
 * other address goes through the page tables.
 *
 * Loads and stores are named after C widths; 64-bit values are `U64`, descriptors are rotated (base/descriptor.ts).
 */
export class Memory {
  /** Linear address of the heap's first byte. */
  readonly heapStart: VirtAddr;
  readonly #machine: Machine;
  readonly #trace: TraceWriter;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #shadow: Uint8Array;
  readonly #shadowWords: Int32Array;
  readonly #size: ByteCount;
  /** Offset of the first byte that no object has had. */
  #top = PAGE_BYTES;
  #allocations: Allocation[] = [];
  #sparse = new Map<number, Uint8Array>();
  /** The stack is the end of the heap and grows upwards, one guarded object a variable. */
  readonly #stackStart: number;
  #stackTop: number;
  readonly #locals: Allocation[] = [];
  translate: Translate = () => undefined;
  onTableStore: TableStore = () => undefined;

  constructor(machine: Machine, trace: TraceWriter) {
    this.#machine = machine;
    this.#trace = trace;
    this.#size = machine.addresses.heapSize;
    this.heapStart = machine.addresses.pageOffset + machine.addresses.heapStart * 2 ** machine.pageShift;
    this.#stackStart = this.#size - STACK_BYTES;
    this.#stackTop = this.#stackStart;
    const bytes = new ArrayBuffer(this.#size);
    const shadow = new ArrayBuffer(this.#size);
    this.#bytes = new Uint8Array(bytes);
    this.#words = new Int32Array(bytes);
    this.#shadow = new Uint8Array(shadow);
    this.#shadowWords = new Int32Array(shadow);
  }

  /** Forgets every object: the state at power-on. */
  reset(): void {
    // Object by object: the no man's land between them was never touched, and there is much more of it.
    for (const { addr, size } of this.#allocations) {
      const offset = addr - this.heapStart;
      this.#bytes.fill(0, offset, offset + size);
      this.#shadow.fill(RAW, offset, offset + size);
    }
    this.#top = PAGE_BYTES;
    this.#allocations = [];
    this.#sparse.clear();
    this.popFrame(this.#stackStart);
  }

  /** Takes an object from the heap; returns 0 when the heap is full. */
  allocate(request: AllocationRequest): Ptr {
    const { size, name, align = 16, zeroed = false, table = false } = request;
    const guard = request.guard ?? Math.min(GUARD_MAX, Math.max(GUARD_MIN, size));
    const offset = Math.ceil(this.#top / align) * align;
    const next = Math.ceil((offset + size + guard) / 16) * 16;
    if (!(next <= this.#stackStart)) return 0;
    this.#shadow.fill(table ? TABLE : zeroed ? WRITTEN : UNWRITTEN, offset, offset + size);
    this.#top = next;
    const addr = this.heapStart + offset;
    this.#allocations.push({ addr, size, name, state: 'live' });
    return addr;
  }

  /** Gives an object back; freeing what is not the start of a live object is a fault. */
  release(addr: Ptr): Allocation {
    const found = this.objectAt(addr);
    if (found === undefined || found.addr !== addr) return this.#fault('bad-free', 'none', addr, 0);
    if (found.state === 'freed') return this.#fault('double-free', 'none', addr, found.size);
    const offset = addr - this.heapStart;
    this.#shadow.fill(RAW, offset, offset + found.size);
    found.state = 'freed';
    return found;
  }

  // ── the stack ────────────────────────────────────────────────────────────────────────────────────────────────

  /** Begins a stack frame; give the result to `popFrame()`. */
  pushFrame(): number {
    return this.#stackTop;
  }

  /** A local variable that lies in memory, in the newest frame. Its bytes are unwritten. */
  local(size: ByteCount, align: ByteCount, name: string): Ptr {
    const offset = Math.ceil((this.#stackTop + STACK_GUARD) / Math.max(align, 8)) * Math.max(align, 8);
    const top = offset + Math.ceil(size / 8) * 8;
    if (top > this.#size) return this.#fault('out-of-bounds', 'write', this.heapStart + this.#size, size);
    this.#stackTop = top;
    this.#shadow.fill(UNWRITTEN, offset, offset + size);
    const addr = this.heapStart + offset;
    this.#locals.push({ addr, size, name, state: 'live' });
    return addr;
  }

  /** The frame's variables are gone; pointers to them dangle. */
  popFrame(frame: number): void {
    this.#shadow.fill(RAW, frame, this.#stackTop);
    this.#stackTop = frame;
    while (this.#locals.length > 0 && this.#locals.at(-1)!.addr >= this.heapStart + frame) this.#locals.pop();
  }

  /** The bytes count as never written again: a local's declaration without a value. */
  forget(addr: Ptr, size: ByteCount): void {
    const offset = addr - this.heapStart;
    this.#shadow.fill(UNWRITTEN, offset, offset + size);
  }

  /** The object that holds `addr`, live or freed, or the nearest one below it. */
  objectAt(addr: Ptr): Allocation | undefined {
    if (addr >= this.heapStart + this.#stackStart)
      return this.#locals.findLast((local) => local.addr <= addr);
    let low = 0;
    let high = this.#allocations.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#allocations[middle]!.addr <= addr) low = middle + 1;
      else high = middle;
    }
    return this.#allocations[low - 1];
  }

  /** Every object that is still live, oldest first. */
  liveObjects(): readonly Allocation[] {
    return this.#allocations.filter((allocation) => allocation.state === 'live');
  }

  // ── loads ────────────────────────────────────────────────────────────────────────────────────────────────────

  ld8(addr: Ptr): number {
    const offset = addr - this.heapStart;
    if (this.#shadow[offset] === WRITTEN) return this.#bytes[offset]!;
    return this.#slowRead(addr, 1)[0]!;
  }

  lds8(addr: Ptr): number {
    return (this.ld8(addr) << 24) >> 24;
  }

  ld16(addr: Ptr): number {
    const bytes = this.#slowRead(addr, 2);
    return bytes[0]! | (bytes[1]! << 8);
  }

  lds16(addr: Ptr): number {
    return (this.ld16(addr) << 16) >> 16;
  }

  /** Signed 32 bits. */
  lds32(addr: Ptr): number {
    const offset = addr - this.heapStart;
    if ((offset & 3) === 0 && this.#shadowWords[offset / 4] === WRITTEN4) return this.#words[offset / 4]!;
    const bytes = this.#slowRead(addr, 4);
    return bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24);
  }

  ld32(addr: Ptr): number {
    return this.lds32(addr) >>> 0;
  }

  ld64(addr: Ptr): U64 {
    const offset = addr - this.heapStart;
    const word = offset / 4;
    if (
      (offset & 7) === 0 &&
      this.#shadowWords[word] === WRITTEN4 &&
      this.#shadowWords[word + 1] === WRITTEN4
    ) {
      return fromHalves(this.#words[word + 1]!, this.#words[word]!);
    }
    const bytes = this.#slowRead(addr, 8);
    return fromHalves(wordOf(bytes, 4), wordOf(bytes, 0));
  }

  /** A page-table entry or protection, rotated. */
  ldDescriptor(addr: Ptr): Descriptor {
    const offset = addr - this.heapStart;
    const word = offset / 4;
    const state = this.#shadowWords[word];
    if (
      (offset & 7) === 0 &&
      (state === TABLE4 || (state === WRITTEN4 && this.#shadowWords[word + 1] === WRITTEN4))
    ) {
      return descriptorFromHalves(this.#words[word + 1]!, this.#words[word]!);
    }
    const bytes = this.#slowRead(addr, 8);
    return descriptorFromHalves(wordOf(bytes, 4), wordOf(bytes, 0));
  }

  // ── stores ───────────────────────────────────────────────────────────────────────────────────────────────────

  st8(addr: Ptr, value: number): void {
    const offset = addr - this.heapStart;
    if (this.#shadow[offset] === WRITTEN) this.#bytes[offset] = value;
    else this.#slowWrite(addr, Uint8Array.of(value));
  }

  st16(addr: Ptr, value: number): void {
    this.#slowWrite(addr, Uint8Array.of(value, value >>> 8));
  }

  st32(addr: Ptr, value: number): void {
    const offset = addr - this.heapStart;
    if ((offset & 3) === 0 && this.#shadowWords[offset / 4] === WRITTEN4) this.#words[offset / 4] = value;
    else this.#slowWrite(addr, Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24));
  }

  st64(addr: Ptr, value: U64): void {
    const offset = addr - this.heapStart;
    const word = offset / 4;
    const low = lowHalf(value);
    const high = highHalf(value);
    if (
      (offset & 7) === 0 &&
      this.#shadowWords[word] === WRITTEN4 &&
      this.#shadowWords[word + 1] === WRITTEN4
    ) {
      this.#words[word] = low;
      this.#words[word + 1] = high;
    } else {
      this.#slowWrite(addr, bytesOf(high, low));
    }
  }

  stDescriptor(addr: Ptr, value: Descriptor): void {
    const offset = addr - this.heapStart;
    const word = offset / 4;
    const rotatedLow = lowHalf(value);
    const rotatedHigh = highHalf(value);
    const low = (rotatedLow >>> 14) | (rotatedHigh << 18);
    const high = (rotatedHigh >>> 14) | (rotatedLow << 18);
    if ((offset & 7) === 0 && this.#shadowWords[word] === TABLE4) {
      const before = descriptorFromHalves(this.#words[word + 1]!, this.#words[word]!);
      this.#words[word] = low;
      this.#words[word + 1] = high;
      this.onTableStore(addr, before, value);
    } else {
      this.#slowWrite(addr, bytesOf(high, low));
    }
  }

  // ── blocks of memory ─────────────────────────────────────────────────────────────────────────────────────────

  /** Sets `size` bytes to `value`. */
  fill(addr: Ptr, value: number, size: ByteCount): void {
    this.#forEachPiece(addr, size, (piece, length) => {
      this.#slowWrite(piece, new Uint8Array(length).fill(value));
    });
  }

  /** Copies bytes; reading bytes that were never written is no fault here, using them later is. */
  copy(to: Ptr, from: Ptr, size: ByteCount): void {
    if (size === 0) return;
    const bytes = this.#readRange(from, size, true);
    const states = this.#shadowRange(from, size);
    this.#writeRange(to, bytes);
    if (states === undefined) return;
    const offset = to - this.heapStart;
    for (let i = 0; i < size; i++) {
      if (states[i] === UNWRITTEN && this.#shadow[offset + i] === WRITTEN)
        this.#shadow[offset + i] = UNWRITTEN;
    }
  }

  /** A NUL-terminated string, at most 4096 bytes of it. */
  string(addr: Ptr): string {
    let text = '';
    for (let i = 0; i < 4096; i++) {
      const byte = this.ld8(addr + i);
      if (byte === 0) break;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** `size` bytes as they are. */
  read(addr: Ptr, size: ByteCount): Uint8Array {
    return this.#readRange(addr, size, false);
  }

  /** The same, where some bytes may never have been written (a bit-field's neighbours). */
  readAnyway(addr: Ptr, size: ByteCount): Uint8Array {
    return this.#readRange(addr, size, true);
  }

  write(addr: Ptr, bytes: Uint8Array): void {
    this.#writeRange(addr, bytes);
  }

  // ── everything that is not the straight way ──────────────────────────────────────────────────────────────────

  #forEachPiece(addr: Ptr, size: ByteCount, visit: (piece: Ptr, length: number) => void): void {
    for (let done = 0; done < size;) {
      const length = Math.min(
        size - done,
        PAGE_BYTES - ((((addr + done) % PAGE_BYTES) + PAGE_BYTES) % PAGE_BYTES),
      );
      visit(addr + done, length);
      done += length;
    }
  }

  #readRange(addr: Ptr, size: ByteCount, unwrittenAllowed: boolean): Uint8Array {
    const result = new Uint8Array(size);
    this.#forEachPiece(addr, size, (piece, length) => {
      result.set(this.#slowRead(piece, length, unwrittenAllowed), piece - addr);
    });
    return result;
  }

  #writeRange(addr: Ptr, bytes: Uint8Array): void {
    this.#forEachPiece(addr, bytes.length, (piece, length) => {
      this.#slowWrite(piece, bytes.subarray(piece - addr, piece - addr + length));
    });
  }

  #shadowRange(addr: Ptr, size: ByteCount): Uint8Array | undefined {
    const offset = addr - this.heapStart;
    return offset >= 0 && offset + size <= this.#size ? this.#shadow.slice(offset, offset + size) : undefined;
  }

  #slowRead(addr: Ptr, size: ByteCount, unwrittenAllowed = false): Uint8Array {
    const offset = addr - this.heapStart;
    if (offset >= 0 && offset + size <= this.#size) {
      for (let i = 0; i < size; i++) {
        const state = this.#shadow[offset + i];
        if (state === RAW) return this.#badAccess('read', addr, size);
        if (state === UNWRITTEN && !unwrittenAllowed) return this.#fault('uninitialised', 'read', addr, size);
      }
      return this.#bytes.subarray(offset, offset + size);
    }
    return this.#outside(addr, size, 'read', (bytes, at) => bytes.subarray(at, at + size));
  }

  #slowWrite(addr: Ptr, bytes: Uint8Array): void {
    const offset = addr - this.heapStart;
    const size = bytes.length;
    if (offset >= 0 && offset + size <= this.#size) {
      if (this.#shadow[offset] === TABLE) return this.#writeTable(addr, bytes);
      for (let i = 0; i < size; i++) {
        if (this.#shadow[offset + i] === RAW) return this.#badAccess('write', addr, size);
      }
      this.#bytes.set(bytes, offset);
      this.#shadow.fill(WRITTEN, offset, offset + size);
      return undefined;
    }
    return this.#outside(addr, size, 'write', (page, at) => page.set(bytes, at));
  }

  /** Stores into a page table, entry by entry, whatever width the C code used. */
  #writeTable(addr: Ptr, bytes: Uint8Array): void {
    const start = addr - this.heapStart;
    for (let entry = Math.floor(start / 8) * 8; entry < start + bytes.length; entry += 8) {
      const word = entry / 4;
      const before = descriptorFromHalves(this.#words[word + 1]!, this.#words[word]!);
      for (let i = Math.max(entry, start); i < Math.min(entry + 8, start + bytes.length); i++) {
        if (this.#shadow[i] !== TABLE) return this.#badAccess('write', addr, bytes.length);
        this.#bytes[i] = bytes[i - start]!;
      }
      const after = descriptorFromHalves(this.#words[word + 1]!, this.#words[word]!);
      if (before !== after) this.onTableStore(this.heapStart + entry, before, after);
    }
  }

  #outside<T>(
    addr: Ptr,
    size: ByteCount,
    access: 'read' | 'write',
    use: (page: Uint8Array, at: number) => T,
  ): T {
    const at = ((addr % PAGE_BYTES) + PAGE_BYTES) % PAGE_BYTES;
    if (at + size > PAGE_BYTES) return this.#fault('unmapped', access, addr, size);
    if (this.#isDirect(addr)) return use(this.#sparsePage((addr - at) / PAGE_BYTES), at);
    const phys = this.translate(addr, access);
    if (phys === undefined) {
      return this.#fault(addr >= 0 && addr < PAGE_BYTES ? 'null' : 'unmapped', access, addr, size);
    }
    const event: AccessEvent = { kind: 'access', access, addr, phys };
    this.#trace.emit(event);
    const linear = this.#machine.addresses.pageOffset + phys;
    if (access === 'write') {
      const bytes = new Uint8Array(size);
      if (this.#isDirect(linear)) return use(this.#sparsePage(Math.floor(linear / PAGE_BYTES)), at);
      bytes.set(this.#slowRead(linear, size, true));
      const result = use(bytes, 0);
      this.#slowWrite(linear, bytes);
      return result;
    }
    if (this.#isDirect(linear)) return use(this.#sparsePage(Math.floor(linear / PAGE_BYTES)), at);
    return use(this.#slowRead(linear, size), 0);
  }

  /** Linear map of RAM outside the heap, or the struct page array. */
  #isDirect(addr: Ptr): boolean {
    const { pageOffset, ramStart, ramPages, vmemmapStart } = this.#machine.addresses;
    const pfn = (addr - pageOffset) / 2 ** this.#machine.pageShift;
    if (pfn >= ramStart && pfn < ramStart + ramPages)
      return addr < this.heapStart || addr >= this.heapStart + this.#size;
    const page = (addr - vmemmapStart) / STRUCT_PAGE_BYTES;
    return page >= ramStart && page < ramStart + ramPages;
  }

  #sparsePage(number: number): Uint8Array {
    let page = this.#sparse.get(number);
    if (page === undefined) {
      page = new Uint8Array(PAGE_BYTES);
      this.#sparse.set(number, page);
    }
    return page;
  }

  #badAccess(access: 'read' | 'write', addr: Ptr, size: ByteCount): never {
    const object = this.objectAt(addr);
    const inside = object !== undefined && addr < object.addr + object.size;
    return this.#fault(
      inside && object.state === 'freed' ? 'use-after-free' : 'out-of-bounds',
      access,
      addr,
      size,
    );
  }

  #fault(fault: FaultEvent['fault'], access: FaultEvent['access'], addr: Ptr, size: ByteCount): never {
    const found = this.objectAt(addr);
    const event: FaultEvent = {
      kind: 'fault',
      fault,
      access,
      addr,
      size,
      ...(found && { object: { name: found.name, addr: found.addr, size: found.size } }),
    };
    this.#trace.emit(event);
    throw new KernelOops(event);
  }

  /** The frame of a heap address, for tables and their like. */
  pfnOfHeap(addr: Ptr): Pfn {
    return Math.floor((addr - this.#machine.addresses.pageOffset) / 2 ** this.#machine.pageShift);
  }
}

/** sizeof(struct page) on 64-bit kernels without extra debugging fields. */
export const STRUCT_PAGE_BYTES = 64;

function wordOf(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

function bytesOf(high: number, low: number): Uint8Array {
  return Uint8Array.of(low, low >>> 8, low >>> 16, low >>> 24, high, high >>> 8, high >>> 16, high >>> 24);
}
