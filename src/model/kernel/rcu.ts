// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { executionContext } from './interrupt-state.ts';

/** @kernel include/linux/rcupdate.h rcu_read_lock @fidelity custom: only what sleeps notices. Emits `scope`. */
export function rcu_read_lock(k: Kernel): void {
  k.state(executionContext).rcuReaders++;
  k.trace.emit({ kind: 'scope', scope: 'rcu', change: 'enter' });
}

/** @kernel include/linux/rcupdate.h rcu_read_unlock @fidelity custom: see rcu_read_lock(). Emits `scope`. */
export function rcu_read_unlock(k: Kernel): void {
  k.state(executionContext).rcuReaders--;
  k.trace.emit({ kind: 'scope', scope: 'rcu', change: 'leave' });
}

/**
 * Nothing runs beside the caller: the grace period is over at once.
 * @kernel kernel/rcu/tree.c call_rcu
 * @fidelity custom: calls now
 */
export function call_rcu(k: Kernel, head: Ptr, func: Ptr): void {
  k.callPointer(func, head);
}
