// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { pendingInterrupts, takeInterrupt } from './pending-interrupts.ts';

// kernel/irq_work.c: what is to be done in an interrupt. It comes as late as it may: when the workers run, before them.

/** @kernel kernel/irq_work.c irq_work_queue @fidelity custom: see drainWork() */
export function irq_work_queue(k: Kernel, work: Ptr): number {
  return k.irq_work_queue_on(work, k.cpu);
}

/** @kernel kernel/irq_work.c irq_work_queue_on @fidelity custom: see drainWork() */
export function irq_work_queue_on(k: Kernel, work: Ptr, cpu: number): number {
  const item = k.structs.irq_work(work);
  if (item.pending !== 0) return 0;
  item.pending = 1;
  k.state(pendingInterrupts).waiting.push({ work, cpu });
  return 1;
}

/** @kernel kernel/irq_work.c irq_work_sync @fidelity custom: the interrupt comes now. Emits `warn`. */
export function irq_work_sync(k: Kernel, work: Ptr): void {
  k.might_sleep();
  takeInterrupt(k, work);
}
