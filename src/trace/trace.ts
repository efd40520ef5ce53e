// SPDX-License-Identifier: GPL-2.0-only
import type { EventSequence } from './events.ts';
import type { Machine } from './machine.ts';

/** A recorded scenario: what invariants judge. */
export interface Trace {
  readonly machine: Machine;
  readonly events: EventSequence;
}
