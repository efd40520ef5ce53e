// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { deferCall } from './deferred-call.ts';
import { endGracePeriod, waitingObjects } from './waiting-objects.ts';

/**
 * Frees `ptr`, of kmalloc() or vmalloc(), after a grace period. Without a head to queue it by, the caller may have to
 * wait.
 * @kernel kernel/rcu/tree.c kvfree_call_rcu
 * @fidelity custom: the grace period is over when workers run
 */
export function kvfree_call_rcu(k: Kernel, head: Ptr, ptr: Ptr): void {
  if (head === 0) k.might_sleep();
  k.state(waitingObjects).objects.push(ptr);
  deferCall(k, 'kvfree_call_rcu', () => endGracePeriod(k));
}
