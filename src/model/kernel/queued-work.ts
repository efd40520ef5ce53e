// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { runDeferredCalls } from './deferred-call.ts';
import { partOfState } from '../part-of-state.ts';

/** Work that waits, oldest first. */
export const workQueue = partOfState((): { work: Ptr[] } => ({ work: [] }));

/** Is anything put off to the workers? */
export function hasWork(k: Kernel): boolean {
  return k.state(workQueue).work.length > 0;
}

/** Is anything but the variable of that name? */
export function hasWorkBeside(k: Kernel, name: string): boolean {
  return k.state(workQueue).work.some((work) => k.mem.objectAt(work)?.name !== name);
}

/** Runs one item that waits. */
export function run(k: Kernel, work: Ptr): void {
  const queue = k.state(workQueue);
  queue.work = queue.work.filter((each) => each !== work);
  const item = k.structs.work_struct(work);
  item.pending = 0;
  k.callPointer(item.func, work);
}

/**
 * Runs what is queued, and what that queues, until nothing is left: what the workers would have done by
 * now.
 */
export function drainWork(k: Kernel): void {
  for (;;) {
    runDeferredCalls(k);
    const next = k.state(workQueue).work[0];
    if (next === undefined) return;
    run(k, next);
  }
}
