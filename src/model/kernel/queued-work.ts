// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { runDeferredCalls } from './deferred-call.ts';
import { partOfState } from '../part-of-state.ts';
import { hasPendingInterrupt, takeInterrupt } from './pending-interrupts.ts';

interface WorkQueue {
  /** What waits, oldest first. */
  work: Ptr[];
  /** What the workers have done since they were let run; undefined while they are not. */
  done: Set<Ptr> | undefined;
  /** What waits for its time again: the next time that the workers run. */
  later: Ptr[];
}

export const workQueue = partOfState((): WorkQueue => ({ work: [], done: undefined, later: [] }));

/** How many items the workers do in one go: more are of work that asks for itself again and again. */
const MOST_ITEMS = 10_000;

/** Is anything put off to the workers, or to an interrupt? */
export function hasWork(k: Kernel): boolean {
  const { work, later } = k.state(workQueue);
  return work.length > 0 || later.length > 0 || hasPendingInterrupt(k);
}

/** Is anything but the variable of that name? */
export function hasWorkBeside(k: Kernel, name: string): boolean {
  return k.state(workQueue).work.some((work) => k.mem.objectAt(work)?.name !== name);
}

/** Takes one item off that waits. */
export function forget(k: Kernel, work: Ptr): void {
  const queue = k.state(workQueue);
  queue.work = queue.work.filter((each) => each !== work);
  queue.later = queue.later.filter((each) => each !== work);
  k.structs.work_struct(work).pending = 0;
}

/** Runs one item that waits. */
export function run(k: Kernel, work: Ptr): void {
  forget(k, work);
  k.callPointer(k.structs.work_struct(work).func, work);
}

/**
 * Runs what is queued, and what that queues, until nothing is left: what interrupts and the workers would have done by
 * now. Delayed work that queues itself again runs once: its time comes with the next call. What never comes to an end
 * is a loop without fuel.
 */
export function drainWork(k: Kernel): void {
  const queue = k.state(workQueue);
  const outer = queue.done;
  queue.done = outer ?? new Set();
  try {
    drain(k, queue.done);
  } finally {
    queue.done = outer;
    if (outer === undefined) queue.work.push(...queue.later.splice(0));
  }
}

function drain(k: Kernel, done: Set<Ptr>): void {
  for (let items = 0; ; items++) {
    if (items > MOST_ITEMS) k.spin();
    runDeferredCalls(k);
    const [next] = k.state(workQueue).work;
    if (hasPendingInterrupt(k)) takeInterrupt(k);
    else if (next === undefined) return;
    else {
      done.add(next);
      run(k, next);
    }
  }
}
