// SPDX-License-Identifier: GPL-2.0-only
import { DESCRIPTOR_ROTATION, type Descriptor } from '../../base/descriptor.ts';
import { cells, ROWS, ROWS_END, STREAK_NEXT, STREAK_STATE } from '../../base/hot-layout.ts';
import type { ByteCount, Ptr } from '../../base/units.ts';
import type { PendingRows, Streak } from '../../trace/store-writer.ts';

/** Numbers of a state (base/hot-layout.ts). */
const KEPT = 64;
const ROWS_END_CELL = cells.rowsEnd / 4;
const STREAKS = cells.rowsOfStreaks / 4;
const STORES = cells.storesInStreaks / 4;

/**
 * Stores that go on from the last one that was noted: the next entry of the same table, which was empty, by the same CPU, with
 * the same attributes and any frame. All there is to do for them is to store them and to count: the table itself holds what was
 * stored, until somebody wants to store there anything else.
 */
export class StoreStreak implements Streak {
  declare readonly step: number;
  declare private readonly unit: number;
  declare private readonly attributes: number;
  declare private readonly words: Int32Array;
  /** 0: the address of what goes on, NaN where nothing does; 1: the entry, if its frame is the next one too. */
  declare private readonly next: Float64Array;
  /**
   * 0: its place among the words; 1 and 2: the halves of the entry before it; 3: how many may follow in the table; 4: how many at
   * first; 5: the CPU; 6: the attributes; 7: whether a frame was not the next one.
   */
  declare private readonly state: Int32Array;
  declare private readonly cells: Int32Array;
  declare private readonly rows: Int32Array;

  /** @param words of the heap. @param frameUnit what a frame is worth in an entry */
  constructor(words: Int32Array, frameUnit: number, arena: ArrayBuffer) {
    this.words = words;
    this.unit = frameUnit;
    this.attributes = frameUnit - 1;
    this.step = frameUnit >>> DESCRIPTOR_ROTATION;
    this.next = new Float64Array(arena, STREAK_NEXT, KEPT).fill(Number.NaN);
    this.state = new Int32Array(arena, STREAK_STATE, KEPT).fill(0);
    this.cells = new Int32Array(arena, 0, cells.arguments / 4);
    this.cells[ROWS_END_CELL] = ROWS;
    this.cells[STREAKS] = 0;
    this.cells[STORES] = 0;
    this.rows = new Int32Array(arena, ROWS, (ROWS_END - ROWS) / 4);
  }

  /** Stores what goes on; false where it does not, and nothing happened. The numbers stand in the code as in `TableEntries`. */
  takes(cpu: number, addr: Ptr, entry: Descriptor): boolean {
    const { next, state, words } = this;
    if (addr !== next[0]) return false;
    const word = state[0]!;
    if ((words[word]! | words[word + 1]!) !== 0 || state[5] !== cpu) return false;
    const lowBefore = state[1]!;
    let low = (lowBefore + this.step) | 0;
    let high = state[2]!;
    // Where the frame is the next one, and nothing is carried to the upper half, there is nothing to compute.
    if (entry !== next[1] || (lowBefore < 0 && low >= 0)) {
      if (typeof entry !== 'number' || !(entry >= 0) || (entry & this.attributes) !== state[6]) return false;
      const rotatedHigh = Math.floor(entry / 4294967296);
      low = (entry >>> 14) | (rotatedHigh << 18);
      high = (rotatedHigh >>> 14) | (entry << 18);
      state[2] = high;
      state[7] = 1;
    }
    words[word] = low;
    words[word + 1] = high;
    state[0] = word + 2;
    state[1] = low;
    const left = state[3]! - 1;
    state[3] = left;
    next[0] = left === 0 ? Number.NaN : addr + 8;
    next[1] = entry + this.unit;
    return true;
  }

  /**
   * An entry that is a number and not 0 was stored where none was, and noted: what goes on from it is a streak.
   * @param word its place among the heap's words
   * @param bytes from there to the end of its table
   */
  begin(cpu: number, addr: Ptr, entry: number, word: number, bytes: ByteCount): void {
    const { next, state, words } = this;
    const most = (bytes >> 3) - 1;
    state[0] = word + 2;
    state[1] = words[word]!;
    state[2] = words[word + 1]!;
    state[3] = most;
    state[4] = most;
    state[5] = cpu;
    state[6] = entry & this.attributes;
    state[7] = 0;
    next[0] = most === 0 ? Number.NaN : addr + 8;
    next[1] = entry + this.unit;
  }

  pending(): PendingRows | undefined {
    const state = this.cells;
    const end = state[ROWS_END_CELL]!;
    if (end === ROWS) return undefined;
    const streaks = state[STREAKS]!;
    const stores = state[STORES]!;
    state[ROWS_END_CELL] = ROWS;
    state[STREAKS] = 0;
    state[STORES] = 0;
    return { rows: this.rows.subarray(0, (end - ROWS) / 4), streaks, stores };
  }

  end(): number {
    this.next[0] = Number.NaN;
    const { state } = this;
    const count = state[4]! - state[3]!;
    state[4] = state[3]!;
    return count;
  }

  /** Whatever was not told of never happened. */
  reset(): void {
    this.pending();
    this.end();
  }

  values(count: number): Int32Array | undefined {
    const { state } = this;
    const end = state[0]!;
    return state[7] === 0 ? undefined : this.words.subarray(end - 2 * count, end);
  }
}
