// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../base/descriptor.ts';
import type { ByteCount, PageCount, PhysAddr, Ptr, VirtAddr } from '../../../../base/units.ts';
import { withAttributes, withoutAttributes } from '../../../hardware/entry.ts';
import type { Kernel } from '../../../kernel.ts';
import { applyToRange } from '../../../mm/apply-to-range.ts';
import { pageAt } from '../../../mm/array-of-pages.ts';
import type { StructTypes } from '../../../struct-types.ts';
import { WARN_ON } from '../../../mm/bug.ts';
import { VM_ALLOC, VM_ALLOW_HUGE_VMAP } from '../../../mm/vm-flags.ts';
import { isLinearPage, linearPages, mapByPages } from './linear-pages.ts';
import { PTE_PXN, PTE_RDONLY, PTE_VALID, PTE_WRITE } from '../include/asm/pgtable-bits.ts';

// arch/arm64/mm/pageattr.c: attributes of kernel mappings that are in use.

const EINVAL = 22;

/** Attribute masks to set in every entry of a range, and to clear. */
interface Change {
  readonly set: number;
  readonly clear: number;
}

/** A TLB may know the old attributes of some, even where the walk failed. */
function changeRange(k: Kernel, addr: VirtAddr, size: ByteCount, change: Change): number {
  const err = changeEntries(k, addr, size, change);
  k.flush_tlb_kernel_range(addr, addr + size);
  return err;
}

/** The range is mapped by pages: nothing here can split a leaf. */
function changeEntries(k: Kernel, addr: VirtAddr, size: ByteCount, change: Change): number {
  const fn = (ptep: Ptr): number => {
    k.__set_pte(ptep, withAttributes(withoutAttributes(k.__ptep_get(ptep), change.clear), change.set));
    return 0;
  };
  return applyToRange(k, { mm: k.globals['init_mm']!, addr, size, fn, create: true });
}

/**
 * Only (part of) one vmalloc() area that cannot hold leaves above a page may be changed: a live leaf cannot be split
 * everywhere.
 */
function changeArea(k: Kernel, from: VirtAddr, numpages: PageCount, change: Change): number {
  const { pageSize } = k;
  const isAligned = !WARN_ON(k, from % pageSize !== 0, '!PAGE_ALIGNED(addr)');
  const addr = isAligned ? from : Math.floor(from / pageSize) * pageSize;
  const size = numpages * pageSize;
  const at = k.find_vm_area(addr);
  if (at === 0) return -EINVAL;
  const area = k.structs.vm_struct(at);
  if (addr + size > area.addr + area.size) return -EINVAL;
  if ((area.flags & (VM_ALLOC | VM_ALLOW_HUGE_VMAP)) !== VM_ALLOC) return -EINVAL;
  if (numpages === 0) return 0;
  if ((change.set & PTE_RDONLY) !== 0 || (change.clear & PTE_RDONLY) !== 0)
    changeLinearAlias(k, area, change);
  k.vm_unmap_aliases();
  return changeRange(k, addr, size, change);
}

/** All pages of the area follow, in the range or not, as far as their linear map is in tables. */
function changeLinearAlias(k: Kernel, { pages, nr_pages }: StructTypes['vm_struct'], change: Change): void {
  if (!k.state(linearPages).follows) return;
  for (let i = 0; i < nr_pages; i++) {
    const addr = k.page_address(pageAt(k, pages, i));
    if (isLinearPage(k, addr)) changeRange(k, addr, k.pageSize, change);
  }
}

/**
 * @kernel arch/arm64/mm/pageattr.c set_memory_ro
 * @fidelity custom: most of the linear map is in no table
 * @returns 0 or -EINVAL. Emits `table-write`, `tlb-flush`.
 */
export function set_memory_ro(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return changeArea(k, addr, numpages, { set: PTE_RDONLY, clear: PTE_WRITE });
}

/**
 * @kernel arch/arm64/mm/pageattr.c set_memory_rw
 * @fidelity custom: see set_memory_ro()
 * @returns 0 or -EINVAL. Emits `table-write`, `tlb-flush`.
 */
