// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { GFP_KERNEL } from '../mm/gfp.ts';
import { drainWork, forget, run, workQueue } from './queued-work.ts';

// kernel/workqueue.c: work is kept until drainWork() or flush_work() runs it; nothing runs by itself.

/** @kernel include/linux/workqueue.h INIT_WORK @fidelity dup */
export function __init_work(k: Kernel, work: Ptr, func: Ptr): void {
  const item = k.structs.work_struct(work);
  item.pending = 0;
  k.INIT_LIST_HEAD(item.entry);
  item.func = func;
}

/** @kernel include/linux/workqueue.h schedule_work @fidelity custom: see drainWork() */
export function schedule_work(k: Kernel, work: Ptr): number {
  const item = k.structs.work_struct(work);
  if (item.pending !== 0) return 0;
  item.pending = 1;
  k.state(workQueue).work.push(work);
  return 1;
}

/** @kernel include/linux/workqueue.h queue_work @fidelity custom: one queue */
export function queue_work(k: Kernel, _wq: Ptr, work: Ptr): number {
  return k.schedule_work(work);
}

/** @kernel kernel/workqueue.c queue_work_on @fidelity custom: one queue */
export function queue_work_on(k: Kernel, _cpu: number, _wq: Ptr, work: Ptr): number {
  return k.schedule_work(work);
}

/**
 * @kernel include/linux/workqueue.h queue_delayed_work
 * @fidelity custom: there is no time, but what the workers have just done is not due again before they run anew
 */
export function queue_delayed_work(k: Kernel, _wq: Ptr, dwork: Ptr, delay: number): number {
  const { done, work, later } = k.state(workQueue);
  const queued = k.schedule_work(dwork);
  if (queued !== 0 && delay !== 0 && done?.has(dwork) === true) {
    work.pop();
    later.push(dwork);
  }
  return queued;
}

/** @kernel kernel/workqueue.c alloc_workqueue @fidelity custom: a name for the one queue there is. Emits `alloc`. */
export function alloc_workqueue(k: Kernel, _fmt: Ptr, _flags: number, _max_active: number): Ptr {
  return k.kzalloc(k.sizeof('workqueue_struct'), GFP_KERNEL);
}

/** @kernel kernel/workqueue.c destroy_workqueue @fidelity custom: runs all that waits. Emits `free`. */
export function destroy_workqueue(k: Kernel, wq: Ptr): void {
  drainWork(k);
  k.kfree(wq);
}

/** @kernel kernel/workqueue.c flush_work @fidelity custom: runs it now */
export function flush_work(k: Kernel, work: Ptr): number {
  if (k.work_pending(work) === 0) return 0;
  run(k, work);
  return 1;
}

/** @kernel kernel/workqueue.c cancel_work @fidelity custom: see schedule_work() */
export function cancel_work(k: Kernel, work: Ptr): number {
  if (k.work_pending(work) === 0) return 0;
  forget(k, work);
  return 1;
}

/** @kernel kernel/workqueue.c cancel_work_sync @fidelity custom: nothing runs beside the caller. Emits `warn`. */
export function cancel_work_sync(k: Kernel, work: Ptr): number {
  k.might_sleep();
  return k.cancel_work(work);
}

/** @kernel include/linux/workqueue.h flush_scheduled_work @fidelity custom: runs now what the workers would have done by now */
export function flush_scheduled_work(k: Kernel): void {
  drainWork(k);
}

/** @kernel include/linux/workqueue.h work_pending @fidelity dup */
export function work_pending(k: Kernel, work: Ptr): number {
  return k.structs.work_struct(work).pending === 0 ? 0 : 1;
}
