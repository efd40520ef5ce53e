// SPDX-License-Identifier: GPL-2.0-only
import { descriptorFromHalves, type Descriptor } from '../../base/descriptor.ts';
import { fromHalves, highHalf, lowHalf, type U64 } from '../../base/u64.ts';
import type { ByteCount, Pfn, Ptr, VirtAddr } from '../../base/units.ts';
import type { TraceWriter } from '../../trace/events.ts';
import type { Machine } from '../../trace/machine.ts';
import { ByteAccess, type Mmu, type Translate } from './byte-access.ts';
import { frameUnit } from './entry.ts';
import { Heap, UNWRITTEN, WRITTEN, type Allocation, type AllocationRequest } from './heap.ts';
import { SPARSE_PAGE_BYTES, SparsePages } from './sparse-pages.ts';
import { TABLE4, TableEntries } from './table-entries.ts';
import { bytesOf, byteInPage, unrotated, wordInPage, wordOf } from './words.ts';

// Four shadow bytes at once.
const UNWRITTEN4 = 0x01010101 * UNWRITTEN;
const WRITTEN4 = 0x01010101 * WRITTEN;
/** Eight of them, read as a floating-point number: one question instead of two. */
const WRITTEN8 = new Float64Array(Uint8Array.of(...Array.from({ length: 8 }, () => WRITTEN)).buffer)[0]!;

/**
 * The kernel's memory, byte exact and little endian. Objects (kmalloc, page tables, static data, the stack) lie in one
 * heap, a window of RAM seen through the linear map, with a shadow that knows which bytes may be read and written:
 * what KASAN and KMSAN know. Other RAM and the struct page array are sparse and read as zero until written. Every
 * other address goes through the page tables.
 *
 * Loads and stores are named after C widths; 64-bit values are `U64`, descriptors are rotated (base/descriptor.ts).
 */
export class Memory implements Mmu {
  declare private readonly start: VirtAddr;
  readonly #pageOffset: VirtAddr;
  declare private readonly bytes: Uint8Array;
  /** Named by memory-forms.ts, as the two that follow. */
  declare readonly words: Int32Array;
  declare private readonly shadow: Uint8Array;
  declare readonly shadowWords: Int32Array;
  declare readonly shadowPairs: Float64Array;
  declare private readonly size: ByteCount;
  readonly #pageSize: ByteCount;
  readonly #heap: Heap;
  readonly #sparse: SparsePages;
  readonly #anyBytes: ByteAccess;
  /** Entries of page tables that lie in the heap. */
  declare readonly entries: TableEntries;
  translate: Translate = () => undefined;