export function set_memory_rw(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return changeArea(k, addr, numpages, { set: PTE_WRITE, clear: PTE_RDONLY });
}

/**
 * @kernel arch/arm64/mm/pageattr.c set_memory_nx
 * @fidelity dup
 * @returns 0 or -EINVAL. Emits `table-write`, `tlb-flush`.
 */
export function set_memory_nx(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return changeArea(k, addr, numpages, { set: PTE_PXN, clear: 0 });
}

/**
 * @kernel arch/arm64/mm/pageattr.c set_memory_x
 * @fidelity dup
 * @returns 0 or -EINVAL. Emits `table-write`, `tlb-flush`.
 */
export function set_memory_x(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return changeArea(k, addr, numpages, { set: 0, clear: PTE_PXN });
}

/**
 * For callers that know how the range is mapped.
 * @kernel arch/arm64/mm/pageattr.c set_memory_valid
 * @fidelity dup Emits `table-write`, `tlb-flush`.
 */
export function set_memory_valid(k: Kernel, addr: VirtAddr, numpages: PageCount, enable: number): number {
  const change = enable !== 0 ? { set: PTE_VALID, clear: 0 } : { set: 0, clear: PTE_VALID };
  return changeRange(k, addr, numpages * k.pageSize, change);
}

/**
 * Whether pages of the linear map can change one by one, which takes a linear map of pages: with `rodata=full` or
 * `debug_pagealloc=on` on the command line.
 * @kernel arch/arm64/mm/pageattr.c can_set_direct_map
 * @fidelity custom: of the reasons, these two
 */
export function can_set_direct_map(k: Kernel): number {
  const { start, end } = k.state(linearPages);
  return start < end || k.mem.ld8(k.globals['rodata_full']!) !== 0 ? 1 : 0;
}

/** What is not in tables (linear-pages.ts) stays as it is. */
function changeLinearPage(k: Kernel, page: Ptr, change: Change): number {
  const addr = k.page_address(page);
  return isLinearPage(k, addr) ? changeEntries(k, addr, k.pageSize, change) : 0;
}

/**
 * @kernel arch/arm64/mm/pageattr.c set_direct_map_invalid_noflush
 * @fidelity custom: most of the linear map is in no table
 * @returns 0 or a negative errno. Emits `table-write`.
 */
export function set_direct_map_invalid_noflush(k: Kernel, page: Ptr): number {
  return changeLinearPage(k, page, { set: 0, clear: PTE_VALID });
}

/**
 * @kernel arch/arm64/mm/pageattr.c set_direct_map_default_noflush
 * @fidelity custom: see set_direct_map_invalid_noflush()
 * @returns 0 or a negative errno. Emits `table-write`.
 */
export function set_direct_map_default_noflush(k: Kernel, page: Ptr): number {
  return changeLinearPage(k, page, { set: PTE_VALID | PTE_WRITE, clear: PTE_RDONLY });
}

/**
 * @kernel arch/arm64/mm/pageattr.c kernel_page_present
 * @fidelity custom: see set_direct_map_invalid_noflush()
 */
export function kernel_page_present(k: Kernel, page: Ptr): number {
  const addr = k.page_address(page);
  return !isLinearPage(k, addr) || k.mem.translate(addr, 'read') !== undefined ? 1 : 0;
}

/**
 * Gives a part of the linear map another protection, in place.
 * @kernel arch/arm64/mm/mmu.c update_mapping_prot
 * @fidelity custom: by pages. Emits `table-write`, `tlb-flush`.
 */
export function update_mapping_prot(
  k: Kernel,
  phys: PhysAddr,
  virt: VirtAddr,
  size: ByteCount,
  prot: Descriptor,
): void {
  mapByPages(k, virt, { pfn: phys / k.pageSize, count: size / k.pageSize }, prot);
  k.flush_tlb_kernel_range(virt, virt + size);
}
