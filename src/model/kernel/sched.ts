// SPDX-License-Identifier: GPL-2.0-only
import { toUnsigned32 } from '../../base/u64.ts';
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { WARN_ON } from '../mm/bug.ts';
import { __GFP_DIRECT_RECLAIM, __GFP_FS, __GFP_IO } from '../mm/gfp-bits.ts';
import { executionContext } from './interrupt-state.ts';
import { letOtherGive } from './other-task.ts';

// include/linux/sched/mm.h: what the running task forbids its allocations.

const PF_MEMALLOC = 0x800;
const PF_MEMALLOC_NOFS = 0x40000;
const PF_MEMALLOC_NOIO = 0x80000;

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
  const lock = spinlocks[spinlocks.length - 1];
  if (lock !== undefined) return `${k.nameOf(lock) || 'a spinlock'} is held`;
  if (irqsOff) return 'interrupts are disabled';
  if (preemptOff > 0) return 'preemption is disabled';
  return rcuReaders > 0 ? 'an RCU reader' : undefined;
}

/**
 * Lets others run for a while.
 * @kernel kernel/time/timer.c schedule_timeout_uninterruptible
 * @fidelity custom: there is no time; one other task may do something. Emits `warn`.
 * @returns 0: the time is over
 */
export function schedule_timeout_uninterruptible(k: Kernel, _timeout: number): number {
  k.might_sleep();
  letOtherGive(k, 'the caller to wait');
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

/**
 * Said by allocators: a mask that allows waiting for memory may sleep. Who frees memory for others (PF_MEMALLOC) never
 * waits for it.
 * @kernel include/linux/sched/mm.h might_alloc
 * @fidelity custom: see might_sleep(). Emits `warn`.
 */
export function might_alloc(k: Kernel, gfp_mask: number): void {
  if ((gfp_mask & __GFP_DIRECT_RECLAIM) === 0) return;
  if ((k.structs.task_struct(k.globals['init_task']!).flags & PF_MEMALLOC) === 0) k.might_sleep();
}

/** What a flag's scope is called in events. */
function scopeOf(flags: number): string {
  if ((flags & PF_MEMALLOC_NOIO) !== 0) return 'noio';
  return (flags & PF_MEMALLOC_NOFS) !== 0 ? 'nofs' : 'noreclaim';
}

/** Forbids something; returns the flags that were not set before, for leave(). */
function enter(k: Kernel, flags: number): number {
  const task = k.structs.task_struct(k.globals['init_task']!);
  const added = ~task.flags & flags;
  task.flags = toUnsigned32(task.flags | flags);
  k.trace.emit({ kind: 'scope', scope: scopeOf(flags), change: 'enter' });
  return added;
}

function leave(k: Kernel, scope: string, added: number): void {
  const task = k.structs.task_struct(k.globals['init_task']!);
  task.flags = toUnsigned32(task.flags & ~added);
  k.trace.emit({ kind: 'scope', scope, change: 'leave' });
}

/** @kernel include/linux/sched/mm.h memalloc_flags_save @fidelity dup Emits `scope`. */
export function memalloc_flags_save(k: Kernel, flags: number): number {
  return enter(k, flags);
}

/** @kernel include/linux/sched/mm.h memalloc_flags_restore @fidelity dup Emits `scope`. */
export function memalloc_flags_restore(k: Kernel, flags: number): void {
  leave(k, scopeOf(flags), flags);
}

/** @kernel include/linux/sched/mm.h memalloc_noreclaim_save @fidelity dup Emits `scope`. */
export function memalloc_noreclaim_save(k: Kernel): number {
  return enter(k, PF_MEMALLOC);
}

/** @kernel include/linux/sched/mm.h memalloc_noreclaim_restore @fidelity dup Emits `scope`. */
export function memalloc_noreclaim_restore(k: Kernel, flags: number): void {
  leave(k, 'noreclaim', flags);
}

/** @kernel include/linux/sched/mm.h memalloc_nofs_save @fidelity dup Emits `scope`. */
export function memalloc_nofs_save(k: Kernel): number {
  return enter(k, PF_MEMALLOC_NOFS);
}

/** @kernel include/linux/sched/mm.h memalloc_nofs_restore @fidelity dup Emits `scope`. */
export function memalloc_nofs_restore(k: Kernel, flags: number): void {
  leave(k, 'nofs', flags);
}

/** @kernel include/linux/sched/mm.h memalloc_noio_save @fidelity dup Emits `scope`. */
export function memalloc_noio_save(k: Kernel): number {
  return enter(k, PF_MEMALLOC_NOIO);
}

/** @kernel include/linux/sched/mm.h memalloc_noio_restore @fidelity dup Emits `scope`. */
export function memalloc_noio_restore(k: Kernel, flags: number): void {
  leave(k, 'noio', flags);
}

/**
 * Enters the scope that a mask implies: no reclaim where it may not block, else no FS or no IO.
 * @kernel mm/vmalloc.c memalloc_apply_gfp_scope newer
 * @fidelity dup
 * @returns what memalloc_restore_scope() needs; 0 when the task was in that scope already. Emits `scope`.
 */
export function memalloc_apply_gfp_scope(k: Kernel, gfp_mask: number): number {
  const wanted = impliedFlag(gfp_mask);
  const { flags } = k.structs.task_struct(k.globals['init_task']!);
  return (~flags & wanted) === 0 ? 0 : enter(k, wanted);
}

function impliedFlag(gfp_mask: number): number {
  if ((gfp_mask & __GFP_DIRECT_RECLAIM) === 0) return PF_MEMALLOC;
  if ((gfp_mask & (__GFP_FS | __GFP_IO)) === __GFP_IO) return PF_MEMALLOC_NOFS;
  return (gfp_mask & (__GFP_FS | __GFP_IO)) === 0 ? PF_MEMALLOC_NOIO : 0;
}

/** @kernel mm/vmalloc.c memalloc_restore_scope newer @fidelity dup Emits `scope`. */
export function memalloc_restore_scope(k: Kernel, flags: number): void {
  if (flags !== 0) k.memalloc_flags_restore(flags);
}

/**
 * The mask without what the running task forbids.
 * @kernel include/linux/sched/mm.h current_gfp_context
 * @fidelity dup
 */
export function current_gfp_context(k: Kernel, flags: number): number {
  const task = k.structs.task_struct(k.globals['init_task']!).flags;
  if ((task & PF_MEMALLOC_NOIO) !== 0) return toUnsigned32(flags & ~(__GFP_IO | __GFP_FS));
  return (task & PF_MEMALLOC_NOFS) !== 0 ? toUnsigned32(flags & ~__GFP_FS) : flags;
}
