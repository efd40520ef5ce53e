// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../../base/units.ts';
import type { Kernel } from '../../kernel.ts';
import { executionContext } from '../interrupt-state.ts';
import { acquire, initialise, isHeld, release, tryAcquire } from './lock-word.ts';

// kernel/locking/spinlock.c. Interrupt and bottom-half states are not modelled: one context runs. Who holds one of these
// may not sleep.

function take(k: Kernel, lock: Ptr): void {
  acquire(k, lock);
  k.state(executionContext).spinlocks.push(lock);
}

function give(k: Kernel, lock: Ptr): void {
  release(k, lock);
  const { spinlocks } = k.state(executionContext);
  const held = spinlocks.lastIndexOf(lock);
  if (held >= 0) spinlocks.splice(held, 1);
}

/** @kernel include/linux/spinlock.h spin_lock_init @fidelity dup */
export function spin_lock_init(k: Kernel, lock: Ptr): void {
  initialise(k, lock);
}

/**
 * @kernel kernel/locking/spinlock.c _raw_spin_lock
 * @fidelity custom: a held lock is a deadlock. Emits `lock`.
 */
export function spin_lock(k: Kernel, lock: Ptr): void {
  take(k, lock);
}

/** @kernel kernel/locking/spinlock.c _raw_spin_trylock @fidelity dup Emits `lock`. */
export function spin_trylock(k: Kernel, lock: Ptr): number {
  const taken = tryAcquire(k, lock);
  if (taken !== 0) k.state(executionContext).spinlocks.push(lock);
  return taken;
}

/** @kernel kernel/locking/spinlock.c _raw_spin_unlock @fidelity dup Emits `lock`. */
export function spin_unlock(k: Kernel, lock: Ptr): void {
  give(k, lock);
}

/** @kernel include/linux/spinlock.h spin_is_locked @fidelity dup */
export function spin_is_locked(k: Kernel, lock: Ptr): number {
  return isHeld(k, lock);
}

/** @kernel include/linux/spinlock.h raw_spin_lock_init @fidelity dup */
export function raw_spin_lock_init(k: Kernel, lock: Ptr): void {
  initialise(k, lock);
}

/**
 * @kernel include/linux/spinlock.h raw_spin_lock
 * @fidelity custom: a held lock is a deadlock. Emits `lock`.
 */
export function raw_spin_lock(k: Kernel, lock: Ptr): void {
  take(k, lock);
}

/** @kernel include/linux/spinlock.h raw_spin_unlock @fidelity dup Emits `lock`. */
export function raw_spin_unlock(k: Kernel, lock: Ptr): void {
  give(k, lock);
}

/** @kernel include/linux/rwlock.h rwlock_init @fidelity dup */
export function rwlock_init(k: Kernel, lock: Ptr): void {
  initialise(k, lock);
}

/** @kernel include/linux/rwlock.h read_lock @fidelity custom: readers exclude each other. Emits `lock`. */
export function read_lock(k: Kernel, lock: Ptr): void {
  take(k, lock);
}

/** @kernel include/linux/rwlock.h read_unlock @fidelity custom: see read_lock(). Emits `lock`. */
export function read_unlock(k: Kernel, lock: Ptr): void {
  give(k, lock);
}

/** @kernel include/linux/rwlock.h write_lock @fidelity custom: a held lock is a deadlock. Emits `lock`. */
export function write_lock(k: Kernel, lock: Ptr): void {
  take(k, lock);
}

/** @kernel include/linux/rwlock.h read_trylock @fidelity custom: see read_lock(). Emits `lock`. */
export function read_trylock(k: Kernel, lock: Ptr): number {
  return k.spin_trylock(lock);
}

/** @kernel include/linux/rwlock.h write_trylock @fidelity dup Emits `lock`. */
export function write_trylock(k: Kernel, lock: Ptr): number {
  return k.spin_trylock(lock);
}

/** @kernel include/linux/rwlock.h write_unlock @fidelity dup Emits `lock`. */
export function write_unlock(k: Kernel, lock: Ptr): void {
  give(k, lock);
}

/** @kernel include/linux/preempt.h preempt_disable @fidelity custom: only what sleeps notices. Emits `scope`. */
export function preempt_disable(k: Kernel): void {
  k.state(executionContext).preemptOff++;
  k.trace.emit({ kind: 'scope', scope: 'preempt', change: 'enter' });
}

/** @kernel include/linux/preempt.h preempt_enable @fidelity custom: see preempt_disable(). Emits `scope`. */
export function preempt_enable(k: Kernel): void {
  k.state(executionContext).preemptOff--;
  k.trace.emit({ kind: 'scope', scope: 'preempt', change: 'leave' });
}
