// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../base/descriptor.ts';
import type { PageCount, Pfn, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { WARN_ON } from './bug.ts';
import { levelSizes } from './level-sizes.ts';
import { vmallocSpace } from './vmalloc-space.ts';
import { vmallocState } from './vmalloc-state.ts';

// mm/vmalloc.c: what lies behind an address.

const STRUCT_PAGE_BYTES = 64;

/**
 * @kernel mm/vmalloc.c is_vmalloc_addr
 * @fidelity dup
 */
export function is_vmalloc_addr(k: Kernel, x: VirtAddr): number {
  const { VMALLOC_START, VMALLOC_END } = vmallocSpace(k);
  return x < 0 && x >= VMALLOC_START && x < VMALLOC_END ? 1 : 0;
}

/**
 * As is_vmalloc_addr(), and modules' space too.
 * @kernel mm/vmalloc.c is_vmalloc_or_module_addr
 * @fidelity custom: modules have no space of their own here
 */
export function is_vmalloc_or_module_addr(k: Kernel, x: VirtAddr): number {
  return k.is_vmalloc_addr(x);
}

/**
 * Walks the kernel's tables to the struct page behind an address; behind a block, to the page within it that the
 * address means.
 * @kernel mm/vmalloc.c vmalloc_to_page
 * @fidelity dup
 * @returns the struct page, or NULL where nothing is mapped.
 */
export function vmalloc_to_page(k: Kernel, vmalloc_addr: VirtAddr): Ptr {
  const { p4dSize, pudSize, pmdSize } = levelSizes(k.machine);
  const addr = vmalloc_addr;
  const pgd = k.pgd_offset_k(addr);
  const pgdEntry = k.mem.ldDescriptor(pgd);
  if (k.pgd_none(pgdEntry)) return 0;
  if (WARN_ON(k, k.pgd_leaf(pgdEntry) !== 0, 'pgd_leaf(*pgd)')) return 0;
  if (WARN_ON(k, k.pgd_bad(pgdEntry) !== 0, 'pgd_bad(*pgd)')) return 0;

  const p4d = k.p4d_offset(pgd, addr);
  const p4dEntry = k.mem.ldDescriptor(p4d);
  if (k.p4d_none(p4dEntry)) return 0;
  if (k.p4d_leaf(p4dEntry)) return pageWithin(k, k.p4d_page(p4dEntry), addr, p4dSize);
  if (WARN_ON(k, k.p4d_bad(p4dEntry) !== 0, 'p4d_bad(*p4d)')) return 0;

  const pud = k.pud_offset(p4d, addr);
  const pudEntry = k.mem.ldDescriptor(pud);
  if (k.pud_none(pudEntry)) return 0;
  if (k.pud_leaf(pudEntry)) return pageWithin(k, k.pud_page(pudEntry), addr, pudSize);
  if (WARN_ON(k, k.pud_bad(pudEntry) !== 0, 'pud_bad(*pud)')) return 0;

  const pmd = k.pmd_offset(pud, addr);
  const pmdEntry = k.mem.ldDescriptor(pmd);
  if (k.pmd_none(pmdEntry)) return 0;
  if (k.pmd_leaf(pmdEntry)) return pageWithin(k, k.pmd_page(pmdEntry), addr, pmdSize);
  if (WARN_ON(k, k.pmd_bad(pmdEntry) !== 0, 'pmd_bad(*pmd)')) return 0;

  const pte: Descriptor = k.ptep_get(k.pte_offset_kernel(pmd, addr));
  return k.pte_present(pte) ? k.pte_page(pte) : 0;
}

/** The page that `addr` means within a leaf of `size` bytes whose first page is given. */
function pageWithin(k: Kernel, first: Ptr, addr: VirtAddr, size: number): Ptr {
  const offset = addr - Math.floor(addr / size) * size;
  return first + Math.floor(offset / levelSizes(k.machine).pageSize) * STRUCT_PAGE_BYTES;
}

/**
 * @kernel mm/vmalloc.c vmalloc_to_pfn
 * @fidelity dup
 */
export function vmalloc_to_pfn(k: Kernel, vmalloc_addr: VirtAddr): Pfn {
  return k.page_to_pfn(k.vmalloc_to_page(vmalloc_addr));
}

/**
 * @kernel mm/vmalloc.c vmalloc_nr_pages
 * @fidelity dup
 * @returns pages that vmalloc holds.
 */
export function vmalloc_nr_pages(k: Kernel): PageCount {
  return k.state(vmallocState).vmallocPages;
}
