// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../base/descriptor.ts';
import type { ByteCount, PageCount, Ptr, Shift, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { WARN_ON } from './bug.ts';
import {
  __GFP_FS,
  __GFP_HIGHMEM,
  __GFP_IO,
  __GFP_NOFAIL,
  __GFP_NOWARN,
  __GFP_ZERO,
  GFP_DMA,
  GFP_DMA32,
  GFP_RECLAIM_MASK,
  NUMA_NO_NODE,
} from './gfp.ts';
import { levelSizes } from './level-sizes.ts';
import { VM_ALLOC, VM_ALLOW_HUGE_VMAP, VM_UNINITIALIZED } from './vm-flags.ts';
import { vmallocState } from './vmalloc-state.ts';

// mm/vmalloc.c: vmalloc proper: pages from the page allocator, mapped one after the other.

const POINTER_BYTES = 8;
const STRUCT_PAGE_BYTES = 64;
/** The bulk allocator is asked for this many pages at a time, so that it cannot hold the CPU for long. */
const BULK_PAGES = 100;

/**
 * Allocates nr_pages pages, in pieces of 1 << order that can be used and freed as single pages, into pages[].
 * @kernel mm/vmalloc.c vm_area_alloc_pages
 * @fidelity dup
 * @returns how many it got.
 */
export function vm_area_alloc_pages(
  k: Kernel,
  gfp: number,
  nid: number,
  order: number,
  nr_pages: PageCount,
  pages: Ptr,
): PageCount {
  let allocated = order === 0 ? allocateBulk(k, gfp, nid, nr_pages, pages) : 0;
  while (allocated < nr_pages) {
    const page = nid === NUMA_NO_NODE ? k.alloc_pages(gfp, order) : k.alloc_pages_node(nid, gfp, order);
    if (page === 0) break;
    if (order > 0) k.split_page(page, order);
    for (let i = 0; i < 2 ** order; i++) {
      k.mem.st64(pages + (allocated + i) * POINTER_BYTES, page + i * STRUCT_PAGE_BYTES);
    }
    allocated += 2 ** order;
  }
  return allocated;
}

function allocateBulk(k: Kernel, gfp: number, nid: number, wanted: PageCount, pages: Ptr): PageCount {
  let allocated = 0;
  while (allocated < wanted) {
    const request = Math.min(BULK_PAGES, wanted - allocated);
    const got = k.alloc_pages_bulk_array_node(gfp, nid, request, pages + allocated * POINTER_BYTES);
    allocated += got;
    if (got !== request) break;
  }
  return allocated;
}

/**
 * Gives an area its pages and maps them. On failure the area and what it had got are freed.
 * @kernel mm/vmalloc.c __vmalloc_area_node
 * @fidelity custom: memory control groups are not told; a __GFP_NOFAIL mapping is tried twice, not for ever
 * @returns the area's address, or NULL.
 */
export function __vmalloc_area_node(
  k: Kernel,
  area: Ptr,
  gfp_mask: number,
  prot: Descriptor,
  page_shift: Shift,
  node: number,
): VirtAddr {
  const { pageShift, pageSize } = levelSizes(k.machine);
  const vm = k.structs.vm_struct(area);
  const { addr } = vm;
  const size = k.get_vm_area_size(area);
  const nr_small_pages = Math.floor(size / pageSize);
  if (!(gfp_mask & (GFP_DMA | GFP_DMA32))) gfp_mask |= __GFP_HIGHMEM;
  vm.pages = allocatePageArray(k, nr_small_pages * POINTER_BYTES, gfp_mask, node, vm.caller);
  if (vm.pages === 0) {
    k.free_vm_area(area);
    return 0;
  }
  const page_order = page_shift - pageShift;
  if (k.machine.config['CONFIG_HAVE_ARCH_HUGE_VMALLOC'] === true) vm.page_order = page_order;
  const attempt = (page_order > 0 ? gfp_mask & ~__GFP_NOFAIL : gfp_mask) | __GFP_NOWARN;
  vm.nr_pages = k.vm_area_alloc_pages(attempt, node, page_order, nr_small_pages, vm.pages);
  k.state(vmallocState).vmallocPages += vm.nr_pages;
  if (vm.nr_pages !== nr_small_pages || mapInScope(k, gfp_mask, addr, size, prot, vm.pages, page_shift) < 0) {
    k.vfree(addr);
    return 0;
  }
  return addr;
}

/** The array of struct page pointers; a large one comes from vmalloc itself. */
function allocatePageArray(k: Kernel, bytes: ByteCount, gfp_mask: number, node: number, caller: Ptr): Ptr {
  const nested = (gfp_mask & GFP_RECLAIM_MASK) | __GFP_ZERO;
  return bytes > levelSizes(k.machine).pageSize
    ? k.__vmalloc_node(bytes, 1, nested, node, caller)
    : k.kmalloc_node(bytes, nested, node);
}

/** vmap_pages_range(), with page-table allocations bound to what `gfp_mask` allows: they do not take a mask. */
function mapInScope(
  k: Kernel,
  gfp_mask: number,
  addr: VirtAddr,
  size: ByteCount,
  prot: Descriptor,
  pages: Ptr,
  page_shift: Shift,
): number {
  const allowed = gfp_mask & (__GFP_FS | __GFP_IO);
  const map = (): number => {
    const err = k.vmap_pages_range(addr, addr + size, prot, pages, page_shift);
    if (err >= 0 || (gfp_mask & __GFP_NOFAIL) === 0) return err;
    k.schedule_timeout_uninterruptible(1);
    return k.vmap_pages_range(addr, addr + size, prot, pages, page_shift);
  };
  if (allowed === __GFP_IO) {
    const flags = k.memalloc_nofs_save();
    const err = map();
    k.memalloc_nofs_restore(flags);
    return err;
  }
  if (allowed === 0) {
    const flags = k.memalloc_noio_save();
    const err = map();
    k.memalloc_noio_restore(flags);
    return err;
  }
  return map();
}

/**
 * Allocates at least `size` bytes that are virtually contiguous within [start, end), mapped with `prot`. With
 * VM_ALLOW_HUGE_VMAP in vm_flags, large pages are tried first where the size reaches them, then single pages.
 * @kernel mm/vmalloc.c __vmalloc_node_range
 * @fidelity custom: a __GFP_NOFAIL area is waited for once, not for ever
 * @returns the address, or NULL.
 */
export function __vmalloc_node_range(
  k: Kernel,
  size: ByteCount,
  align: ByteCount,
  start: VirtAddr,
  end: VirtAddr,
  gfp_mask: number,
  prot: Descriptor,
  vm_flags: number,
  node: number,
  caller: Ptr,
): VirtAddr {
  const { pageShift, pageSize } = levelSizes(k.machine);
  if (WARN_ON(k, size === 0, '!size')) return 0;
  if (Math.floor(size / pageSize) > k.totalram_pages()) return 0;
  const huge = vm_flags & VM_ALLOW_HUGE_VMAP ? hugeShift(k, size, prot) : pageShift;
  const shifts = huge > pageShift ? [huge, pageShift] : [pageShift];
  for (const shift of shifts) {
    const flags = VM_ALLOC | VM_UNINITIALIZED | vm_flags;
    const aligned = Math.max(align, shift > pageShift ? 2 ** shift : 1);
    const take = (): Ptr =>
      k.__get_vm_area_node(size, aligned, shift, flags, start, end, node, gfp_mask, caller);
    let area = take();
    if (area === 0 && (gfp_mask & __GFP_NOFAIL) !== 0) {
      k.schedule_timeout_uninterruptible(1);
      area = take();
    }
    if (area === 0) continue;
    const addr = k.__vmalloc_area_node(area, gfp_mask, prot, shift, node);
    if (addr === 0) continue;
    k.structs.vm_struct(area).flags &= ~VM_UNINITIALIZED;
    return addr;
  }
  return 0;
}

/** The shift of the pages that an allocation of `size` bytes should be made of. */
function hugeShift(k: Kernel, size: ByteCount, prot: Descriptor): Shift {
  const { pageShift, pmdShift, pmdSize } = levelSizes(k.machine);
  if (k.machine.config['CONFIG_HAVE_ARCH_HUGE_VMALLOC'] !== true) return pageShift;
  if (k.arch_vmap_pmd_supported(prot) && size >= pmdSize) return pmdShift;
  return k.arch_vmap_pte_supported_shift(size);
}
