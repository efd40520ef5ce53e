// SPDX-License-Identifier: GPL-2.0-only
import { DESCRIPTOR_ROTATION as ROTATION, type Descriptor } from '../../base/descriptor.ts';
import { cells } from '../../base/hot-layout.ts';
import { highHalf, lowHalf } from '../../base/u64.ts';
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { StoreRows } from '../../trace/store-writer.ts';
import { TABLE, type Heap } from './heap.ts';
import { StoreStreak } from './store-streak.ts';

/**
 * A store to a page-table entry, after it happened: the entry's linear address, and the 32-bit halves of what stood there
 * and of what stands there now.
 */
export type TableStore = (
  addr: Ptr,
  highBefore: number,
  lowBefore: number,
  high: number,
  low: number,
) => void;

/** The table that was stored to last, for the stores that follow: what is true of all of them. */
export interface OpenTable {
  readonly start: Ptr;
  readonly size: ByteCount;
  /** Who stores. */
  readonly cpu: number;
  /** Where its stores are noted, and as what. */
  readonly rows: StoreRows;
  readonly place: number;
  /** The lower half of an entry that links another table: the bits that tell, and what they are. */
  readonly linkMask: number;
  readonly linkBits: number;
}

const CLOSED: OpenTable & { readonly word: number } = {
  start: 0,
  size: 0,
  cpu: 0,
  rows: { add: () => undefined, streak: undefined, settle: () => undefined },
  place: 0,
  linkMask: 0,
  linkBits: 0,
  word: 0,
};

/** Of this file, so that the engine knows what it is. */
const NO_ENTRY = Number.NaN;

/** What the shadow says of half an entry: four of its bytes at once. */
export const TABLE4 = 0x01010101 * TABLE;

/**
 * Entries of page tables in the heap, one at a time: the straight way, which is all that most runs need. A run is hardly
 * more than these two methods, so they ask each thing once, and call nothing but who is told.
 */
export class TableEntries {
  /** Told of each store. */
  onStore: TableStore = () => undefined;
  /** `word`: where its first entry is among the heap's words. */
  #open = CLOSED;
  declare private readonly start: VirtAddr;
  declare private readonly size: ByteCount;
  declare private readonly words: Int32Array;
  declare private readonly shadowWords: Int32Array;
  /** Stores that go on from the last one. */
  declare readonly streak: StoreStreak;
  /** What hot code knows of the open table (base/hot-layout.ts). */
  readonly #cells: Int32Array;

  constructor({ arena, start, size, bytes, shadowWords }: Heap, frameUnit: number) {
    this.start = start;
    this.size = size;
    this.words = new Int32Array(bytes.buffer, bytes.byteOffset, size / 4);
    this.shadowWords = shadowWords;
    this.streak = new StoreStreak(this.words, frameUnit, arena.buffer);
    this.#cells = new Int32Array(arena.buffer, 0, cells.arguments / 4);
    this.#cells[cells.openSize / 4] = 0;
  }

  /** The entry at an address, where it is a plain number and not negative; else NaN. Numbers stand in the code as in `setAgain()`. */
  at(addr: Ptr): number {
    const offset = addr - this.start;
    // Whether an address lies in the heap is asked before its arrays are: an index far outside of one is a slow question.
    if (offset >= 0 && offset < this.size && (offset & 7) === 0) {
      const word = offset >> 2;
      if (this.shadowWords[word] === 50529027) {
        const words = this.words;
        const low = words[word]!;
        const high = words[word + 1]!;
        if ((low | high) === 0) return 0;
        const rotatedHigh = (high << 14) | (low >>> 18);
        if (rotatedHigh >>> 21 === 0) return rotatedHigh * 4294967296 + (((low << 14) | (high >>> 18)) >>> 0);
      }
    }
    return NO_ENTRY;
  }

  /** From now on `setAgain()` stores to that table, if it lies in the heap. */
  open({ start, size, cpu, rows, place, linkMask, linkBits }: OpenTable): void {
    if (start < this.start || start >= this.start + this.size) return this.close();
    const word = ((start - this.start) / 4) | 0;
    this.#open = { start, size, cpu, rows, place, linkMask, linkBits, word };
    const state = this.#cells;
    state[cells.openSize / 4] = size;
    state[cells.openAt / 4] = word * 4;
    state[cells.openPlace / 4] = place;
    state[cells.openCpu / 4] = cpu;
    state[cells.openLinkMask / 4] = linkMask;
    state[cells.openLinkBits / 4] = linkBits;
    state[cells.openStart / 4] = start;
    state[cells.openStart / 4 + 1] = Math.floor(start / 4294967296);
  }

  /** Something changed that is told of the open table. */
  close(): void {
    this.settle();
    this.#open = CLOSED;
    this.#cells[cells.openSize / 4] = 0;
  }

  /** Something is about to be stored to a table in another way than by these methods. */
  settle(): void {
    this.#open.rows.settle();
  }

  /**
   * Stores an entry of the open table, and notes it; false where it is no such entry, or more is to be done than that, and
   * nothing happened. The numbers stand in the code as they are: who calls this should be able to take it in.
   */
  setAgain(cpu: number, addr: Ptr, entry: Descriptor): boolean {
    const open = this.#open;
    const offset = addr - open.start;
    if (!(offset >= 0 && offset < open.size) || (offset & 7) !== 0) return false;
    if (open.cpu !== cpu || typeof entry !== 'number') return false;
    const words = this.words;
    const word = open.word + (offset >> 2);
    const lowBefore = words[word]!;
    const rotatedHigh = Math.floor(entry / 4294967296);
    const low = (entry >>> 14) | (rotatedHigh << 18);
    if ((low & open.linkMask) === open.linkBits || (lowBefore & open.linkMask) === open.linkBits)
      return false;
    const high = (rotatedHigh >>> 14) | (entry << 18);
    const highBefore = words[word + 1]!;
    open.rows.add(open.place, offset >> 3, lowBefore, highBefore, low, high);
    words[word] = low;
    words[word + 1] = high;
    if ((lowBefore | highBefore) === 0 && entry > 0) {
      this.streak.begin(cpu, addr, entry, word, open.size - offset);
      open.rows.streak = this.streak;
    }
    return true;
  }

  /** Stores an entry; false where the address is in no table of the heap, and nothing happened. */
  set(addr: Ptr, value: Descriptor): boolean {
    return typeof value === 'number'
      ? this.#set(addr, value, Math.floor(value / 4294967296))
      : this.#set(addr, lowHalf(value), highHalf(value));
  }

  /** @param low, high - halves of the rotated entry; bits beyond them do not count */
  #set(addr: Ptr, rotatedLow: number, rotatedHigh: number): boolean {
    const offset = addr - this.start;
    if (!(offset >= 0 && offset < this.size) || (offset & 7) !== 0) return false;
    const word = offset >> 2;
    if (this.shadowWords[word] !== TABLE4) return false;
    const words = this.words;
    const low = (rotatedLow >>> ROTATION) | (rotatedHigh << (32 - ROTATION));
    const high = (rotatedHigh >>> ROTATION) | (rotatedLow << (32 - ROTATION));
    const lowBefore = words[word]!;
    const highBefore = words[word + 1]!;
    this.settle();
    words[word] = low;
    words[word + 1] = high;
    this.onStore(addr, highBefore, lowBefore, high, low);
    return true;
  }
}
