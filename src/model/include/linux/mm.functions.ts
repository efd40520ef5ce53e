// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, PageCount, Pfn, PhysAddr, Ptr, Shift, VirtAddr } from '../../../base/units.ts';
import { STRUCT_PAGE_BYTES } from '../../hardware/sparse-pages.ts';
import type { Kernel } from '../../kernel.ts';
import { pageAt } from '../../mm/array-of-pages.ts';
import { COMPOUND_HEAD, orderOfHead, PG_HEAD, REFCOUNT } from '../../mm/compound-page.ts';

// include/linux/mm.h, page-flags.h and asm/page.h: a page as struct page, frame, physical and linear address.

function isRam(k: Kernel, pfn: Pfn): boolean {
  const { ramStart, ramPages } = k.machine.addresses;
  return pfn >= ramStart && pfn < ramStart + ramPages;
}

/** @kernel include/asm-generic/memory_model.h pfn_to_page @fidelity dup */
export function pfn_to_page(k: Kernel, pfn: Pfn): Ptr {
  return k.machine.addresses.vmemmapStart + pfn * STRUCT_PAGE_BYTES;
}

/** @kernel include/asm-generic/memory_model.h page_to_pfn @fidelity dup */
export function page_to_pfn(k: Kernel, page: Ptr): Pfn {
  return Math.floor((page - k.machine.addresses.vmemmapStart) / STRUCT_PAGE_BYTES);
}

/** @kernel include/linux/mmzone.h pfn_valid @fidelity custom: RAM is one range */
export function pfn_valid(k: Kernel, pfn: Pfn): number {
  return isRam(k, pfn) ? 1 : 0;
}

/** @kernel arch/arm64/include/asm/memory.h page_to_phys @fidelity dup */
export function page_to_phys(k: Kernel, page: Ptr): PhysAddr {
  return k.page_to_pfn(page) * k.pageSize;
}

/** @kernel arch/arm64/include/asm/memory.h phys_to_page @fidelity dup */
export function phys_to_page(k: Kernel, phys: PhysAddr): Ptr {
  return k.pfn_to_page(Math.floor(phys / k.pageSize));
}

/** @kernel include/linux/mm.h page_address @fidelity dup */
export function page_address(k: Kernel, page: Ptr): VirtAddr {
  return k.machine.addresses.pageOffset + k.page_to_phys(page);
}

/** @kernel arch/arm64/include/asm/memory.h virt_to_page @fidelity dup */
export function virt_to_page(k: Kernel, addr: VirtAddr): Ptr {
  return k.phys_to_page(k.virt_to_phys(addr));
}

/** Linear addresses only. @kernel include/asm-generic/io.h virt_to_phys @fidelity dup */
export function virt_to_phys(k: Kernel, addr: VirtAddr): PhysAddr {
  return addr - k.machine.addresses.pageOffset;
}

/** @kernel include/asm-generic/io.h phys_to_virt @fidelity dup */
export function phys_to_virt(k: Kernel, phys: PhysAddr): VirtAddr {
  return phys + k.machine.addresses.pageOffset;
}

/** @kernel arch/arm64/include/asm/memory.h virt_addr_valid @fidelity dup */
export function virt_addr_valid(k: Kernel, addr: VirtAddr): number {
  return k.pfn_valid(Math.floor(k.virt_to_phys(addr) / k.pageSize));
}

/** @kernel include/linux/page-flags.h compound_head @fidelity dup */
export function compound_head(k: Kernel, page: Ptr): Ptr {
  const head = Number(k.mem.ld64(page + COMPOUND_HEAD));
  return (head & 1) === 1 ? head - 1 : page;
}

/** @kernel include/linux/page-flags.h PageHead @fidelity dup */
export function PageHead(k: Kernel, page: Ptr): number {
  return (k.mem.ld8(page) & PG_HEAD) === 0 ? 0 : 1;
}

/** @kernel include/linux/page-flags.h PageTail @fidelity dup */
export function PageTail(k: Kernel, page: Ptr): number {
  return k.mem.ld8(page + COMPOUND_HEAD) & 1;
}

/** @kernel include/linux/page-flags.h PageCompound @fidelity dup */
export function PageCompound(k: Kernel, page: Ptr): number {
  return k.PageHead(page) !== 0 || k.PageTail(page) !== 0 ? 1 : 0;
}

/**
 * 0 for a page that is not the head of a compound page.
 * @kernel include/linux/mm.h compound_order
 * @fidelity dup
 */
export function compound_order(k: Kernel, page: Ptr): number {
  return k.PageHead(page) === 0 ? 0 : orderOfHead(k, page);
}

/** @kernel include/linux/mm.h compound_nr @fidelity dup */
export function compound_nr(k: Kernel, page: Ptr): PageCount {
  return 2 ** k.compound_order(page);
}

/** @kernel include/linux/mm.h page_size @fidelity dup */
export function page_size(k: Kernel, page: Ptr): ByteCount {
  return 2 ** k.page_shift(page);
}

/** @kernel include/linux/mm.h page_shift @fidelity dup */
export function page_shift(k: Kernel, page: Ptr): Shift {
  return k.machine.pageShift + k.compound_order(page);
}

/**
 * How many pages from the first on lie one behind the other in physical memory.
 * @kernel include/linux/mm.h num_pages_contiguous newer
 * @fidelity dup
 */
export function num_pages_contiguous(k: Kernel, pages: Ptr, nr_pages: PageCount): PageCount {
  const first = k.page_to_pfn(Number(k.mem.ld64(pages)));
  let count = 1;
  while (count < nr_pages && k.page_to_pfn(pageAt(k, pages, count)) === first + count) count++;
  return count;
}

/** @kernel include/linux/page_ref.h page_count @fidelity dup */
export function page_count(k: Kernel, page: Ptr): number {
  return k.mem.lds32(k.compound_head(page) + REFCOUNT);
}

/** @kernel include/linux/page_ref.h set_page_count @fidelity dup */
export function set_page_count(k: Kernel, page: Ptr, count: number): void {
  k.mem.st32(page + REFCOUNT, count);
}

/** @kernel include/linux/mm.h get_page @fidelity dup */
export function get_page(k: Kernel, page: Ptr): void {
  const head = k.compound_head(page);
  k.set_page_count(head, k.page_count(head) + 1);
}

/** @kernel include/linux/mm.h put_page @fidelity dup Emits `page`. */
export function put_page(k: Kernel, page: Ptr): void {
  const head = k.compound_head(page);
  k.__free_pages(head, k.compound_order(head));
}

/** All memory is in the linear map. @kernel include/linux/highmem-internal.h kmap_local_page @fidelity dup */
export function kmap_local_page(k: Kernel, page: Ptr): VirtAddr {
  return k.page_address(page);
}

/** @kernel include/linux/highmem-internal.h kunmap_local @fidelity stub: the linear map stays */
export function kunmap_local(_k: Kernel, _addr: VirtAddr): void {}

/** @kernel arch/$SRCARCH/include/asm/page.h clear_page @fidelity dup */
export function clear_page(k: Kernel, page: VirtAddr): void {
  k.mem.fill(page, 0, k.pageSize);
}

/** @kernel arch/$SRCARCH/include/asm/page.h copy_page @fidelity dup */
export function copy_page(k: Kernel, to: VirtAddr, from: VirtAddr): void {
  k.mem.copy(to, from, k.pageSize);
}

/** @kernel include/linux/highmem.h clear_highpage @fidelity dup */
export function clear_highpage(k: Kernel, page: Ptr): void {
  k.clear_page(k.page_address(page));
}
