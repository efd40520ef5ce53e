// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { endRefusals } from '../mm/allocation-limit.ts';
import { WARN_ON } from '../mm/bug.ts';
import { executionContext } from './interrupt-state.ts';
import { letOtherGive } from './other-task.ts';

// kernel/sched: who runs, and whether it may sleep.

/** @kernel include/linux/smp.h smp_processor_id @fidelity dup */
export function smp_processor_id(k: Kernel): number {
  return k.cpu;
}

/** @kernel include/linux/preempt.h in_interrupt @fidelity custom: interrupt handlers are all alike */
export function in_interrupt(k: Kernel): number {
  return k.state(executionContext).inInterrupt ? 1 : 0;
}

/** @kernel include/linux/sched/signal.h fatal_signal_pending @fidelity custom: there is one task */
export function fatal_signal_pending(k: Kernel, _task: Ptr): number {
  return k.state(executionContext).isKilled ? 1 : 0;
}

/**
 * Said by what may sleep, before it does.
 * @kernel include/linux/kernel.h might_sleep
 * @fidelity custom: what forbids it is named, and the first of it only. Emits `warn`.
 */
export function might_sleep(k: Kernel): void {
  const why = whatForbidsSleep(k);
  if (why !== undefined) WARN_ON(k, true, `sleeping function called from invalid context: ${why}`);
}

function whatForbidsSleep(k: Kernel): string | undefined {
  const { inInterrupt, spinlocks, irqsOff, preemptOff, rcuReaders } = k.state(executionContext);
  if (inInterrupt) return 'an interrupt handler';
  // Not asked for at -1, which is a name to the engine, and takes half as long as to map a block.
  if (spinlocks.length > 0) return `${k.nameOf(spinlocks[spinlocks.length - 1]!) || 'a spinlock'} is held`;
  if (irqsOff) return 'interrupts are disabled';
  if (preemptOff > 0) return 'preemption is disabled';
  return rcuReaders > 0 ? 'an RCU reader' : undefined;
}

/**
 * Lets others run for a while. Behind it there is memory again, if there was none.
 * @kernel kernel/time/timer.c schedule_timeout_uninterruptible
 * @fidelity custom: there is no time; one other task may do something. Emits `warn`.
 * @returns 0: the time is over
 */
export function schedule_timeout_uninterruptible(k: Kernel, _timeout: number): number {
  k.might_sleep();
  letOtherGive(k, 'the caller to wait');
  endRefusals(k);
  return 0;
}

/**
 * Lets others run, where that is due: it never is, but who may not sleep may not ask either.
 * @kernel kernel/sched/core.c cond_resched
 * @fidelity custom: see might_sleep(). Emits `warn`.
 * @returns 0: nobody else ran
 */
export function cond_resched(k: Kernel): number {
  k.might_sleep();
  return 0;
}
