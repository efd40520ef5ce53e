// SPDX-License-Identifier: GPL-2.0-only
import { descriptorFromHalves } from '../base/descriptor.ts';
import type { VirtAddr } from '../base/units.ts';
import type { EventSequence, EventSink, TraceEvent } from './events.ts';
import { constantEvents } from './constant-events.ts';
import { levelNames } from './level-names.ts';
import { CONSTANT, LAST_CONSTANT, LAST_WALK, SHORT, STREAK, VALUES, WALK } from './row-codes.ts';
import type { PendingRows, StoreRows, Streak } from './store-writer.ts';
import { sameValues } from './same-values.ts';
import { tableWriteEvent, type TracedTable } from './traced-table.ts';

/**
 * Columns of a row, one row an event. A store has 0: its place, 1: the index in the table, and the 32-bit halves of the entry's
 * hardware bits, 2: low and 3: high before it, 4: low and 5: high after it. A step of a walk has 0: `WALK` and the place of
 * the level, and the halves of the address, 1: low and 2: high. Stores that go on from the one before have a row together, 0:
 * `STREAK`, 1: how many they are, 2: what the entry of each has more than the one before, in its lower half; or 0: `VALUES`, 1: how many they
 * are, and both halves of each in as many rows as these take. Nobody who reads sees them. Any other event has the
 * complement of its number among the others in column 0, and nothing else. The numbers stand in the code as they are: with names, what the engine
 * has to inline for a store would be more than it inlines.
 */
const WIDTH = 6;
const FIRST_CAPACITY = 128;

/** Rows for that many values. */
function rowsOf(values: number): number {
  return Math.ceil(values / WIDTH);
}

/** Gives each store of a streak its row. @param to where the first goes, behind the store that they go on from */
function spreadStreak(spread: Int32Array, to: number, rows: Int32Array, streak: number): void {
  const count = rows[streak + 1]!;
  for (let i = 0; i < count; i++) {
    const at = to + i * WIDTH;
    const last = at - WIDTH;
    spread[at] = spread[last]!;
    spread[at + 1] = spread[last + 1]! + 1;
    if (rows[streak] === VALUES) {
      spread[at + 4] = rows[streak + WIDTH + 2 * i]!;
      spread[at + 5] = rows[streak + WIDTH + 2 * i + 1]!;
    } else {
      spread[at + 4] = spread[last + 4]! + rows[streak + 2]!;
      spread[at + 5] = spread[last + 5]!;
    }
  }
}

/** Where stores of a row went, and by whom. */
interface Place {
  readonly table: TracedTable;
  readonly cpu: number;
}

/** The rows that the last run needed are what the next one writes to, so that they have not to grow again. */
let spare: Int32Array | undefined;

function takeSpare(): Int32Array {
  const rows = spare ?? new Int32Array(FIRST_CAPACITY * WIDTH);
  spare = undefined;
  return rows;
}

/**
 * The events of a run. Most of them are stores to page tables: these are kept as plain numbers, and made into events for
 * whoever asks for them, each time anew.
 */
export class EventLog implements EventSequence, EventSink, StoreRows {
  streak: Streak | undefined = undefined;
  #rows = takeSpare();
  /** Of the rows in use. */
  #end = 0;
  /** All events that are no stores. */
  readonly #others: TraceEvent[] = [];
  readonly #places: Place[] = [];
  /** Where the latest store went. */
  #table: TracedTable | undefined;
  #cpu = 0;
  #like: EventLog | undefined;
  /** Rows that streaks take, and the stores they stand for. */
  #ofStreaks = 0;
  #inStreaks = 0;

  /** @param like a log of which this one is probably a copy: equal values are kept once, until `finish()` */
  constructor(like?: EventLog) {
    this.#like = like;
  }

  /** The run is over: the log is as long as it is, and nothing is compared with the other one any more. */
  finish(): void {
    this.#like = undefined;
    this.settle();
    const rows = this.#rows;
    this.#rows = this.#ofStreaks > 0 ? this.#spread() : rows.slice(0, this.#end);
    spare = rows;
  }

  get length(): number {
    this.settle();
    return this.#end / WIDTH - this.#ofStreaks + this.#inStreaks;
  }

