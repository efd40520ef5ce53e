// SPDX-License-Identifier: GPL-2.0-only
import { descriptorFromHalves } from '../base/descriptor.ts';
import type { EventSequence, EventSink, TableWriteEvent, TraceEvent } from './events.ts';
import { sameValues } from './same-values.ts';
import { tableWriteEvent, type TracedTable } from './traced-table.ts';

/** An entry before and after a store, each as the two 32-bit halves of its hardware bits. */
const COLUMNS = { place: 0, index: 1, lowBefore: 2, highBefore: 3, low: 4, high: 5 } as const;
const WIDTH = 6;
const FIRST_CAPACITY = 32;

/** Where stores of a row went, and by whom. */
interface Place {
  readonly table: TracedTable;
  readonly cpu: number;
}

/**
 * The events of a run. Most of them are stores to page tables: these are kept as plain numbers, and made into events for
 * whoever asks for them, each time anew.
 */
export class EventLog implements EventSequence, EventSink {
  /** A number is the place of a store among the stores. */
  readonly #events: (TraceEvent | number)[] = [];
  #writes = new Int32Array(FIRST_CAPACITY * WIDTH);
  #writeCount = 0;
  readonly #places: Place[] = [];
  /** Where the latest store went. */
  #table: TracedTable | undefined;
  #cpu = 0;
  #like: EventLog | undefined;

  /** @param like a log of which this one is probably a copy: equal values are kept once, until `endLikeness()` */
  constructor(like?: EventLog) {
    this.#like = like;
  }

  /** From now on nothing is compared with the other log, which is not held on to. */
  endLikeness(): void {
    this.#like = undefined;
  }

  get length(): number {
    return this.#events.length;
  }

  emit(event: TraceEvent): void {
    const like = this.#like;
    const alike = like === undefined ? undefined : like.#events[this.#events.length];
    this.#events.push(alike !== undefined && sameValues(event, alike) ? alike : event);
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
    const write = this.#writeCount++;
    const at = write * WIDTH;
    if (at === this.#writes.length) this.#grow();
    const writes = this.#writes;
    writes[at + COLUMNS.place] = this.#placeOf(cpu, table);
    writes[at + COLUMNS.index] = index;
    writes[at + COLUMNS.lowBefore] = lowBefore;
    writes[at + COLUMNS.highBefore] = highBefore;
    writes[at + COLUMNS.low] = low;
    writes[at + COLUMNS.high] = high;
    this.#events.push(write);
  }

  /** The event of a number; from the end where it is negative. */
  at(n: number): TraceEvent | undefined {
    const event = this.#events.at(n);
    return typeof event === 'number' ? this.#writeEvent(event) : event;
  }

  *[Symbol.iterator](): Generator<TraceEvent, void> {
    for (let n = 0; n < this.length; n++) yield this.at(n)!;
  }

  /** The events from a number on. */
  slice(start = 0): TraceEvent[] {
    return this.#events
      .slice(start)
      .map((event) => (typeof event === 'number' ? this.#writeEvent(event) : event));
  }

  /** Forgets all events. */
  clear(): void {
    this.#events.length = 0;
    this.#writeCount = 0;
    this.#places.length = 0;
    this.#table = undefined;
  }

  /** Whether two logs hold the same events with the same values, one by one. */
  equals(other: EventLog): boolean {
    if (this.length !== other.length || this.#writeCount !== other.#writeCount) return false;
    for (let n = 0; n < this.#events.length; n++) {
      const event = this.#events[n];
      // Equal numbers stand for stores that are compared below.
      if (event !== other.#events[n] && !sameValues(event, other.#events[n])) return false;
    }
    return this.#sameWrites(other);
  }

  #sameWrites(other: EventLog): boolean {
    let ours: Place | undefined;
    let theirs: Place | undefined;
    for (let at = 0; at < this.#writeCount * WIDTH; at += WIDTH) {
      for (let column: number = COLUMNS.index; column < WIDTH; column++) {
        if (this.#writes[at + column] !== other.#writes[at + column]) return false;
      }
      const our = this.#places[this.#writes[at]!];
      const their = other.#places[other.#writes[at]!];
      // Stores come in rows, which have a place in common.
      if (our === ours && their === theirs) continue;
      if (!sameValues(our, their)) return false;
      ours = our;
      theirs = their;
    }
    return true;
  }

  #placeOf(cpu: number, table: TracedTable): number {
    if (this.#table !== table || this.#cpu !== cpu) {
      this.#table = table;
      this.#cpu = cpu;
      const place = { table, cpu };
      const like = this.#like;
      const alike = like === undefined ? undefined : like.#places[this.#places.length];
      this.#places.push(alike !== undefined && sameValues(place, alike) ? alike : place);
    }
    return this.#places.length - 1;
  }

  #grow(): void {
    const larger = new Int32Array(2 * this.#writes.length);
    larger.set(this.#writes);
    this.#writes = larger;
  }

  #writeEvent(write: number): TableWriteEvent {
    const at = write * WIDTH;
    const writes = this.#writes;
    const { table, cpu } = this.#places[writes[at]!]!;
    const index = writes[at + COLUMNS.index]!;
    const before = descriptorFromHalves(writes[at + COLUMNS.highBefore]!, writes[at + COLUMNS.lowBefore]!);
    const after = descriptorFromHalves(writes[at + COLUMNS.high]!, writes[at + COLUMNS.low]!);
    return tableWriteEvent({ cpu, table, index, before, after });
  }
}
