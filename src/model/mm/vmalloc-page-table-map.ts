// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../base/descriptor.ts';
import type { PhysAddr, Ptr, Shift, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { BUG_ON } from './bug.ts';
import { ENOMEM } from './errno.ts';
import { entryEnd, isAligned, levelSizes } from './level-sizes.ts';
import { addToMask, PGTBL, withModMask } from './page-table-mask.ts';

// mm/vmalloc.c, first part: mapping one physically contiguous range. Every level is the same loop: allocate the table
// below, cut [addr, end) at the borders of its entries, try one large leaf for each piece, else go down.
// `mask` points to a pgtbl_mod_mask, in which each level notes that it changed a table of its kind.

const ENTRY_BYTES = 8;

/**
 * Fills PTEs for [addr, end), which lies in one PTE table, with frames from `phys_addr` on: in contiguous runs where
 * the architecture makes them, else page by page. An entry already in use is a BUG.
 * @kernel mm/vmalloc.c vmap_pte_range
 * @fidelity dup, with the lazy MMU mode of kernels from 6.16 on
 * @returns 0 or -ENOMEM (no PTE table). Emits walks, table allocation and table writes.
 */
export function vmap_pte_range(
  k: Kernel,
  pmd: Ptr,
  addr: VirtAddr,
  end: VirtAddr,
  phys_addr: PhysAddr,
  prot: Descriptor,
  max_page_shift: Shift,
  mask: Ptr,
): number {
  const { pageSize } = levelSizes(k.machine);
  const runs = k.machine.config['CONFIG_HUGETLB_PAGE'] === true;
  const init_mm = k.globals['init_mm']!;
  let pfn = Math.floor(phys_addr / pageSize);
  let pte = k.pte_alloc_kernel_track(pmd, addr, mask);
  if (pte === 0) return -ENOMEM;
  k.arch_enter_lazy_mmu_mode();
  do {
    BUG_ON(k, !k.pte_none(k.ptep_get(pte)), 'vmap_pte_range: !pte_none(ptep_get(pte))');
    const size = runs ? k.arch_vmap_pte_range_map_size(addr, end, pfn, max_page_shift) : pageSize;
    if (size === pageSize) {
      k.set_pte_at(init_mm, addr, pte, k.pfn_pte(pfn, prot));
    } else {
      const entry = k.arch_make_huge_pte(k.pfn_pte(pfn, prot), Math.floor(Math.log2(size)), 0);
      k.set_huge_pte_at(init_mm, addr, pte, entry, size);
    }
    const pages = Math.floor(size / pageSize);
    pfn += pages;
    pte += pages * ENTRY_BYTES;
    addr += size;
  } while (addr !== end);
  k.arch_leave_lazy_mmu_mode();
  addToMask(k, mask, PGTBL.PTE_MODIFIED);
  return 0;
}

/**
 * Maps [addr, end) by one PMD block if the caller, the architecture, size and alignment allow it. A PTE table that
 * hangs there and is empty is freed first, with ptdump kept out by the mmap lock.
 * @kernel mm/vmalloc.c vmap_try_huge_pmd
 * @fidelity dup
 * @returns 1 if the block was set, 0 if the caller must use smaller leaves.
 */
export function vmap_try_huge_pmd(
  k: Kernel,
  pmd: Ptr,
  addr: VirtAddr,
  end: VirtAddr,
  phys_addr: PhysAddr,
  prot: Descriptor,
  max_page_shift: Shift,
): number {
  const { pmdShift, pmdSize } = levelSizes(k.machine);
  if (max_page_shift < pmdShift) return 0;
  if (!k.arch_vmap_pmd_supported(prot)) return 0;
  if (end - addr !== pmdSize) return 0;
  if (!isAligned(addr, pmdSize)) return 0;
  if (!isAligned(phys_addr, pmdSize)) return 0;
  if (!k.pmd_present(k.mem.ldDescriptor(pmd))) return k.pmd_set_huge(pmd, phys_addr, prot);
  return replaceTableByLeaf(
    k,
    () => k.pmd_free_pte_page(pmd, addr),
    () => k.pmd_set_huge(pmd, phys_addr, prot),
  );
}

/**
 * Maps [addr, end), which lies in one PMD table.
 * @kernel mm/vmalloc.c vmap_pmd_range
 * @fidelity dup
 * @returns 0 or -ENOMEM.
 */
export function vmap_pmd_range(
  k: Kernel,
  pud: Ptr,
  addr: VirtAddr,
  end: VirtAddr,
  phys_addr: PhysAddr,
  prot: Descriptor,
  max_page_shift: Shift,
  mask: Ptr,
): number {
  const { pmdSize } = levelSizes(k.machine);
  let pmd = k.pmd_alloc_track(k.globals['init_mm']!, pud, addr, mask);
  if (pmd === 0) return -ENOMEM;
  do {
    const next = entryEnd(addr, end, pmdSize);
    if (k.vmap_try_huge_pmd(pmd, addr, next, phys_addr, prot, max_page_shift)) {
      addToMask(k, mask, PGTBL.PMD_MODIFIED);
    } else if (k.vmap_pte_range(pmd, addr, next, phys_addr, prot, max_page_shift, mask)) {
      return -ENOMEM;
    }
    pmd += ENTRY_BYTES;
    phys_addr += next - addr;
    addr = next;
  } while (addr !== end);
  return 0;
}

/**
 * As vmap_try_huge_pmd(), one level up.
 * @kernel mm/vmalloc.c vmap_try_huge_pud
 * @fidelity dup
 */
export function vmap_try_huge_pud(
  k: Kernel,
  pud: Ptr,
  addr: VirtAddr,
  end: VirtAddr,
  phys_addr: PhysAddr,
  prot: Descriptor,
  max_page_shift: Shift,
): number {
  const { pudShift, pudSize } = levelSizes(k.machine);
  if (max_page_shift < pudShift) return 0;
  if (!k.arch_vmap_pud_supported(prot)) return 0;
  if (end - addr !== pudSize) return 0;
  if (!isAligned(addr, pudSize)) return 0;
  if (!isAligned(phys_addr, pudSize)) return 0;
  if (!k.pud_present(k.mem.ldDescriptor(pud))) return k.pud_set_huge(pud, phys_addr, prot);
  return replaceTableByLeaf(
    k,
    () => k.pud_free_pmd_page(pud, addr),
    () => k.pud_set_huge(pud, phys_addr, prot),
  );
}

/**
 * Maps [addr, end), which lies in one PUD table.
 * @kernel mm/vmalloc.c vmap_pud_range
 * @fidelity dup
 * @returns 0 or -ENOMEM.
 */
export function vmap_pud_range(
  k: Kernel,
  p4d: Ptr,
  addr: VirtAddr,
  end: VirtAddr,
  phys_addr: PhysAddr,
  prot: Descriptor,
  max_page_shift: Shift,
  mask: Ptr,
): number {
  const { pudSize } = levelSizes(k.machine);
  let pud = k.pud_alloc_track(k.globals['init_mm']!, p4d, addr, mask);
  if (pud === 0) return -ENOMEM;
  do {
    const next = entryEnd(addr, end, pudSize);
    if (k.vmap_try_huge_pud(pud, addr, next, phys_addr, prot, max_page_shift)) {
      addToMask(k, mask, PGTBL.PUD_MODIFIED);
    } else if (k.vmap_pmd_range(pud, addr, next, phys_addr, prot, max_page_shift, mask)) {
      return -ENOMEM;
    }
    pud += ENTRY_BYTES;
    phys_addr += next - addr;
    addr = next;
  } while (addr !== end);
  return 0;
}

/**
 * As vmap_try_huge_pmd(), two levels up.
 * @kernel mm/vmalloc.c vmap_try_huge_p4d
 * @fidelity dup
 */
export function vmap_try_huge_p4d(
  k: Kernel,
  p4d: Ptr,
  addr: VirtAddr,
  end: VirtAddr,
  phys_addr: PhysAddr,
  prot: Descriptor,
  max_page_shift: Shift,
): number {
  const { p4dShift, p4dSize } = levelSizes(k.machine);
  if (max_page_shift < p4dShift) return 0;
  if (!k.arch_vmap_p4d_supported(prot)) return 0;
  if (end - addr !== p4dSize) return 0;
  if (!isAligned(addr, p4dSize)) return 0;
  if (!isAligned(phys_addr, p4dSize)) return 0;
  if (!k.p4d_present(k.mem.ldDescriptor(p4d))) return k.p4d_set_huge(p4d, phys_addr, prot);
  return replaceTableByLeaf(
    k,
    () => k.p4d_free_pud_page(p4d, addr),
    () => k.p4d_set_huge(p4d, phys_addr, prot),
  );
}

/**
 * Maps [addr, end), which lies in one P4D table.
 * @kernel mm/vmalloc.c vmap_p4d_range
 * @fidelity dup
 * @returns 0 or -ENOMEM.
 */
export function vmap_p4d_range(
  k: Kernel,
  pgd: Ptr,
  addr: VirtAddr,
  end: VirtAddr,
  phys_addr: PhysAddr,
  prot: Descriptor,
  max_page_shift: Shift,
  mask: Ptr,
): number {
  const { p4dSize } = levelSizes(k.machine);
  let p4d = k.p4d_alloc_track(k.globals['init_mm']!, pgd, addr, mask);
  if (p4d === 0) return -ENOMEM;
  do {
    const next = entryEnd(addr, end, p4dSize);
    if (k.vmap_try_huge_p4d(p4d, addr, next, phys_addr, prot, max_page_shift)) {
      addToMask(k, mask, PGTBL.P4D_MODIFIED);
    } else if (k.vmap_pud_range(p4d, addr, next, phys_addr, prot, max_page_shift, mask)) {
      return -ENOMEM;
    }
    p4d += ENTRY_BYTES;
    phys_addr += next - addr;
    addr = next;
  } while (addr !== end);
  return 0;
}

/**
 * Maps [addr, end) to the frames from `phys_addr` on, with leaves of at most 1 << max_page_shift bytes. Stops at the
 * first error and leaves what it mapped; the caller unmaps. Changed upper tables are handed to
 * arch_sync_kernel_mappings() on every path; caches are the caller's to flush.
 * @kernel mm/vmalloc.c vmap_range_noflush
 * @fidelity dup
 * @returns 0 or -ENOMEM.
 */
export function vmap_range_noflush(
  k: Kernel,
  addr: VirtAddr,
  end: VirtAddr,
  phys_addr: PhysAddr,
  prot: Descriptor,
  max_page_shift: Shift,
): number {
  const { pgdSize } = levelSizes(k.machine);
  const start = addr;
  BUG_ON(k, addr >= end, 'vmap_range_noflush: addr >= end');
  return withModMask(k, start, end, (mask) => {
    let pgd = k.pgd_offset_k(addr);
    let err = 0;
    do {
      const next = entryEnd(addr, end, pgdSize);
      err = k.vmap_p4d_range(pgd, addr, next, phys_addr, prot, max_page_shift, mask);
      if (err) break;
      pgd += ENTRY_BYTES;
      phys_addr += next - addr;
      addr = next;
    } while (addr !== end);
    return err;
  });
}

/** The mmap lock excludes ptdump, which reads tables that it does not own; without the lock no table is freed. */
function replaceTableByLeaf(k: Kernel, freeTable: () => number, setLeaf: () => number): number {
  const init_mm = k.globals['init_mm']!;
  if (!k.mmap_read_trylock(init_mm)) return 0;
  const set = freeTable() ? setLeaf() : 0;
  k.mmap_read_unlock(init_mm);
  return set;
}