  emit(event: TraceEvent): void {
    if (this.streak !== undefined) this.settle();
    const at = this.#end;
    if (at === this.#rows.length) this.#grow();
    this.#rows[at] = ~this.#numberOf(event);
    this.#end = at + WIDTH;
  }

  /** Its number among the others. Events that are constants come in turns: each of a few is kept once. */
  #numberOf(event: TraceEvent): number {
    const others = this.#others;
    const count = others.length;
    for (let number = count - 1; number >= 0 && number >= count - 4; number--) {
      if (others[number] === event) return number;
    }
    const alike = this.#like === undefined ? undefined : this.#like.#others[count];
    others.push(alike !== undefined && sameValues(event, alike) ? alike : event);
    return count;
  }

  tableWrite(
    cpu: number,
    table: TracedTable,
    index: number,
    highBefore: number,
    lowBefore: number,
    high: number,
    low: number,
  ): void {
    this.add(this.placeOf(cpu, table), index, lowBefore, highBefore, low, high);
  }

  get rows(): this {
    return this;
  }

  add(place: number, index: number, lowBefore: number, highBefore: number, low: number, high: number): void {
    if (this.streak !== undefined) this.settle();
    const at = this.#end;
    if (at === this.#rows.length) this.#grow();
    const rows = this.#rows;
    rows[at] = place;
    rows[at + 1] = index;
    rows[at + 2] = lowBefore;
    rows[at + 3] = highBefore;
    rows[at + 4] = low;
    rows[at + 5] = high;
    this.#end = at + WIDTH;
  }

  settle(): void {
    const streak = this.streak;
    if (streak === undefined) return;
    this.streak = undefined;
    const pending = streak.pending();
    if (pending !== undefined) this.#append(pending);
    const count = streak.end();
    if (count === 0) return;
    const values = streak.values(count);
    if (count <= SHORT) return this.#addEach(count, streak.step, values);
    this.#inStreaks += count;
    this.#ofStreaks++;
    if (values === undefined) this.add(STREAK, count, streak.step, 0, 0, 0);
    else this.#addValues(count, values);
  }

  /** Takes rows over that hot code wrote. */
  #append({ rows, streaks, stores }: PendingRows): void {
    const at = this.#end;
    this.#end = at + rows.length;
    while (this.#end > this.#rows.length) this.#grow();
    this.#rows.set(rows, at);
    this.#ofStreaks += streaks;
    this.#inStreaks += stores;
  }

  /** Stores of a streak, behind the one that they go on from. @param values two for each, unless each has `step` more than the last */
  #addEach(count: number, step: number, values: Int32Array | undefined): void {
    for (let i = 0; i < count; i++) {
      const rows = this.#rows;
      const last = this.#end - WIDTH;
      const low = values === undefined ? rows[last + 4]! + step : values[2 * i]!;
      const high = values === undefined ? rows[last + 5]! : values[2 * i + 1]!;
      this.add(rows[last]!, rows[last + 1]! + 1, 0, 0, low, high);
    }
  }

  /** @param values two for each store */
  #addValues(count: number, values: Int32Array): void {
    this.add(VALUES, count, 0, 0, 0, 0);
    const at = this.#end;
    const rows = rowsOf(values.length);
    this.#end = at + rows * WIDTH;
    while (this.#end > this.#rows.length) this.#grow();
    this.#rows.set(values, at);
    this.#ofStreaks += rows;
  }

  /** For readers: a row for each event. */
  #expand(): void {
    this.settle();
    if (this.#ofStreaks > 0) this.#rows = this.#spread();
  }

