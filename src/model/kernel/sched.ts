// SPDX-License-Identifier: GPL-2.0-only
import { toUnsigned32 } from '../../base/u64.ts';
import type { Kernel } from '../kernel.ts';
import { __GFP_FS, __GFP_IO } from '../mm/gfp-bits.ts';

// include/linux/sched/mm.h: what the running task forbids its allocations.

const PF_MEMALLOC_NOFS = 0x40000;
const PF_MEMALLOC_NOIO = 0x80000;

/** @kernel include/linux/smp.h smp_processor_id @fidelity dup */
export function smp_processor_id(k: Kernel): number {
  return k.cpu;
}

/** Forbids something; returns the flag if it was not forbidden before, for leave(). */
function enter(k: Kernel, scope: 'nofs' | 'noio', flag: number): number {
  const task = k.structs.task_struct(k.globals['init_task']!);
  const added = ~task.flags & flag;
  task.flags = toUnsigned32(task.flags | flag);
  k.trace.emit({ kind: 'scope', scope, change: 'enter' });
  return added;
}

function leave(k: Kernel, scope: 'nofs' | 'noio', added: number): void {
  const task = k.structs.task_struct(k.globals['init_task']!);
  task.flags = toUnsigned32(task.flags & ~added);
  k.trace.emit({ kind: 'scope', scope, change: 'leave' });
}

/** @kernel include/linux/sched/mm.h memalloc_nofs_save @fidelity dup Emits `scope`. */
export function memalloc_nofs_save(k: Kernel): number {
  return enter(k, 'nofs', PF_MEMALLOC_NOFS);
}

/** @kernel include/linux/sched/mm.h memalloc_nofs_restore @fidelity dup Emits `scope`. */
export function memalloc_nofs_restore(k: Kernel, flags: number): void {
  leave(k, 'nofs', flags);
}

/** @kernel include/linux/sched/mm.h memalloc_noio_save @fidelity dup Emits `scope`. */
export function memalloc_noio_save(k: Kernel): number {
  return enter(k, 'noio', PF_MEMALLOC_NOIO);
}

/** @kernel include/linux/sched/mm.h memalloc_noio_restore @fidelity dup Emits `scope`. */
export function memalloc_noio_restore(k: Kernel, flags: number): void {
  leave(k, 'noio', flags);
}

/**
 * Enters the scope that a mask without __GFP_FS or __GFP_IO implies.
 * @kernel mm/vmalloc.c memalloc_apply_gfp_scope
 * @fidelity dup
 * @returns what memalloc_restore_scope() needs; 0 when nothing was entered. Emits `scope`.
 */
export function memalloc_apply_gfp_scope(k: Kernel, gfp_mask: number): number {
  const forbidden = ~gfp_mask & (__GFP_FS | __GFP_IO);
  const { flags } = k.structs.task_struct(k.globals['init_task']!);
  if (forbidden === __GFP_FS && (flags & PF_MEMALLOC_NOFS) === 0) return enter(k, 'nofs', PF_MEMALLOC_NOFS);
  if ((forbidden & __GFP_IO) !== 0 && (flags & PF_MEMALLOC_NOIO) === 0)
    return enter(k, 'noio', PF_MEMALLOC_NOIO);
  return 0;
}

/** @kernel mm/vmalloc.c memalloc_restore_scope @fidelity dup Emits `scope`. */
export function memalloc_restore_scope(k: Kernel, flags: number): void {
  if (flags !== 0) leave(k, flags === PF_MEMALLOC_NOIO ? 'noio' : 'nofs', flags);
}

/** The mask without what the running task forbids. @kernel include/linux/sched/mm.h current_gfp_context @fidelity dup */
export function current_gfp_context(k: Kernel, flags: number): number {
  const task = k.structs.task_struct(k.globals['init_task']!).flags;
  if ((task & PF_MEMALLOC_NOIO) !== 0) return toUnsigned32(flags & ~(__GFP_IO | __GFP_FS));
  return (task & PF_MEMALLOC_NOFS) !== 0 ? toUnsigned32(flags & ~__GFP_FS) : flags;
}
