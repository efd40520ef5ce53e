// SPDX-License-Identifier: GPL-2.0-only
import { DESCRIPTOR_ROTATION as ROTATION, type Descriptor } from '../../base/descriptor.ts';
import { highHalf, lowHalf } from '../../base/u64.ts';
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';
import { TABLE, type Heap } from './heap.ts';

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

/** What the shadow says of half an entry: four of its bytes at once. */
export const TABLE4 = 0x01010101 * TABLE;

/**
 * Entries of page tables in the heap, one at a time: the straight way, which is all that most runs need. A run is hardly
 * more than these two methods, so they ask each thing once, and call nothing but who is told.
 */
export class TableEntries {
  /** Told of each store. */
  onStore: TableStore = () => undefined;
  readonly #start: VirtAddr;
  readonly #size: ByteCount;
  readonly #words: Int32Array;
  readonly #shadowWords: Int32Array;

  constructor({ start, size, bytes, shadow }: Heap) {
    this.#start = start;
    this.#size = size;
    this.#words = new Int32Array(bytes.buffer);
    this.#shadowWords = new Int32Array(shadow.buffer);
  }

  /** The entry at an address, where it is a plain number (the greatest and least of them aside); else NaN. */
  at(addr: Ptr): number {
    const offset = addr - this.#start;
    // Whether an address lies in the heap is asked before its arrays are: an index far outside of one is a slow question.
    if (offset >= 0 && offset < this.#size && (offset & 7) === 0) {
      const word = offset >> 2;
      if (this.#shadowWords[word] === TABLE4) {
        const low = this.#words[word]!;
        const high = this.#words[word + 1]!;
        const rotatedHigh = (high << ROTATION) | (low >>> (32 - ROTATION));
        if (rotatedHigh > -2097152 && rotatedHigh < 2097152) {
          return rotatedHigh * 4294967296 + (((low << ROTATION) | (high >>> (32 - ROTATION))) >>> 0);
        }
      }
    }
    return Number.NaN;
  }

  /** Stores an entry; false where the address is in no table of the heap, and nothing happened. */
  set(addr: Ptr, value: Descriptor): boolean {
    return typeof value === 'number'
      ? this.#set(addr, value, Math.floor(value / 4294967296))
      : this.#set(addr, lowHalf(value), highHalf(value));
  }

  /** @param low, high - halves of the rotated entry; bits beyond them do not count */
  #set(addr: Ptr, rotatedLow: number, rotatedHigh: number): boolean {
    const offset = addr - this.#start;
    if (!(offset >= 0 && offset < this.#size) || (offset & 7) !== 0) return false;
    const word = offset >> 2;
    if (this.#shadowWords[word] !== TABLE4) return false;
    const words = this.#words;
    const low = (rotatedLow >>> ROTATION) | (rotatedHigh << (32 - ROTATION));
    const high = (rotatedHigh >>> ROTATION) | (rotatedLow << (32 - ROTATION));
    const lowBefore = words[word]!;
    const highBefore = words[word + 1]!;
    words[word] = low;
    words[word + 1] = high;
    this.onStore(addr, highBefore, lowBefore, high, low);
    return true;
  }
}