  /** The rows with one for each store of a streak. */
  #spread(): Int32Array {
    const rows = this.#rows;
    const spread = new Int32Array(this.length * WIDTH);
    let to = 0;
    /** Rows before it are done. */
    let from = 0;
    for (let at = 0; at < this.#end; at += WIDTH) {
      if (rows[at] !== STREAK && rows[at] !== VALUES) continue;
      spread.set(rows.subarray(from, at), to);
      to += at - from;
      const count = rows[at + 1]!;
      spreadStreak(spread, to, rows, at);
      to += count * WIDTH;
      if (rows[at] === VALUES) at += rowsOf(2 * count) * WIDTH;
      from = at + WIDTH;
    }
    spread.set(rows.subarray(from, this.#end), to);
    this.#end = spread.length;
    this.#ofStreaks = 0;
    this.#inStreaks = 0;
    return spread;
  }

  walk(level: number, addr: VirtAddr): void {
    if (this.streak !== undefined) this.settle();
    const at = this.#end;
    if (at === this.#rows.length) this.#grow();
    const rows = this.#rows;
    rows[at] = -2147483648 + level;
    rows[at + 1] = addr;
    rows[at + 2] = Math.floor(addr / 4294967296);
    this.#end = at + WIDTH;
  }

  /** The event of a number; from the end where it is negative. */
  at(n: number): TraceEvent | undefined {
    this.#expand();
    const at = (n < 0 ? n + this.length : n) * WIDTH;
    return at >= 0 && at < this.#end ? this.#eventOf(at) : undefined;
  }

  *[Symbol.iterator](): Generator<TraceEvent, void> {
    this.#expand();
    for (let at = 0; at < this.#end; at += WIDTH) yield this.#eventOf(at);
  }

  /** The events from a number on. */
  slice(start = 0): TraceEvent[] {
    this.#expand();
    const events: TraceEvent[] = [];
    for (let at = start * WIDTH; at < this.#end; at += WIDTH) events.push(this.#eventOf(at));
    return events;
  }

  /** Forgets all events. What stores of a table are called stays as it is. */
  clear(): void {
    this.settle();
    this.#ofStreaks = 0;
    this.#inStreaks = 0;
    this.#end = 0;
    this.#others.length = 0;
  }

  /** Whether two logs hold the same events with the same values, one by one. */
  equals(other: EventLog): boolean {
    this.#expand();
    other.#expand();
    if (this.#end !== other.#end) return false;
    let ours: Place | undefined;
    let theirs: Place | undefined;
    for (let at = 0; at < this.#end; at += WIDTH) {
      const row = this.#rows[at]!;
      const otherRow = other.#rows[at]!;
      if (row < 0 || otherRow < 0) {
        if (!this.#isAlike(row, other, otherRow, at)) return false;
        continue;
      }
      if (!this.#hasSameColumns(other, at, WIDTH)) return false;
      const our = this.#places[row];
      const their = other.#places[otherRow];
      // Stores come in rows, which have a place in common.
      if (our === ours && their === theirs) continue;
      if (!sameValues(our, their)) return false;
      ours = our;
      theirs = their;
    }
    return true;
  }

  /** Whether a row that is no store says what the other log's row there says. */
  #isAlike(row: number, other: EventLog, otherRow: number, at: number): boolean {
    if (row <= LAST_WALK) return row === otherRow && this.#hasSameColumns(other, at, 3);
    if (row >= 0 || otherRow >= 0 || otherRow <= LAST_WALK) return false;
    const event = this.#otherOf(row);
    const otherEvent = other.#otherOf(otherRow);
    return event === otherEvent || sameValues(event, otherEvent);
  }

  /** Columns from 1 on, as many as are in use. */
  #hasSameColumns(other: EventLog, at: number, end: number): boolean {
    for (let column = 1; column < end; column++) {
      if (this.#rows[at + column] !== other.#rows[at + column]) return false;
    }
    return true;
  }

  /** What `add()` calls stores by that CPU to that table. */
  placeOf(cpu: number, table: TracedTable): number {
    if (this.#table !== table || this.#cpu !== cpu) this.#goTo(cpu, table);
    return this.#places.length - 1;
  }

  /** Stores go there from now on. */
  #goTo(cpu: number, table: TracedTable): void {
    this.#table = table;
    this.#cpu = cpu;
    const place = { table, cpu };
    const alike = this.#like === undefined ? undefined : this.#like.#places[this.#places.length];
    this.#places.push(alike !== undefined && sameValues(place, alike) ? alike : place);
  }

  #grow(): void {
    const larger = new Int32Array(Math.max(2 * this.#rows.length, FIRST_CAPACITY * WIDTH));
    larger.set(this.#rows);
    this.#rows = larger;
  }

  /** The event of a row that is neither a store nor a walk's step. */
  #otherOf(row: number): TraceEvent {
    return row <= LAST_CONSTANT ? constantEvents[row - CONSTANT]! : this.#others[~row]!;
  }

  #eventOf(at: number): TraceEvent {
    const rows = this.#rows;
    const row = rows[at]!;
    if (row <= LAST_WALK) {
      const level = levelNames[row - WALK]!;
      return { kind: 'walk', level, addr: rows[at + 2]! * 4294967296 + (rows[at + 1]! >>> 0) };
    }
    if (row < 0) return this.#otherOf(row);
    const { table, cpu } = this.#places[row]!;
    const index = rows[at + 1]!;
    const before = descriptorFromHalves(rows[at + 3]!, rows[at + 2]!);
    const after = descriptorFromHalves(rows[at + 5]!, rows[at + 4]!);
    return tableWriteEvent({ cpu, table, index, before, after });
  }
}
