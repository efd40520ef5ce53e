// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { KernelWorld } from '../kernel.ts';
import { partOfState } from '../part-of-state.ts';

/** What the running code may do, by where it was called from and what it holds. */
export interface ExecutionContext {
  /** An interrupt handler: nothing may sleep. Scenarios set it. */
  inInterrupt: boolean;
  /** Spinlocks and rwlocks that are held, oldest first: nobody may sleep with one. */
  readonly spinlocks: Ptr[];
  /** Interrupts are kept off: nobody may sleep until they are let in again. */
  irqsOff: boolean;
  /** How often preemption was disabled and not enabled again. */
  preemptOff: number;
  /** Depth of RCU read-side sections. */
  rcuReaders: number;
  /** The running task has been told to end. Scenarios set it. */
  isKilled: boolean;
  /** Something is done on behalf of every CPU (cross-call.ts). */
  onEveryCpu: boolean;
}

export const executionContext = partOfState((): ExecutionContext => ({
  inInterrupt: false,
  spinlocks: [],
  irqsOff: false,
  preemptOff: 0,
  rcuReaders: 0,
  isKilled: false,
  onEveryCpu: false,
}));

/** Nobody may sleep (sched.ts says for what reason). */
export function isAtomic(k: KernelWorld): boolean {
  const { inInterrupt, spinlocks, irqsOff, preemptOff, rcuReaders } = k.state(executionContext);
  return inInterrupt || spinlocks.length > 0 || irqsOff || preemptOff > 0 || rcuReaders > 0;
}