  /** @param nameOf what C calls what lies at an address */
  constructor(machine: Machine, trace: TraceWriter, nameOf?: (addr: Ptr) => string) {
    this.#pageOffset = machine.addresses.pageOffset;
    this.#pageSize = 2 ** machine.pageShift;
    this.#heap = new Heap(machine, trace, nameOf);
    this.#sparse = new SparsePages(machine);
    this.entries = new TableEntries(this.#heap, frameUnit(machine));
    this.#anyBytes = new ByteAccess({ machine, trace, heap: this.#heap, sparse: this.#sparse, mmu: this });
    // Loads and stores take the straight way to the heap's arrays.
    const { start, size, bytes, shadow, shadowWords } = this.#heap;
    this.start = start;
    this.size = size;
    this.bytes = bytes;
    this.words = new Int32Array(bytes.buffer, bytes.byteOffset, size / 4);
    this.shadow = shadow;
    this.shadowWords = shadowWords;
    this.shadowPairs = new Float64Array(shadow.buffer, shadow.byteOffset, size / 8);
  }

  /** Its objects, and those of the stack. */
  get heap(): Heap {
    return this.#heap;
  }

  /** From now on what is in the heap is part of the state at power-on. */
  keep(): void {
    this.#heap.keep();
  }

  /** Leaves the heap's memory to the next kernel: this one must not be used again. */
  retire(): void {
    this.entries.close();
    this.#heap.retire();
  }

  /** Writes to all pages of a range of the struct page array, or of RAM outside the heap (`SparsePages.fill`). */
  fillSparse(start: Ptr, end: Ptr, write: (words: Int32Array) => void): void {
    this.#sparse.fill(start, end, write);
  }

  /** Forgets every object that was not kept: the state at power-on. */
  reset(): void {
    this.entries.close();
    this.entries.streak.reset();
    this.#heap.reset();
    this.#sparse.reset();
  }

  /** Takes an object from the heap; returns 0 when the heap is full. */
  allocate(request: AllocationRequest): Ptr {
    return this.#heap.allocate(request);
  }

  /** Gives an object back; freeing what is not the start of a live object is a fault. */
  release(addr: Ptr): Allocation {
    this.entries.close();
    return this.#heap.release(addr);
  }

  /** Memory that an entry points to becomes a table; false where there is neither an object of that size nor a page. */
  becomeTable(addr: Ptr, size: ByteCount): boolean {
    const offset = addr - this.start;
    const isHeap = offset >= 0 && offset < this.size;
    return isHeap ? this.#heap.becomeTable(addr, size) : this.#sparse.setTable(addr, size, true);
  }

  /** Whether `size` bytes that begin a page are RAM outside of the heap that nobody has written to. */
  isUntouched(addr: Ptr, size: ByteCount): boolean {
    if (!this.#sparse.has(addr) || (addr >= this.start && addr < this.start + this.size)) return false;
    for (let at = addr; at < addr + size; at += SPARSE_PAGE_BYTES) {
      if (!this.#sparse.isUntouched(at)) return false;
    }
    return true;
  }

  /** Takes the memory of a table back; false where it is a page, which is for its allocator to take back. */
  releaseTable(addr: Ptr, size: ByteCount): boolean {
    if (!this.#sparse.isTable(addr)) return this.release(addr).size > 0;
    this.#sparse.setTable(addr, size, false);
    return false;
  }

  /** From now on `told` hears of every load of the written 8 bytes at `addr`; all words that are watched have one listener. */
  watch(addr: Ptr, told: (addr: Ptr) => void): void {
    if (this.#heap.watch(addr)) this.#heap.onWatchedLoad = told;
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

  // Whether an address lies in the heap is asked before its arrays are: an index far outside of one is a slow question.

  ld8(addr: Ptr): number {
    const offset = addr - this.start;
    if (offset >= 0 && offset < this.size) {
      if (this.shadow[offset] === WRITTEN) return this.bytes[offset]!;
    } else if (this.#sparse.has(addr)) {
      return this.#sparse.at(addr)[byteInPage(addr)]!;
    }
    return this.#anyBytes.load(addr, 1)[0]!;
  }

  lds8(addr: Ptr): number {
    return (this.ld8(addr) << 24) >> 24;
  }

  ld16(addr: Ptr): number {
    const bytes = this.#anyBytes.load(addr, 2);
    return bytes[0]! | (bytes[1]! << 8);
  }

  lds16(addr: Ptr): number {
    return (this.ld16(addr) << 16) >> 16;
  }

  /** Signed 32 bits. */
  lds32(addr: Ptr): number {
    const offset = addr - this.start;
    if (offset >= 0 && offset < this.size && (offset & 3) === 0) {
      if (this.shadowWords[offset >> 2] === WRITTEN4) return this.words[offset >> 2]!;
    }
    return this.#lds32Elsewhere(addr);
  }

  ld32(addr: Ptr): number {
    return this.lds32(addr) >>> 0;
  }

  ld64(addr: Ptr): U64 {
    const offset = addr - this.start;
    if (offset >= 0 && offset < this.size && (offset & 7) === 0) {
      const word = offset >> 2;
      if (this.shadowPairs[offset >> 3] === WRITTEN8) {
        const words = this.words;
        return fromHalves(words[word + 1]!, words[word]!);
      }
    }
    return this.#ld64Elsewhere(addr);
  }

  /** A pointer: a plain number, rounded where it is no address of any machine here (using it is a fault then). */
  ldPointer(addr: Ptr): Ptr {
    const offset = addr - this.start;
    if (offset >= 0 && offset < this.size && (offset & 7) === 0) {
      if (this.shadowPairs[offset >> 3] === WRITTEN8) {
        const word = offset >> 2;
        return this.words[word + 1]! * 4294967296 + (this.words[word]! >>> 0);
      }
    }
    return Number(this.#ld64Elsewhere(addr));
  }

  /** Not in the heap, not aligned, or not written. */
  #lds32Elsewhere(addr: Ptr): number {
    if ((addr & 3) === 0 && this.#isSparse(addr)) return this.#sparse.wordsAt(addr)[wordInPage(addr)]!;
    return wordOf(this.#anyBytes.load(addr, 4), 0);
  }

  #ld64Elsewhere(addr: Ptr): U64 {
    const word = this.#heap.loadWatched(addr);
    if (word >= 0) return fromHalves(this.words[word + 1]!, this.words[word]!);
    if ((addr & 7) === 0 && this.#isSparse(addr)) {
      const words = this.#sparse.wordsAt(addr);
      const at = wordInPage(addr);
      return fromHalves(words[at + 1]!, words[at]!);
    }
    const bytes = this.#anyBytes.load(addr, 8);
    return fromHalves(wordOf(bytes, 4), wordOf(bytes, 0));
  }

  /** The heap lies in the linear map too, but is not sparse. */
  #isSparse(addr: Ptr): boolean {
    return !(addr >= this.start && addr < this.start + this.size) && this.#sparse.has(addr);
  }

  /** A page-table entry or protection, rotated. */
  ldDescriptor(addr: Ptr): Descriptor {
    const entry = this.entries.at(addr);
    return entry === entry ? entry : this.#ldDescriptorElsewhere(addr);
  }

  /** In no table of the heap, or beyond ±2^53. */
  #ldDescriptorElsewhere(addr: Ptr): Descriptor {
    const offset = addr - this.start;
    if (offset >= 0 && offset < this.size && (offset & 7) === 0) {
      const word = offset >> 2;
      const state = this.shadowWords[word];
      if (state === TABLE4 || this.shadowPairs[offset >> 3] === WRITTEN8) {
        return descriptorFromHalves(this.words[word + 1]!, this.words[word]!);
      }
    }
    const bytes = this.#anyBytes.load(addr, 8);
    return descriptorFromHalves(wordOf(bytes, 4), wordOf(bytes, 0));
  }

  // ── stores ───────────────────────────────────────────────────────────────────────────────────────────────────

  st8(addr: Ptr, value: number): void {
    const offset = addr - this.start;
    if (offset >= 0 && offset < this.size && this.shadow[offset] === WRITTEN) this.bytes[offset] = value;
    else this.#anyBytes.store(addr, Uint8Array.of(value));
  }

  st16(addr: Ptr, value: number): void {
    this.#anyBytes.store(addr, Uint8Array.of(value, value >>> 8));
  }

  st32(addr: Ptr, value: number): void {
    const offset = addr - this.start;
    if (offset >= 0 && offset < this.size && (offset & 3) === 0) {
      if (this.shadowWords[offset >> 2] === WRITTEN4) {
        this.words[offset >> 2] = value;
        return;
      }
    }
    this.#st32Elsewhere(addr, value);
  }

  st64(addr: Ptr, value: U64): void {
    const offset = addr - this.start;
    const low = lowHalf(value);
    const high = highHalf(value);
    if (offset >= 0 && offset < this.size && (offset & 7) === 0) {
      if (this.shadowPairs[offset >> 3] === WRITTEN8) {
        const word = offset >> 2;
        this.words[word] = low;
        this.words[word + 1] = high;
        return;
      }
    }
    this.#st64Elsewhere(addr, high, low);
  }

  /** Not in the heap, not aligned, or never written before. */
  #st32Elsewhere(addr: Ptr, value: number): void {
    const offset = addr - this.start;
    if (offset >= 0 && offset < this.size && (offset & 3) === 0 && this.#takesWord(offset >> 2)) {
      this.shadowWords[offset >> 2] = WRITTEN4;
      this.words[offset >> 2] = value;
    } else {
      this.#anyBytes.store(addr, Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24));
    }
  }

  #st64Elsewhere(addr: Ptr, high: number, low: number): void {
    const offset = addr - this.start;
    if (offset >= 0 && offset < this.size) {
      const word = offset >> 2;
      const isWatched = this.#heap.watchedWord(addr) === word;
      if (isWatched || ((offset & 7) === 0 && this.#takesWord(word) && this.#takesWord(word + 1))) {
        if (!isWatched) {
          this.shadowWords[word] = WRITTEN4;
          this.shadowWords[word + 1] = WRITTEN4;
        }
        this.words[word] = low;
        this.words[word + 1] = high;
        return;
      }
    } else if ((offset & 7) === 0 && this.#sparse.has(addr) && !this.#sparse.isTable(addr)) {
      const words = this.#sparse.wordsAt(addr);
      const at = wordInPage(addr);
      words[at] = low;
      words[at + 1] = high;
      return;
    }
    this.#anyBytes.store(addr, bytesOf(high, low));
  }

  /** Four bytes of an object, none of them of a page table. */
  #takesWord(word: number): boolean {
    const state = this.shadowWords[word];
    return state === WRITTEN4 || state === UNWRITTEN4;
  }

  stDescriptor(addr: Ptr, value: Descriptor): void {
    if (this.entries.set(addr, value)) return;
    const low = lowHalf(value);
    const high = highHalf(value);
    this.#anyBytes.store(addr, bytesOf(unrotated(high, low), unrotated(low, high)));
  }

  // ── blocks of memory ─────────────────────────────────────────────────────────────────────────────────────────

  /** Sets `size` bytes to `value`. */
  fill(addr: Ptr, value: number, size: ByteCount): void {
    this.#anyBytes.fill(addr, value, size);
  }

  /** Copies bytes; reading bytes that were never written is no fault here, using them later is. */
  copy(to: Ptr, from: Ptr, size: ByteCount): void {
    this.#anyBytes.copy(to, from, size);
  }

  /** A NUL-terminated string, at most 4096 bytes of it. */
  string(addr: Ptr): string {
    const bytes: number[] = [];
    for (let i = 0; i < 4096; i++) {
      const byte = this.ld8(addr + i);
      if (byte === 0) break;
      bytes.push(byte);
    }
    return new TextDecoder().decode(Uint8Array.from(bytes));
  }

  /** `size` bytes as they are. */
  read(addr: Ptr, size: ByteCount): Uint8Array {
    return this.#anyBytes.loadRange(addr, size, false);
  }

  /** The same, where some bytes may never have been written (a bit-field's neighbours). */
  readAnyway(addr: Ptr, size: ByteCount): Uint8Array {
    return this.#anyBytes.loadRange(addr, size, true);
  }

  write(addr: Ptr, bytes: Uint8Array): void {
    this.#anyBytes.storeRange(addr, bytes);
  }

  /** The frame of a heap address, for tables and their like. */
  pfnOfHeap(addr: Ptr): Pfn {
    return Math.floor((addr - this.#pageOffset) / this.#pageSize);
  }
}
