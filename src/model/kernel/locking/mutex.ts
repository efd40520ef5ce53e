// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../../base/units.ts';
import type { Kernel } from '../../kernel.ts';
import { acquire, initialise, isHeld, release, tryAcquire } from './lock-word.ts';

/** @kernel kernel/locking/mutex.c __mutex_init @fidelity dup */
export function mutex_init(k: Kernel, lock: Ptr): void {
  initialise(k, lock);
}

/** @kernel kernel/locking/mutex.c mutex_lock @fidelity custom: a held mutex is a deadlock. Emits `lock`, `warn`. */
export function mutex_lock(k: Kernel, lock: Ptr): void {
  k.might_sleep();
  acquire(k, lock);
}

/** @kernel kernel/locking/mutex.c mutex_trylock @fidelity dup Emits `lock`. */
export function mutex_trylock(k: Kernel, lock: Ptr): number {
  return tryAcquire(k, lock);
}

/** @kernel kernel/locking/mutex.c mutex_unlock @fidelity dup Emits `lock`. */
export function mutex_unlock(k: Kernel, lock: Ptr): void {
  release(k, lock);
}

/** @kernel kernel/locking/mutex.c mutex_is_locked @fidelity dup */
export function mutex_is_locked(k: Kernel, lock: Ptr): number {
  return isHeld(k, lock);
}
