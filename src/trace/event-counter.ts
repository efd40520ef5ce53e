// SPDX-License-Identifier: GPL-2.0-only
import type { EventSink, TraceEvent } from './events.ts';
import { ROW_WIDTH } from './row-codes.ts';
import type { StoreRows, Streak } from './store-writer.ts';

/**
 * Counts the events of a run, and keeps none: for runs of millions. Whoever made it is told of those that are neither stores to page
 * tables nor steps of walks, nor events that say nothing of their own (constant-events.ts).
 */
export class EventCounter implements EventSink, StoreRows {
  streak: Streak | undefined = undefined;
  #count = 0;
  readonly #onEvent: (event: TraceEvent) => void;

  constructor(onEvent: (event: TraceEvent) => void) {
    this.#onEvent = onEvent;
  }

  get length(): number {
    this.settle();
    return this.#count;
  }

  get rows(): this {
    return this;
  }

  /** Nobody reads them again. */
  at(): undefined {
    return undefined;
  }

  emit(event: TraceEvent): void {
    this.#another();
    this.#onEvent(event);
  }

  tableWrite(): void {
    this.#another();
  }

  walk(): void {
    this.#another();
  }

  add(): void {
    this.#another();
  }

  /** All stores are alike here. */
  placeOf(): number {
    return 0;
  }

  #another(): void {
    if (this.streak !== undefined) this.settle();
    this.#count++;
  }

  settle(): void {
    const { streak } = this;
    if (streak === undefined) return;
    this.streak = undefined;
    const pending = streak.pending();
    if (pending !== undefined) {
      const { rows, streaks, stores } = pending;
      this.#count += rows.length / ROW_WIDTH - streaks + stores;
    }
    this.#count += streak.end();
  }
}
