// SPDX-License-Identifier: GPL-2.0-only
import { toUnsigned32 } from '../../../../base/u64.ts';
import type { Kernel } from '../../../kernel.ts';
import { __GFP_DIRECT_RECLAIM, __GFP_FS, __GFP_IO } from '../../../mm/gfp-bits.ts';
import { PF_MEMALLOC, PF_MEMALLOC_NOFS, PF_MEMALLOC_NOIO } from '../../../mm/task-flags.ts';

// include/linux/sched/mm.h: what the running task forbids its allocations.

/**
 * Said by allocators: a mask that allows waiting for memory may sleep. Who frees memory for others (PF_MEMALLOC) never
 * waits for it.
 * @kernel include/linux/sched/mm.h might_alloc
 * @fidelity custom: see might_sleep(). Emits `warn`.
 */
export function might_alloc(k: Kernel, gfp_mask: number): void {
  if ((gfp_mask & __GFP_DIRECT_RECLAIM) === 0) return;
  if ((k.structs.task_struct(k.globals['init_task']!).flags & PF_MEMALLOC) === 0) k.might_sleep();
}

/** What a flag's scope is called in events. */
function scopeOf(flags: number): string {
  if ((flags & PF_MEMALLOC_NOIO) !== 0) return 'noio';
  return (flags & PF_MEMALLOC_NOFS) !== 0 ? 'nofs' : 'noreclaim';
}

/** Forbids something; returns the flags that were not set before, for leave(). */
function enter(k: Kernel, flags: number): number {
  const task = k.structs.task_struct(k.globals['init_task']!);
  const added = ~task.flags & flags;
  task.flags = toUnsigned32(task.flags | flags);
  k.trace.emit({ kind: 'scope', scope: scopeOf(flags), change: 'enter' });
  return added;
}

function leave(k: Kernel, scope: string, added: number): void {
  const task = k.structs.task_struct(k.globals['init_task']!);
  task.flags = toUnsigned32(task.flags & ~added);
  k.trace.emit({ kind: 'scope', scope, change: 'leave' });
}

/** @kernel include/linux/sched/mm.h memalloc_flags_save @fidelity dup Emits `scope`. */
export function memalloc_flags_save(k: Kernel, flags: number): number {
  return enter(k, flags);
}

/** @kernel include/linux/sched/mm.h memalloc_flags_restore @fidelity dup Emits `scope`. */
export function memalloc_flags_restore(k: Kernel, flags: number): void {
  leave(k, scopeOf(flags), flags);
}

/** @kernel include/linux/sched/mm.h memalloc_noreclaim_save @fidelity dup Emits `scope`. */
export function memalloc_noreclaim_save(k: Kernel): number {
  return enter(k, PF_MEMALLOC);
}

/** @kernel include/linux/sched/mm.h memalloc_noreclaim_restore @fidelity dup Emits `scope`. */
export function memalloc_noreclaim_restore(k: Kernel, flags: number): void {
  leave(k, 'noreclaim', flags);
}

/** @kernel include/linux/sched/mm.h memalloc_nofs_save @fidelity dup Emits `scope`. */
export function memalloc_nofs_save(k: Kernel): number {
  return enter(k, PF_MEMALLOC_NOFS);
}

/** @kernel include/linux/sched/mm.h memalloc_nofs_restore @fidelity dup Emits `scope`. */
export function memalloc_nofs_restore(k: Kernel, flags: number): void {
  leave(k, 'nofs', flags);
}

/** @kernel include/linux/sched/mm.h memalloc_noio_save @fidelity dup Emits `scope`. */
export function memalloc_noio_save(k: Kernel): number {
  return enter(k, PF_MEMALLOC_NOIO);
}

/** @kernel include/linux/sched/mm.h memalloc_noio_restore @fidelity dup Emits `scope`. */
export function memalloc_noio_restore(k: Kernel, flags: number): void {
  leave(k, 'noio', flags);
}

/**
 * The mask without what the running task forbids.
 * @kernel include/linux/sched/mm.h current_gfp_context
 * @fidelity dup
 */
export function current_gfp_context(k: Kernel, flags: number): number {
  const task = k.structs.task_struct(k.globals['init_task']!).flags;
  if ((task & PF_MEMALLOC_NOIO) !== 0) return toUnsigned32(flags & ~(__GFP_IO | __GFP_FS));
  return (task & PF_MEMALLOC_NOFS) !== 0 ? toUnsigned32(flags & ~__GFP_FS) : flags;
}
