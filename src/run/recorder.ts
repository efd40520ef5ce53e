// SPDX-License-Identifier: GPL-2.0-only
import type { EventSink, TraceEvent, TraceWriter } from '../trace/events.ts';
import type { StoreWriter } from '../trace/store-writer.ts';

/** Told of each event as it happens; of a store to a page table only its number, since most who listen want no more. */
export type OnEvent = (event: TraceEvent | undefined, index: number) => void;

const nobody: StoreWriter = { tableWrite: () => undefined, walk: () => undefined };

/** Passes on what happens in a kernel to the log of the run, or to nobody. */
export class Recorder implements TraceWriter {
  #log: EventSink | undefined;
  #onEvent: OnEvent | undefined;
  isWatched = false;
  /** The log itself where nobody watches: most events are stores. */
  stores: StoreWriter = nobody;

  /** From now on events go there; `onEvent` is told of each as it happens. */
  record(log: EventSink | undefined, onEvent?: OnEvent): void {
    this.#log = log;
    this.#onEvent = onEvent;
    this.isWatched = onEvent !== undefined;
    this.stores = log === undefined ? nobody : onEvent === undefined ? log : watched(log, onEvent);
  }

  emit(event: TraceEvent): void {
    const log = this.#log;
    if (log === undefined) return;
    log.emit(event);
    if (this.isWatched) this.#onEvent!(event, log.length - 1);
  }
}

function watched(log: EventSink, onEvent: OnEvent): StoreWriter {
  return {
    tableWrite: (...store) => {
      log.tableWrite(...store);
      onEvent(undefined, log.length - 1);
    },
    walk: (level, addr) => {
      log.walk(level, addr);
      onEvent(log.at(-1), log.length - 1);
    },
  };
}
