// SPDX-License-Identifier: GPL-2.0-only
import type { TraceEvent, TraceWriter } from './events.ts';
import type { Machine } from './machine.ts';

/** A recorded scenario: what invariants judge. */
export interface Trace {
  readonly machine: Machine;
  readonly events: readonly TraceEvent[];
}

export class TraceRecorder implements TraceWriter {
  readonly events: TraceEvent[] = [];

  emit(event: TraceEvent): void {
    this.events.push(event);
  }
}
