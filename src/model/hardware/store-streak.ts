// SPDX-License-Identifier: GPL-2.0-only
import { DESCRIPTOR_ROTATION, type Descriptor } from '../../base/descriptor.ts';
import type { ByteCount, Ptr } from '../../base/units.ts';
import type { Streak } from '../../trace/store-writer.ts';

/** Numbers of a state, so many that the engine does not move them about. */
const KEPT = 64;

/**
 * Stores that go on from the last one that was noted: the next entry of the same table, which was empty, by the same CPU, for the
 * next frame with the same attributes. All there is to do for them is to store them and to count.
 */
export class StoreStreak implements Streak {
  declare readonly step: number;
  declare private readonly unit: number;
  declare private readonly words: Int32Array;
  /** 0: the address of what goes on, NaN where nothing does; 1: the entry. 2, 3: the same of what may begin a streak. */
  declare private readonly next: Float64Array;
  /** 0: its place among the words; 1 and 2: its halves; 3: how many more there may be; 4: how many at first; 5: the CPU. */
  declare private readonly state: Int32Array;

  /** @param words of the heap. @param frameUnit what a frame is worth in an entry */
  constructor(words: Int32Array, frameUnit: number) {
    this.words = words;
    this.unit = frameUnit;
    this.step = frameUnit >>> DESCRIPTOR_ROTATION;
    this.next = new Float64Array(KEPT).fill(Number.NaN);
    this.state = new Int32Array(KEPT);
  }

  /** Stores what goes on; false where it does not, and nothing happened. */
  takes(cpu: number, addr: Ptr, entry: Descriptor): boolean {
    const { next, state, words } = this;
    if (addr !== next[0] || entry !== next[1]) return false;
    const word = state[0]!;
    if ((words[word]! | words[word + 1]!) !== 0 || state[5] !== cpu) return false;
    const low = state[1]!;
    words[word] = low;
    words[word + 1] = state[2]!;
    state[0] = word + 2;
    state[1] = low + this.step;
    const left = state[3]! - 1;
    state[3] = left;
    next[0] = left === 0 ? Number.NaN : addr + 8;
    next[1] = entry + this.unit;
    return true;
  }

  /**
   * An entry was stored and noted. Where it went on from the one before, what goes on from it is a streak.
   * @param word its place among the heap's words
   * @param bytes from there to the end of its table
   */
  begins(cpu: number, addr: Ptr, entry: number, word: number, bytes: ByteCount): boolean {
    const { next, state, words } = this;
    const begins = addr === next[2] && entry === next[3];
    next[2] = addr + 8;
    next[3] = entry + this.unit;
    if (!begins) return false;
    const low = words[word]!;
    // Nothing may be carried to the upper half.
    const most = Math.min(bytes / 8 - 1, Math.floor((0xffffffff - (low >>> 0)) / this.step));
    state[0] = word + 2;
    state[1] = low + this.step;
    state[2] = words[word + 1]!;
    state[3] = most;
    state[4] = most;
    state[5] = cpu;
    next[0] = most === 0 ? Number.NaN : addr + 8;
    next[1] = entry + this.unit;
    return true;
  }

  end(): number {
    this.next[0] = Number.NaN;
    const { state } = this;
    return state[4]! - state[3]!;
  }
}
