// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { BUG_ON, WARN_ON } from './bug.ts';
import { entryEnd, isAligned, levelSizes } from './level-sizes.ts';
import { addToMask, PGTBL, withModMask } from './page-table-mask.ts';

// mm/vmalloc.c: clearing what the mapping functions wrote. Tables stay; only leaves go.

const ENTRY_BYTES = 8;

/**
 * Clears the PTEs of [addr, end): page by page, and contiguous runs each as a whole. A run that the range begins or
 * ends in is cleared whole too, with a warning: no entry of a run may outlive another.
 * @kernel mm/vmalloc.c vunmap_pte_range
 * @fidelity dup, with the runs and the lazy MMU mode of kernels from 6.16 on
 */
export function vunmap_pte_range(k: Kernel, pmd: Ptr, addr: VirtAddr, end: VirtAddr, mask: Ptr): void {
  const { pageSize } = levelSizes(k.machine);
  const runs = k.machine.config['CONFIG_HUGETLB_PAGE'] === true;
  const init_mm = k.globals['init_mm']!;
  let pte = k.pte_offset_kernel(pmd, addr);
  k.arch_enter_lazy_mmu_mode();
  do {
    let size = runs ? k.arch_vmap_pte_range_unmap_size(addr, pte) : pageSize;
    let ptent;
    if (size === pageSize) {
      ptent = k.ptep_get_and_clear(init_mm, addr, pte);
    } else {
      if (WARN_ON(k, !isAligned(addr, size), '!IS_ALIGNED(addr, size)')) {
        const start = Math.floor(addr / size) * size;
        pte -= ((addr - start) / pageSize) * ENTRY_BYTES;
        addr = start;
      }
      ptent = k.huge_ptep_get_and_clear(init_mm, addr, pte, size);
      if (WARN_ON(k, end - addr < size, 'end - addr < size')) size = end - addr;
    }
    WARN_ON(k, !k.pte_none(ptent) && !k.pte_present(ptent), '!pte_none(ptent) && !pte_present(ptent)');
    pte += (size / pageSize) * ENTRY_BYTES;
    addr += size;
  } while (addr !== end);
  k.arch_leave_lazy_mmu_mode();
  addToMask(k, mask, PGTBL.PTE_MODIFIED);
}

/**
 * Clears PMD blocks of [addr, end) and goes down where a table hangs. A block is cleared whole, whatever part of it
 * [addr, end) covers.
 * @kernel mm/vmalloc.c vunmap_pmd_range
 * @fidelity dup
 */
export function vunmap_pmd_range(k: Kernel, pud: Ptr, addr: VirtAddr, end: VirtAddr, mask: Ptr): void {
  const { pmdSize } = levelSizes(k.machine);
  let pmd = k.pmd_offset(pud, addr);
  do {
    const next = entryEnd(addr, end, pmdSize);
    const cleared = k.pmd_clear_huge(pmd);
    if (cleared || k.pmd_bad(k.mem.ldDescriptor(pmd))) addToMask(k, mask, PGTBL.PMD_MODIFIED);
    if (!cleared && !k.pmd_none_or_clear_bad(pmd)) k.vunmap_pte_range(pmd, addr, next, mask);
    pmd += ENTRY_BYTES;
    addr = next;
  } while (addr !== end);
}

/**
 * As vunmap_pmd_range(), one level up.
 * @kernel mm/vmalloc.c vunmap_pud_range
 * @fidelity dup
 */
export function vunmap_pud_range(k: Kernel, p4d: Ptr, addr: VirtAddr, end: VirtAddr, mask: Ptr): void {
  const { pudSize } = levelSizes(k.machine);
  let pud = k.pud_offset(p4d, addr);
  do {
    const next = entryEnd(addr, end, pudSize);
    const cleared = k.pud_clear_huge(pud);
    if (cleared || k.pud_bad(k.mem.ldDescriptor(pud))) addToMask(k, mask, PGTBL.PUD_MODIFIED);
    if (!cleared && !k.pud_none_or_clear_bad(pud)) k.vunmap_pmd_range(pud, addr, next, mask);
    pud += ENTRY_BYTES;
    addr = next;
  } while (addr !== end);
}

/**
 * As vunmap_pmd_range(), two levels up. A cleared P4D leaf is not noted in the mask: no machine has them.
 * @kernel mm/vmalloc.c vunmap_p4d_range
 * @fidelity dup
 */
export function vunmap_p4d_range(k: Kernel, pgd: Ptr, addr: VirtAddr, end: VirtAddr, mask: Ptr): void {
  const { p4dSize } = levelSizes(k.machine);
  let p4d = k.p4d_offset(pgd, addr);
  do {
    const next = entryEnd(addr, end, p4dSize);
    k.p4d_clear_huge(p4d);
    if (k.p4d_bad(k.mem.ldDescriptor(p4d))) addToMask(k, mask, PGTBL.P4D_MODIFIED);
    if (!k.p4d_none_or_clear_bad(p4d)) k.vunmap_pud_range(p4d, addr, next, mask);
    p4d += ENTRY_BYTES;
    addr = next;
  } while (addr !== end);
}

/**
 * Clears every leaf of [start, end). Flushes neither caches (to be done before) nor TLBs (before the addresses are
 * used again); tells arch_sync_kernel_mappings() of changed upper tables.
 * @kernel mm/vmalloc.c __vunmap_range_noflush
 * @fidelity dup
 */
export function __vunmap_range_noflush(k: Kernel, start: VirtAddr, end: VirtAddr): void {
  const { pgdSize } = levelSizes(k.machine);
  let addr = start;
  BUG_ON(k, addr >= end, '__vunmap_range_noflush: addr >= end');
  withModMask(k, start, end, (mask) => {
    let pgd = k.pgd_offset_k(addr);
    do {
      const next = entryEnd(addr, end, pgdSize);
      if (k.pgd_bad(k.mem.ldDescriptor(pgd))) addToMask(k, mask, PGTBL.PGD_MODIFIED);
      if (!k.pgd_none_or_clear_bad(pgd)) k.vunmap_p4d_range(pgd, addr, next, mask);
      pgd += ENTRY_BYTES;
      addr = next;
    } while (addr !== end);
    return 0;
  });
}

/**
 * __vunmap_range_noflush(), where KMSAN would first drop its shadow.
 * @kernel mm/vmalloc.c vunmap_range_noflush
 * @fidelity dup
 */
export function vunmap_range_noflush(k: Kernel, start: VirtAddr, end: VirtAddr): void {
  k.__vunmap_range_noflush(start, end);
}

/**
 * Unmaps [addr, end) for good: caches before, TLBs after.
 * @kernel mm/vmalloc.c vunmap_range
 * @fidelity dup
 */
export function vunmap_range(k: Kernel, addr: VirtAddr, end: VirtAddr): void {
  k.flush_cache_vunmap(addr, end);
  k.vunmap_range_noflush(addr, end);
  k.flush_tlb_kernel_range(addr, end);
}
