// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../../base/units.ts';
import { KernelBug, type KernelWorld } from '../../kernel.ts';

/**
 * Locks are one word that is 0 while nobody holds them. One CPU runs, so waiting for a held lock never
 * ends.
 */
const FREE = 0;
const HELD = 1;

export function initialise(k: KernelWorld, lock: Ptr): void {
  k.mem.st32(lock, FREE);
}

export function isHeld(k: KernelWorld, lock: Ptr): number {
  return k.mem.ld32(lock) === FREE ? 0 : 1;
}

export function acquire(k: KernelWorld, lock: Ptr): void {
  if (tryAcquire(k, lock) === 1) return;
  const condition = `deadlock: ${nameOf(k, lock)} is held already`;
  k.trace.emit({ kind: 'warn', call: 'BUG', condition });
  throw new KernelBug(condition);
}

export function tryAcquire(k: KernelWorld, lock: Ptr): number {
  if (isHeld(k, lock) === 1) return 0;
  k.mem.st32(lock, HELD);
  k.trace.emit({ kind: 'lock', change: 'acquire', lock, name: nameOf(k, lock) });
  return 1;
}

export function release(k: KernelWorld, lock: Ptr): void {
  if (isHeld(k, lock) === 0) {
    k.trace.emit({ kind: 'warn', call: 'BUG', condition: `${nameOf(k, lock)} is released but not held` });
  }
  k.mem.st32(lock, FREE);
  k.trace.emit({ kind: 'lock', change: 'release', lock, name: nameOf(k, lock) });
}

/** `vmap_purge_lock`, `vmap_block.lock`. */
function nameOf(k: KernelWorld, lock: Ptr): string {
  return k.nameOf(lock) || 'lock';
}
