// SPDX-License-Identifier: GPL-2.0-only
import { descriptorFromHalves } from '../base/descriptor.ts';
import type { VirtAddr } from '../base/units.ts';
import type { EventSink, TraceEvent } from './events.ts';
import { levelNames } from './level-names.ts';
import { tableWriteEvent, type TracedTable } from './traced-table.ts';

/** An array that takes each event as one at once: for those who look at every event when it happens. */
export class EventArray implements EventSink {
  readonly #events: TraceEvent[];

  constructor(events: TraceEvent[]) {
    this.#events = events;
  }

  get length(): number {
    return this.#events.length;
  }

  emit(event: TraceEvent): void {
    this.#events.push(event);
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
    const before = descriptorFromHalves(highBefore, lowBefore);
    const after = descriptorFromHalves(high, low);
    this.#events.push(tableWriteEvent({ cpu, table, index, before, after }));
  }

  walk(level: number, addr: VirtAddr): void {
    this.#events.push({ kind: 'walk', level: levelNames[level]!, addr });
  }

  at(n: number): TraceEvent | undefined {
    return this.#events.at(n);
  }
}
