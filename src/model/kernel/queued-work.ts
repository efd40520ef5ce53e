// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { runDeferredCalls } from './deferred-call.ts';

/** Work that waits, oldest first. */
export const makeQueue = (): { work: Ptr[] } => ({ work: [] });

/** Is anything put off to the workers? */
export function hasWork(k: Kernel): boolean {
  return k.state(makeQueue).work.length > 0;
}

/** Runs one item that waits. */
export function run(k: Kernel, work: Ptr): void {
  const queue = k.state(makeQueue);
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
    const next = k.state(makeQueue).work[0];
    if (next === undefined) return;
    run(k, next);
  }
}
