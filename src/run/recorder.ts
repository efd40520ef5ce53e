// SPDX-License-Identifier: GPL-2.0-only
import type { EventSink, TraceEvent, TraceWriter } from '../trace/events.ts';
import type { TracedTable } from '../trace/traced-table.ts';

/** Told of each event as it happens; of a store to a page table only its number, since most who listen want no more. */
export type OnEvent = (event: TraceEvent | undefined, index: number) => void;

/** Passes on what happens in a kernel to the log of the run, or to nobody. */
export class Recorder implements TraceWriter {
  #log: EventSink | undefined;
  #onEvent: OnEvent | undefined;
  isWatched = false;

  /** From now on events go there; `onEvent` is told of each as it happens. */
  record(log: EventSink | undefined, onEvent?: OnEvent): void {
    this.#log = log;
    this.#onEvent = onEvent;
    this.isWatched = onEvent !== undefined;
  }

  emit(event: TraceEvent): void {
    const log = this.#log;
    if (log === undefined) return;
    log.emit(event);
    if (this.isWatched) this.#onEvent!(event, log.length - 1);
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
    const log = this.#log;
    if (log === undefined) return;
    log.tableWrite(cpu, table, index, highBefore, lowBefore, high, low);
    if (this.isWatched) this.#onEvent!(undefined, log.length - 1);
  }
}
