// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, Pfn, Ptr, VirtAddr } from '../../base/units.ts';
import { freeTable } from '../hardware/page-tables.ts';
import type { Kernel } from '../kernel.ts';
import { pageAt } from './array-of-pages.ts';
import { mayAllocate, noteRefusal, type Refused } from './allocation-limit.ts';
import { __GFP_ACCOUNT, __GFP_COMP, __GFP_NOFAIL, __GFP_ZERO, GFP_ZONEMASK, gfpWords } from './gfp-bits.ts';
import { WARN_ON } from './bug.ts';
import { prepareCompound } from './compound-page.ts';
import { findBlock, pageSupply } from './page-supply.ts';

// mm/page_alloc.c: blocks of 2^order pages, each aligned to its size, handed out once and never again in a boot.

const MAX_PAGE_ORDER = 10;

/**
 * 2^order pages, aligned to their size in physical memory. With __GFP_COMP they are one compound page.
 * @kernel include/linux/gfp.h alloc_pages
 * @fidelity custom: one zone, no reclaim, no reuse. Emits `page`, `alloc-failure`.
 * @returns the first struct page, or NULL
 */
export function alloc_pages(k: Kernel, gfp: number, order: number): Ptr {
  return takePages(k, gfp, order, ANY_NODE);
}

const ANY_NODE = -1;
const ONE_MORE = { what: 'page', name: 'a page', order: 0 } as const;

function takePages(k: Kernel, gfp: number, order: number, node: number): Ptr {
  const asked = { what: 'page', name: order === 0 ? 'a page' : `2^${order} pages`, order } as const;
  k.might_alloc(gfp);
  checkMask(k, gfp, order);
  if (order > MAX_PAGE_ORDER) return noPages(k, asked);
  if ((gfp & __GFP_NOFAIL) === 0 && !mayAllocate(k, asked)) return 0;
  const supply = k.state(pageSupply);
  const count = 2 ** order;
  const pfn = findBlock(k, supply, count);
  if (pfn === undefined) return noPages(k, asked);
  // Single pages come from anywhere: no two of them are neighbours by accident.
  supply.next = pfn + count + (order === 0 ? 1 : 0);
  const allowed = gfpWords(k.current_gfp_context(gfp));
  const words = node === ANY_NODE ? allowed : `${allowed} node${node}`;
  k.trace.emit({ kind: 'page', change: 'alloc', pfn, order, gfp: words });
  if (order > 0 && (gfp & __GFP_COMP) !== 0) prepareCompound(k, pfn, order);
  const page = k.pfn_to_page(pfn);
  k.set_page_count(page, 1);
  if ((gfp & __GFP_ACCOUNT) !== 0) charge(k, pfn, count);
  const isZeroed = (gfp & __GFP_ZERO) !== 0;
  if (isZeroed || supply.used) {
    for (let i = 0; i < count; i++) {
      const addr = k.page_address(k.pfn_to_page(pfn + i));
      if (isZeroed) k.clear_page(addr);
      else leaveSomething(k, addr);
    }
  }
  return page;
}

/** What the page allocator says of callers that ask for too much, or for memory of two zones at once. */
function checkMask(k: Kernel, gfp: number, order: number): void {
  const zones = gfp & GFP_ZONEMASK;
  WARN_ON(k, (zones & (zones - 1)) !== 0, 'a mask names more than one zone');
  WARN_ON(k, order > 1 && (gfp & __GFP_NOFAIL) !== 0, 'more than two pages at once must not fail');
}

/** They are a memory cgroup's from now on. */
function charge(k: Kernel, pfn: Pfn, count: PageCount): void {
  for (let i = 0; i < count; i++) k.structs.page(k.pfn_to_page(pfn + i)).memcg_data = 1;
}

const LEFT = 0x6b6b6b6b;

/** As if somebody had used the page. */
function leaveSomething(k: Kernel, addr: VirtAddr): void {
  k.mem.st64(addr, LEFT);
  k.mem.st64(addr + k.pageSize - 8, LEFT);
}

function noPages(k: Kernel, asked: Refused): Ptr {
  noteRefusal(k, asked);
  return 0;
}

/** @kernel include/linux/gfp.h alloc_pages_node @fidelity custom: one node. Emits `page`. */
export function alloc_pages_node(k: Kernel, nid: number, gfp: number, order: number): Ptr {
  return takePages(k, gfp, order, nid);
}

