// SPDX-License-Identifier: GPL-2.0-only
import type { VirtAddr } from '../base/units.ts';
import type { TracedTable } from './traced-table.ts';

/** Stores to page tables and steps of walks, which are most of all events, are told to one of these. */
export interface StoreWriter {
  /**
   * Emits a `table-write`. The entry as it was and as it is now are given as the 32-bit halves of their hardware bits:
   * nobody may ever ask for the event.
   */
  tableWrite(
    cpu: number,
    table: TracedTable,
    index: number,
    highBefore: number,
    lowBefore: number,
    high: number,
    low: number,
  ): void;
  /** Emits a `walk`. @param level its place among `levelNames` */
  walk(level: number, addr: VirtAddr): void;
  /** Where further stores to the table by that CPU may be noted, as long as events are told here; absent where nobody notes any so. */
  readonly rows?: StoreRows & { placeOf(cpu: number, table: TracedTable): number };
}

/** Rows (row-codes.ts) that belong to the end of a log. */
export interface PendingRows {
  readonly rows: Int32Array;
  /** How many of them are streaks, and the stores that these stand for. */
  readonly streaks: number;
  readonly stores: number;
}

/** Stores that go on from the last one that was noted, each one place further in the table and over an empty entry. */
export interface Streak {
  /** What an entry has more than the one before, in its lower half, where its frame is the next one; nothing is carried to the upper half. */
  readonly step: number;
  /** What hot code did before it and has not told of yet; taken once. */
  pending(): PendingRows | undefined;
  /** Ends it. @returns how many stores it had */
  end(): number;
  /**
   * The entries of the streak that ended last, each as the 32-bit halves of its hardware bits, low and high; undefined where each has
   * `step` more than the one before. Good until the next store.
   */
  values(count: number): Int32Array | undefined;
}

/** Stores to a table that was named before. */
export interface StoreRows {
  /** Emits a `table-write`. @param place who stores, and where to */
  add(place: number, index: number, lowBefore: number, highBefore: number, low: number, high: number): void;
  /** Counts the stores that go on from the last one, until anything else is noted or `settle()`. */
  streak: Streak | undefined;
  /** Notes what the streak has counted, and ends it. */
  settle(): void;
}
