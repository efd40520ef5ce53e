// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr, VirtAddr } from '../../../base/units.ts';
import type { LevelName } from '../../../trace/machine.ts';
import { allocateTable, freeTable } from '../../hardware/page-tables.ts';
import type { Kernel } from '../../kernel.ts';
import { holdPages } from '../../mm/compound-page.ts';
import { GFP_KERNEL } from '../../mm/gfp.ts';
import { mayAllocate, noteRefusal } from '../../mm/allocation-limit.ts';

// include/asm-generic/pgalloc.h: one zeroed frame for each table.

function takeTable(k: Kernel, name: LevelName): Ptr {
  k.might_alloc(GFP_KERNEL);
  const asked = { what: 'table', name: `${name} table` } as const;
  if (!mayAllocate(k, asked)) return 0;
  const table = allocateTable(k, name);
  if (table === 0) noteRefusal(k, asked);
  // Whoever gives it back may do that by its page.
  else holdPages(k, (table - k.machine.addresses.pageOffset) / k.pageSize, 1);
  return table;
}

/** @kernel arch/$SRCARCH/include/asm/pgalloc.h p4d_alloc_one @fidelity custom: no constructor. Emits `alloc`. */
export function p4d_alloc_one(k: Kernel, _mm: Ptr, _addr: VirtAddr): Ptr {
  return takeTable(k, 'p4d');
}

/** @kernel include/asm-generic/pgalloc.h pud_alloc_one @fidelity custom: no constructor. Emits `alloc`. */
export function pud_alloc_one(k: Kernel, _mm: Ptr, _addr: VirtAddr): Ptr {
  return takeTable(k, 'pud');
}

/** @kernel include/asm-generic/pgalloc.h pmd_alloc_one @fidelity custom: no constructor. Emits `alloc`. */
export function pmd_alloc_one(k: Kernel, _mm: Ptr, _addr: VirtAddr): Ptr {
  return takeTable(k, 'pmd');
}

/**
 * @kernel include/asm-generic/pgalloc.h pte_alloc_one_kernel
 * @fidelity custom: no constructor. Emits `alloc`.
 */
export function pte_alloc_one_kernel(k: Kernel, _mm: Ptr): Ptr {
  return takeTable(k, 'pte');
}

/** @kernel arch/$SRCARCH/include/asm/pgalloc.h p4d_free @fidelity custom: no destructor. Emits `free`. */
export function p4d_free(k: Kernel, _mm: Ptr, p4d: Ptr): void {
  freeTable(k, p4d);
}

/** @kernel include/asm-generic/pgalloc.h pud_free @fidelity custom: no destructor. Emits `free`. */
export function pud_free(k: Kernel, _mm: Ptr, pud: Ptr): void {
  freeTable(k, pud);
}

/** @kernel include/asm-generic/pgalloc.h pmd_free @fidelity custom: no destructor. Emits `free`. */
export function pmd_free(k: Kernel, _mm: Ptr, pmd: Ptr): void {
  freeTable(k, pmd);
}

/** @kernel include/asm-generic/pgalloc.h pte_free_kernel @fidelity custom: no destructor. Emits `free`. */
export function pte_free_kernel(k: Kernel, _mm: Ptr, pte: Ptr): void {
  freeTable(k, pte);
}