/**
 * Fills the NULL entries of an array with single pages. Where memory is short it may leave it at the first, even if the mask
 * says that nothing must fail.
 * @kernel include/linux/gfp.h alloc_pages_bulk_array_node
 * @fidelity custom: one node. Emits `page`, `alloc-failure`.
 * @returns how many entries are filled now, counted from the first
 */
export function alloc_pages_bulk_array_node(
  k: Kernel,
  gfp: number,
  nid: number,
  nr_pages: PageCount,
  page_array: Ptr,
): PageCount {
  let filled = 0;
  while (filled < nr_pages) {
    const at = page_array + filled * 8;
    if (k.mem.ld64(at) === 0) {
      if (filled > 0 && (gfp & __GFP_NOFAIL) !== 0 && !mayAllocate(k, ONE_MORE)) break;
      const page = takePages(k, gfp, 0, nid);
      if (page === 0) break;
      k.mem.st64(at, page);
    }
    filled++;
  }
  return filled;
}

/**
 * Gives pages back when nobody holds them any more.
 * @kernel mm/page_alloc.c __free_pages
 * @fidelity custom: frames are not reused. Emits `page`, `free`.
 */
export function __free_pages(k: Kernel, page: Ptr, order: number): void {
  const left = k.page_count(page) - 1;
  if (left < 0) {
    k.trace.emit({ kind: 'warn', call: 'BUG', condition: 'a page is freed that nobody holds' });
    return;
  }
  k.set_page_count(page, left);
  if (left > 0) return;
  const pfn = k.page_to_pfn(page);
  // Pages of the heap are page tables (pagetable_alloc()), whoever frees them.
  if (isInHeap(k, pfn)) freeTable(k, k.page_address(page));
  else k.trace.emit({ kind: 'page', change: 'free', pfn, order });
}

function isInHeap({ machine, pageSize }: Kernel, pfn: Pfn): boolean {
  const { heapStart, heapSize } = machine.addresses;
  return pfn >= heapStart && pfn < heapStart + heapSize / pageSize;
}

/** @kernel mm/page_alloc.c free_pages @fidelity dup Emits `page`. */
export function free_pages(k: Kernel, addr: VirtAddr, order: number): void {
  if (addr !== 0) k.__free_pages(k.virt_to_page(addr), order);
}

/** @kernel mm/page_alloc.c free_pages_bulk newer @fidelity dup Emits `page`. */
export function free_pages_bulk(k: Kernel, page_array: Ptr, nr_pages: PageCount): void {
  for (let i = 0; i < nr_pages; i++) k.__free_pages(pageAt(k, page_array, i), 0);
}

/**
 * Gives back pages of order 0 that lie side by side.
 * @kernel mm/page_alloc.c free_contig_range
 * @fidelity dup
 * Emits `page`, and `warn` where somebody else holds one of them.
 */
export function free_contig_range(k: Kernel, first: Pfn, nr_pages: PageCount): void {
  let held = 0;
  for (let pfn = first; pfn < first + nr_pages; pfn++) {
    const page = k.pfn_to_page(pfn);
    if (k.page_count(page) !== 1) held++;
    k.__free_pages(page, 0);
  }
  if (held > 0) k.trace.emit({ kind: 'warn', call: 'WARN', condition: `${held} pages are still in use` });
}

/** @kernel include/linux/gfp.h __get_free_pages @fidelity dup Emits `page`. @returns the linear address, or 0 */
export function __get_free_pages(k: Kernel, gfp: number, order: number): VirtAddr {
  const page = k.alloc_pages(gfp, order);
  return page === 0 ? 0 : k.page_address(page);
}

/** @kernel mm/page_alloc.c get_zeroed_page @fidelity dup Emits `page`. */
export function get_zeroed_page(k: Kernel, gfp: number): VirtAddr {
  return k.__get_free_pages(gfp | __GFP_ZERO, 0);
}

/**
 * From one block of 2^order pages to as many single ones.
 * @kernel mm/page_alloc.c split_page
 * @fidelity dup
 */
export function split_page(k: Kernel, page: Ptr, order: number): void {
  if (k.PageCompound(page) !== 0 || k.page_count(page) === 0) {
    k.trace.emit({ kind: 'warn', call: 'BUG', condition: 'split_page() of a compound or free page' });
    return;
  }
  const pfn = k.page_to_pfn(page);
  for (let i = 1; i < 2 ** order; i++) k.set_page_count(k.pfn_to_page(pfn + i), 1);
}

/** @kernel include/linux/mm.h totalram_pages @fidelity dup */
export function totalram_pages(k: Kernel): PageCount {
  return k.machine.addresses.ramPages;
}
