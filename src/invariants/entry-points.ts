// SPDX-License-Identifier: GPL-2.0-only
import type { OperationEvent } from '../trace/events.ts';

/**
 * What the kernel's entry points owe their callers, by name. A function that is not listed under a duty is not held
 * to it: most of all the `*_noflush` ones, whose callers flush.
 */

const MAPPERS_OF_PAGES =
  /^(vmap|vm_map_ram|vm_area_map_pages|(__)?vmap_pages_range(_noflush)?|vmap_small_pages_range_noflush|map_kernel_range(_noflush)?|map_vm_area|vmap_pages_range_noflush_walk)$/;

/** The caller hands over an array of page pointers. */
export function takesPageArray(name: string): boolean {
  return MAPPERS_OF_PAGES.test(name);
}

const VMALLOC = /^(__)?v[mz]alloc(_|$)/;

/** The callee allocates the pages, and mappings of its own for their bookkeeping. */
export function allocatesPages(name: string): boolean {
  return VMALLOC.test(name);
}

const FREES = /^(__)?(vfree|kvfree|vfree_atomic)$/;

/** The callee frees the pages that were mapped, and mappings of its own with them. */
export function freesPages(name: string): boolean {
  return FREES.test(name);
}

const OWES_CACHE_VMAP =
  /^(vmap|vmap_pfn|vm_map_ram|vm_area_map_pages|vmap_pages_range|vmap_page_range|vmap_range|map_kernel_range|map_vm_area|ioremap(_page_range|_prot|_wc|_wt|_np|_cache|_uc)?|(generic|_)_ioremap_prot)$/;

/** The call itself announces new mappings to virtually indexed caches. */
export function owesCacheFlushAfterMap(name: string): boolean {
  return OWES_CACHE_VMAP.test(name) || allocatesPages(name);
}

const OWES_CACHE_VUNMAP =
  /^(vunmap|vm_area_unmap_pages|vunmap_range|vm_unmap_ram|unmap_kernel_range|free_vm_area|remove_vm_area|iounmap)$/;

/** The call itself announces the end of mappings to virtually indexed caches. */
export function owesCacheFlushBeforeUnmap(name: string): boolean {
  return OWES_CACHE_VUNMAP.test(name) || freesPages(name);
}

/** The caller flushes caches, before and after. */
export function leavesCacheFlushToCaller(name: string): boolean {
  return /_noflush(_|$)/.test(name);
}

const FLUSHES_TLB =
  /^(vunmap_range|vm_area_unmap_pages|unmap_kernel_range|__set_fixmap|huge_ptep_clear_flush|arch_remove_memory)$/;

/** The call returns only when no TLB holds what it unmapped; others leave that until the address is used again. */
export function flushesTlbItself(name: string): boolean {
  return FLUSHES_TLB.test(name);
}

/** The caller flushes TLBs. */
export function leavesTlbFlushToCaller(name: string): boolean {
  return name.endsWith('_noflush');
}

/** The call is given its address, and leaves nothing there when it fails. */
export function cleansUpItself(name: string): boolean {
  return name === 'arch_add_memory';
}

/** The call maps into a slot of the fixmap for its caller, who ends that. */
export function leavesSlotsMapped(name: string): boolean {
  return name === '__set_fixmap';
}

/** The call may put the work off to a worker: nothing can be said when it returns. */
export function mayDefer({ name, context }: Pick<OperationEvent, 'name' | 'context'>): boolean {
  return name === 'vfree_atomic' || (name === 'vfree' && context === 'irq');
}

/** The call ends mappings, and leaves the area to its owner. */
export function keepsArea(name: string): boolean {
  return /(_range(_noflush)?|^vm_area_unmap_pages)$/.test(name);
}

const MAKES_AREA =
  /^(vmap|vmap_pfn|(__)?get_vm_area(_caller|_node)?|ioremap(_prot|_wc|_wt|_np|_cache|_uc)?|(generic|_)_ioremap_prot)$/;

/** The call takes a range of addresses for a new area. */
export function makesArea(name: string): boolean {
  return MAKES_AREA.test(name) || allocatesPages(name);
}
