// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../../base/units.ts';
import { KernelBug, type Kernel } from '../../kernel.ts';

/** `count` of struct rw_semaphore: readers, or -1 for a writer. */
const WRITER = -1;

function change(k: Kernel, sem: Ptr, kind: 'acquire' | 'release', count: number): void {
  k.mem.st32(sem, count);
  k.trace.emit({ kind: 'lock', change: kind, lock: sem, name: k.nameOf(sem) || 'rw_semaphore' });
}

function deadlock(k: Kernel): never {
  const condition = 'deadlock: the semaphore is held already';
  k.trace.emit({ kind: 'warn', call: 'BUG', condition });
  throw new KernelBug(condition);
}

/** @kernel kernel/locking/rwsem.c __init_rwsem @fidelity dup */
export function init_rwsem(k: Kernel, sem: Ptr): void {
  k.mem.st32(sem, 0);
}

/**
 * @kernel kernel/locking/rwsem.c down_read
 * @fidelity custom: waiting for a writer is a deadlock. Emits `lock`.
 */
export function down_read(k: Kernel, sem: Ptr): void {
  if (k.down_read_trylock(sem) === 0) deadlock(k);
}

/** @kernel kernel/locking/rwsem.c down_read_trylock @fidelity dup Emits `lock`. */
export function down_read_trylock(k: Kernel, sem: Ptr): number {
  const readers = k.mem.lds32(sem);
  if (readers === WRITER) return 0;
  change(k, sem, 'acquire', readers + 1);
  return 1;
}

/** @kernel kernel/locking/rwsem.c up_read @fidelity dup Emits `lock`. */
export function up_read(k: Kernel, sem: Ptr): void {
  change(k, sem, 'release', k.mem.lds32(sem) - 1);
}

/** @kernel kernel/locking/rwsem.c down_write @fidelity custom: waiting is a deadlock. Emits `lock`. */
export function down_write(k: Kernel, sem: Ptr): void {
  if (k.down_write_trylock(sem) === 0) deadlock(k);
}

/** @kernel kernel/locking/rwsem.c down_write_trylock @fidelity dup Emits `lock`. */
export function down_write_trylock(k: Kernel, sem: Ptr): number {
  if (k.mem.lds32(sem) !== 0) return 0;
  change(k, sem, 'acquire', WRITER);
  return 1;
}

/** @kernel kernel/locking/rwsem.c up_write @fidelity dup Emits `lock`. */
export function up_write(k: Kernel, sem: Ptr): void {
  change(k, sem, 'release', 0);
}

/** @kernel kernel/locking/rwsem.c downgrade_write @fidelity dup */
export function downgrade_write(k: Kernel, sem: Ptr): void {
  k.mem.st32(sem, 1);
}

/** @kernel include/linux/mmap_lock.h mmap_read_lock @fidelity dup Emits `lock`. */
export function mmap_read_lock(k: Kernel, mm: Ptr): void {
  k.down_read(k.structs.mm_struct(mm).mmap_lock);
}

/** @kernel include/linux/mmap_lock.h mmap_read_trylock @fidelity dup Emits `lock`. */
export function mmap_read_trylock(k: Kernel, mm: Ptr): number {
  return k.down_read_trylock(k.structs.mm_struct(mm).mmap_lock);
}

/** @kernel include/linux/mmap_lock.h mmap_read_unlock @fidelity dup Emits `lock`. */
export function mmap_read_unlock(k: Kernel, mm: Ptr): void {
  k.up_read(k.structs.mm_struct(mm).mmap_lock);
}

/** @kernel include/linux/mmap_lock.h mmap_write_lock @fidelity dup Emits `lock`. */
export function mmap_write_lock(k: Kernel, mm: Ptr): void {
  k.down_write(k.structs.mm_struct(mm).mmap_lock);
}

/** @kernel include/linux/mmap_lock.h mmap_write_unlock @fidelity dup Emits `lock`. */
export function mmap_write_unlock(k: Kernel, mm: Ptr): void {
  k.up_write(k.structs.mm_struct(mm).mmap_lock);
}
