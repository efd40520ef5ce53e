// SPDX-License-Identifier: GPL-2.0-only
import { descriptorFromHalves, type Descriptor } from '../../base/descriptor.ts';
import { fromHalves, highHalf, lowHalf, type U64 } from '../../base/u64.ts';
import type { ByteCount, Pfn, Ptr, VirtAddr } from '../../base/units.ts';
import type { TraceWriter } from '../../trace/events.ts';
import type { Machine } from '../../trace/machine.ts';
import { Heap, RAW, TABLE, UNWRITTEN, WRITTEN, type Allocation, type AllocationRequest } from './heap.ts';
import { SPARSE_PAGE_BYTES as PAGE_BYTES, SparsePages } from './sparse-pages.ts';
import { bytesOf, wordInPage, wordOf } from './words.ts';

/** Where the MMU finds a virtual address: the physical address, or undefined where nothing is mapped. */
export type Translate = (addr: VirtAddr, access: 'read' | 'write') => number | undefined;
/** A store to a page-table entry, after it happened. `addr` is the entry's linear address. */
export type TableStore = (addr: Ptr, before: Descriptor, after: Descriptor) => void;

// Four shadow bytes at once.
const WRITTEN4 = 0x01010101 * WRITTEN;
const TABLE4 = 0x01010101 * TABLE;

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
  readonly #heap: Heap;
  readonly #sparse: SparsePages;
  translate: Translate = () => undefined;
  onTableStore: TableStore = () => undefined;

  constructor(machine: Machine, trace: TraceWriter) {
    this.#machine = machine;
    this.#trace = trace;
    this.#heap = new Heap(machine, trace);
    this.#sparse = new SparsePages(machine);
    // Loads and stores take the straight way to the heap's arrays.
    const { start, size, bytes, shadow } = this.#heap;
    this.heapStart = start;
    this.#size = size;
    this.#bytes = bytes;
    this.#words = new Int32Array(bytes.buffer);
    this.#shadow = shadow;
    this.#shadowWords = new Int32Array(shadow.buffer);
  }

  /** From now on what is in the heap is part of the state at power-on. */
  keep(): void {
    this.#heap.keep();
  }

  /** Forgets every object that was not kept: the state at power-on. */
  reset(): void {
    this.#heap.reset();
    this.#sparse.reset();
  }

  /** Takes an object from the heap; returns 0 when the heap is full. */
  allocate(request: AllocationRequest): Ptr {
    return this.#heap.allocate(request);
  }

  /** Gives an object back; freeing what is not the start of a live object is a fault. */
  release(addr: Ptr): Allocation {
    return this.#heap.release(addr);
  }

  /** Memory of the heap that an entry points to becomes a table; false where there is no object of that size. */
  becomeTable(addr: Ptr, size: ByteCount): boolean {
    return this.#heap.becomeTable(addr, size);
  }

  /** The object that holds `addr`, live or freed, or the nearest one below it. */
  objectAt(addr: Ptr): Allocation | undefined {
    return this.#heap.objectAt(addr);
  }

  /** Every object that is still live, oldest first. */
  liveObjects(): readonly Allocation[] {
    return this.#heap.liveObjects();
  }

  // ── the stack ────────────────────────────────────────────────────────────────────────────────────────────────

  /** Begins a stack frame; give the result to `popFrame()`. */
  pushFrame(): number {
    return this.#heap.pushFrame();
  }

  /** A local variable that lies in memory, in the newest frame. Its bytes are unwritten. */
  local(size: ByteCount, align: ByteCount, name: string): Ptr {
    return this.#heap.local(size, align, name);
  }

  /** The frame's variables are gone; pointers to them dangle. */
  popFrame(frame: number): void {
    this.#heap.popFrame(frame);
  }

  /** The bytes count as never written again: a local's declaration without a value. */
  forget(addr: Ptr, size: ByteCount): void {
    this.#heap.forget(addr, size);
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
    if ((offset & 3) === 0 && this.#isSparse(addr)) return this.#sparse.wordsAt(addr)[wordInPage(addr)]!;
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
    if ((offset & 7) === 0 && this.#isSparse(addr)) {
      const words = this.#sparse.wordsAt(addr);
      const at = wordInPage(addr);
      return fromHalves(words[at + 1]!, words[at]!);
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
    } else if ((offset & 7) === 0 && this.#isSparse(addr)) {
      const words = this.#sparse.wordsAt(addr);
      const at = wordInPage(addr);
      words[at] = low;
      words[at + 1] = high;
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
        if (state === RAW) return this.#heap.badAccess('read', addr, size);
        if (state === UNWRITTEN && !unwrittenAllowed)
          return this.#heap.fault('uninitialised', 'read', addr, size);
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
      if (this.#shadow.subarray(offset, offset + size).includes(RAW))
        return this.#heap.badAccess('write', addr, size);
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
        if (this.#shadow[i] !== TABLE) return this.#heap.badAccess('write', addr, bytes.length);
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
    if (at + size > PAGE_BYTES) return this.#heap.fault('unmapped', access, addr, size);
    if (this.#isSparse(addr)) return use(this.#sparse.at(addr), at);
    const phys = this.translate(addr, access);
    if (phys === undefined) {
      return this.#heap.fault(addr >= 0 && addr < PAGE_BYTES ? 'null' : 'unmapped', access, addr, size);
    }
    this.#trace.emit({ kind: 'access', access, addr, phys });
    const linear = this.#machine.addresses.pageOffset + phys;
    if (access === 'write') {
      const bytes = new Uint8Array(size);
      if (this.#isSparse(linear)) return use(this.#sparse.at(linear), at);
      bytes.set(this.#slowRead(linear, size, true));
      const result = use(bytes, 0);
      this.#slowWrite(linear, bytes);
      return result;
    }
    if (this.#isSparse(linear)) return use(this.#sparse.at(linear), at);
    return use(this.#slowRead(linear, size), 0);
  }

  /** Whether `addr` is memory without a shadow. */
  #isSparse(addr: Ptr): boolean {
    return !(addr >= this.heapStart && addr < this.heapStart + this.#size) && this.#sparse.has(addr);
  }

  /** The frame of a heap address, for tables and their like. */
  pfnOfHeap(addr: Ptr): Pfn {
    return Math.floor((addr - this.#machine.addresses.pageOffset) / 2 ** this.#machine.pageShift);
  }
}
