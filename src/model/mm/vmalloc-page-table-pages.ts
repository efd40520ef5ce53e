// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../base/descriptor.ts';
import type { Ptr, Shift, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { pageAt } from './array-of-pages.ts';
import { BUG_ON, WARN_ON } from './bug.ts';
import { EBUSY, EINVAL, ENOMEM } from './errno.ts';
import { entryEnd, levelSizes } from './level-sizes.ts';
import { addToMask, PGTBL, withModMask } from './page-table-mask.ts';
import { onStack } from './stack-object.ts';

// mm/vmalloc.c: mapping an array of pages, whose frames may lie anywhere. `pages` is a C array of struct page *,
// `nr` points to an int: the index of the next page to map, kept across tables.

const ENTRY_BYTES = 8;

/**
 * Maps pages[*nr...] at [addr, end), which lies in one PTE table. An entry in use, a NULL page and a page without a
 * valid frame number are refused with a warning; what was mapped before stays.
 * @kernel mm/vmalloc.c vmap_pages_pte_range
 * @fidelity dup, with the lazy MMU mode of kernels from 6.16 on
 * @returns 0, -ENOMEM (no table, NULL page), -EBUSY or -EINVAL.
 */
export function vmap_pages_pte_range(
  k: Kernel,
  pmd: Ptr,
  addr: VirtAddr,
  end: VirtAddr,
  prot: Descriptor,
  pages: Ptr,
  nr: Ptr,
  mask: Ptr,
): number {
  const { pageSize } = levelSizes(k.machine);
  const init_mm = k.globals['init_mm']!;
  let err = 0;
  let pte = k.pte_alloc_kernel_track(pmd, addr, mask);
  if (pte === 0) return -ENOMEM;
  k.arch_enter_lazy_mmu_mode();
  do {
    const index = k.mem.lds32(nr);
    const page = pageAt(k, pages, index);
    err = refusal(k, pte, page);
    if (err) break;
    k.set_pte_at(init_mm, addr, pte, k.mk_pte(page, prot));
    k.mem.st32(nr, index + 1);
    pte += ENTRY_BYTES;
    addr += pageSize;
  } while (addr !== end);
  k.arch_leave_lazy_mmu_mode();
  addToMask(k, mask, PGTBL.PTE_MODIFIED);
  return err;
}

/** Why `page` may not be mapped by the entry at `pte`: a negative errno, or 0. */
function refusal(k: Kernel, pte: Ptr, page: Ptr): number {
  if (WARN_ON(k, !k.pte_none(k.ptep_get(pte)), '!pte_none(ptep_get(pte))')) return -EBUSY;
  if (WARN_ON(k, page === 0, '!page')) return -ENOMEM;
  if (WARN_ON(k, !k.pfn_valid(k.page_to_pfn(page)), '!pfn_valid(page_to_pfn(page))')) return -EINVAL;
  return 0;
}

/**
 * Maps pages at [addr, end), which lies in one PMD table. Every failure below becomes -ENOMEM.
 * @kernel mm/vmalloc.c vmap_pages_pmd_range
 * @fidelity dup
 */
export function vmap_pages_pmd_range(
  k: Kernel,
  pud: Ptr,
  addr: VirtAddr,
  end: VirtAddr,
  prot: Descriptor,
  pages: Ptr,
  nr: Ptr,
  mask: Ptr,
): number {
  const { pmdSize } = levelSizes(k.machine);
  let pmd = k.pmd_alloc_track(k.globals['init_mm']!, pud, addr, mask);
  if (pmd === 0) return -ENOMEM;
  do {
    const next = entryEnd(addr, end, pmdSize);
    if (k.vmap_pages_pte_range(pmd, addr, next, prot, pages, nr, mask)) return -ENOMEM;
    pmd += ENTRY_BYTES;
    addr = next;
  } while (addr !== end);
  return 0;
}

/**
 * Maps pages at [addr, end), which lies in one PUD table.
 * @kernel mm/vmalloc.c vmap_pages_pud_range
 * @fidelity dup
 */
export function vmap_pages_pud_range(
  k: Kernel,
  p4d: Ptr,
  addr: VirtAddr,
  end: VirtAddr,
  prot: Descriptor,
  pages: Ptr,
  nr: Ptr,
  mask: Ptr,
): number {
  const { pudSize } = levelSizes(k.machine);
  let pud = k.pud_alloc_track(k.globals['init_mm']!, p4d, addr, mask);
  if (pud === 0) return -ENOMEM;
  do {
    const next = entryEnd(addr, end, pudSize);
    if (k.vmap_pages_pmd_range(pud, addr, next, prot, pages, nr, mask)) return -ENOMEM;
    pud += ENTRY_BYTES;
    addr = next;
  } while (addr !== end);
  return 0;
}

/**
 * Maps pages at [addr, end), which lies in one P4D table.
 * @kernel mm/vmalloc.c vmap_pages_p4d_range
 * @fidelity dup
 */
export function vmap_pages_p4d_range(
  k: Kernel,
  pgd: Ptr,
  addr: VirtAddr,
  end: VirtAddr,
  prot: Descriptor,
  pages: Ptr,
  nr: Ptr,
  mask: Ptr,
): number {
  const { p4dSize } = levelSizes(k.machine);
  let p4d = k.p4d_alloc_track(k.globals['init_mm']!, pgd, addr, mask);
  if (p4d === 0) return -ENOMEM;
  do {
    const next = entryEnd(addr, end, p4dSize);
    if (k.vmap_pages_pud_range(p4d, addr, next, prot, pages, nr, mask)) return -ENOMEM;
    p4d += ENTRY_BYTES;
    addr = next;
  } while (addr !== end);
  return 0;
}

/**
 * Maps pages[0...] at [addr, end) with single PTEs.
 * @kernel mm/vmalloc.c vmap_small_pages_range_noflush
 * @fidelity dup
 * @returns 0 or -ENOMEM.
 */
export function vmap_small_pages_range_noflush(
  k: Kernel,
  addr: VirtAddr,
  end: VirtAddr,
  prot: Descriptor,
  pages: Ptr,
): number {
  BUG_ON(k, addr >= end, 'vmap_small_pages_range_noflush: addr >= end');
  return onStack(k, { name: 'nr', size: 4 }, (nr) => {
    k.mem.st32(nr, 0);
    return withModMask(k, addr, end, (mask) => mapFromRoot(k, addr, end, prot, pages, nr, mask));
  });
}

function mapFromRoot(
  k: Kernel,
  addr: VirtAddr,
  end: VirtAddr,
  prot: Descriptor,
  pages: Ptr,
  nr: Ptr,
  mask: Ptr,
): number {
  const { pgdSize } = levelSizes(k.machine);
  let pgd = k.pgd_offset_k(addr);
  do {
    const next = entryEnd(addr, end, pgdSize);
    if (k.pgd_bad(k.mem.ldDescriptor(pgd))) addToMask(k, mask, PGTBL.PGD_MODIFIED);
    const err = k.vmap_pages_p4d_range(pgd, addr, next, prot, pages, nr, mask);
    if (err) return err;
    pgd += ENTRY_BYTES;
    addr = next;
  } while (addr !== end);
  return 0;
}

/**
 * Maps pages[0...] at [addr, end). With a page_shift above PAGE_SHIFT the caller promises that each 1 << page_shift
 * bytes of pages are contiguous and aligned; each such segment is then mapped by a walk of its own from the root.
 * @kernel mm/vmalloc.c __vmap_pages_range_noflush
 * @fidelity dup
 * @returns 0 or a negative errno; what was mapped before an error stays.
 */
export function __vmap_pages_range_noflush(
  k: Kernel,
  addr: VirtAddr,
  end: VirtAddr,
  prot: Descriptor,
  pages: Ptr,
  page_shift: Shift,
): number {
  const { pageShift, pageSize } = levelSizes(k.machine);
  WARN_ON(k, page_shift < pageShift, 'page_shift < PAGE_SHIFT');
  if (k.machine.config['CONFIG_HAVE_ARCH_HUGE_VMALLOC'] !== true || page_shift === pageShift) {
    return k.vmap_small_pages_range_noflush(addr, end, prot, pages);
  }
  const count = Math.floor((end - addr) / pageSize);
  const segment = 2 ** page_shift;
  for (let i = 0; i < count; i += segment / pageSize) {
    const page = pageAt(k, pages, i);
    const err = k.vmap_range_noflush(addr, addr + segment, k.page_to_phys(page), prot, page_shift);
    if (err) return err;
    addr += segment;
  }
  return 0;
}

/**
 * __vmap_pages_range_noflush(), where KMSAN would first map its shadow.
 * @kernel mm/vmalloc.c vmap_pages_range_noflush
 * @fidelity dup
 */
export function vmap_pages_range_noflush(
  k: Kernel,
  addr: VirtAddr,
  end: VirtAddr,
  prot: Descriptor,
  pages: Ptr,
  page_shift: Shift,
): number {
  return k.__vmap_pages_range_noflush(addr, end, prot, pages, page_shift);
}

/**
 * vmap_pages_range_noflush() and then flush_cache_vmap() over the whole of [addr, end), on failure too.
 * @kernel mm/vmalloc.c vmap_pages_range
 * @fidelity dup
 */
export function vmap_pages_range(
  k: Kernel,
  addr: VirtAddr,
  end: VirtAddr,
  prot: Descriptor,
  pages: Ptr,
  page_shift: Shift,
): number {
  const err = k.vmap_pages_range_noflush(addr, end, prot, pages, page_shift);
  k.flush_cache_vmap(addr, end);
  return err;
}
