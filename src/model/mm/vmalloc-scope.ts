// SPDX-License-Identifier: GPL-2.0-only
import type { Kernel } from '../kernel.ts';
import { __GFP_DIRECT_RECLAIM, __GFP_FS, __GFP_IO } from './gfp-bits.ts';
import { PF_MEMALLOC, PF_MEMALLOC_NOFS, PF_MEMALLOC_NOIO } from './task-flags.ts';

// mm/vmalloc.c: what a mask forbids holds for page tables too, whose allocations are given no mask.

/**
 * Enters the scope that a mask implies: no reclaim where it may not block, else no FS or no IO.
 * @kernel mm/vmalloc.c memalloc_apply_gfp_scope newer
 * @fidelity dup
 * @returns what memalloc_restore_scope() needs; 0 when the task was in that scope already. Emits `scope`.
 */
export function memalloc_apply_gfp_scope(k: Kernel, gfp_mask: number): number {
  const wanted = impliedFlag(gfp_mask);
  const { flags } = k.structs.task_struct(k.globals['init_task']!);
  return (~flags & wanted) === 0 ? 0 : k.memalloc_flags_save(wanted);
}

function impliedFlag(gfp_mask: number): number {
  if ((gfp_mask & __GFP_DIRECT_RECLAIM) === 0) return PF_MEMALLOC;
  if ((gfp_mask & (__GFP_FS | __GFP_IO)) === __GFP_IO) return PF_MEMALLOC_NOFS;
  return (gfp_mask & (__GFP_FS | __GFP_IO)) === 0 ? PF_MEMALLOC_NOIO : 0;
}

/** @kernel mm/vmalloc.c memalloc_restore_scope newer @fidelity dup Emits `scope`. */
export function memalloc_restore_scope(k: Kernel, flags: number): void {
  if (flags !== 0) k.memalloc_flags_restore(flags);
}
