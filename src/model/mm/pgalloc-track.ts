// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { addToMask, PGTBL } from './page-table-mask.ts';

// include/linux/mm.h and mm/pgalloc-track.h: find the entry below, making its table if need be. 0 for no memory.

/** @kernel include/linux/mm.h p4d_alloc @fidelity dup Emits `walk`. */
export function p4d_alloc(k: Kernel, mm: Ptr, pgd: Ptr, addr: VirtAddr): Ptr {
  if (k.pgd_none(k.mem.ldDescriptor(pgd)) !== 0 && k.__p4d_alloc(mm, pgd, addr) !== 0) return 0;
  return k.p4d_offset(pgd, addr);
}

/** @kernel include/linux/mm.h pud_alloc @fidelity dup Emits `walk`. */
export function pud_alloc(k: Kernel, mm: Ptr, p4d: Ptr, addr: VirtAddr): Ptr {
  if (k.p4d_none(k.mem.ldDescriptor(p4d)) !== 0 && k.__pud_alloc(mm, p4d, addr) !== 0) return 0;
  return k.pud_offset(p4d, addr);
}

/** @kernel include/linux/mm.h pmd_alloc @fidelity dup Emits `walk`. */
export function pmd_alloc(k: Kernel, mm: Ptr, pud: Ptr, addr: VirtAddr): Ptr {
  if (k.pud_none(k.mem.ldDescriptor(pud)) !== 0 && k.__pmd_alloc(mm, pud, addr) !== 0) return 0;
  return k.pmd_offset(pud, addr);
}

/** @kernel include/linux/mm.h pte_alloc_kernel @fidelity dup Emits `walk`. */
export function pte_alloc_kernel(k: Kernel, pmd: Ptr, addr: VirtAddr): Ptr {
  if (k.pmd_none(k.mem.ldDescriptor(pmd)) !== 0 && k.__pte_alloc_kernel(pmd) !== 0) return 0;
  return k.pte_offset_kernel(pmd, addr);
}

/**
 * Notes a new table in `*mod_mask`.
 * @kernel mm/pgalloc-track.h p4d_alloc_track
 * @fidelity dup Emits `walk`.
 */
export function p4d_alloc_track(k: Kernel, mm: Ptr, pgd: Ptr, addr: VirtAddr, mod_mask: Ptr): Ptr {
  if (k.pgd_none(k.mem.ldDescriptor(pgd)) !== 0) {
    if (k.__p4d_alloc(mm, pgd, addr) !== 0) return 0;
    addToMask(k, mod_mask, PGTBL.PGD_MODIFIED);
  }
  return k.p4d_offset(pgd, addr);
}

/** @kernel mm/pgalloc-track.h pud_alloc_track @fidelity dup Emits `walk`. */
export function pud_alloc_track(k: Kernel, mm: Ptr, p4d: Ptr, addr: VirtAddr, mod_mask: Ptr): Ptr {
  if (k.p4d_none(k.mem.ldDescriptor(p4d)) !== 0) {
    if (k.__pud_alloc(mm, p4d, addr) !== 0) return 0;
    addToMask(k, mod_mask, PGTBL.P4D_MODIFIED);
  }
  return k.pud_offset(p4d, addr);
}

/** @kernel mm/pgalloc-track.h pmd_alloc_track @fidelity dup Emits `walk`. */
export function pmd_alloc_track(k: Kernel, mm: Ptr, pud: Ptr, addr: VirtAddr, mod_mask: Ptr): Ptr {
  if (k.pud_none(k.mem.ldDescriptor(pud)) !== 0) {
    if (k.__pmd_alloc(mm, pud, addr) !== 0) return 0;
    addToMask(k, mod_mask, PGTBL.PUD_MODIFIED);
  }
  return k.pmd_offset(pud, addr);
}

/** @kernel mm/pgalloc-track.h pte_alloc_kernel_track @fidelity dup Emits `walk`. */
export function pte_alloc_kernel_track(k: Kernel, pmd: Ptr, addr: VirtAddr, mask: Ptr): Ptr {
  if (k.pmd_none(k.mem.ldDescriptor(pmd)) !== 0) {
    if (k.__pte_alloc_kernel(pmd) !== 0) return 0;
    addToMask(k, mask, PGTBL.PMD_MODIFIED);
  }
  return k.pte_offset_kernel(pmd, addr);
}
