// SPDX-License-Identifier: GPL-2.0-only
import { ult } from '../../base/u64.ts';
import type { PageCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { WARN_ON } from './bug.ts';
import { levelSizes } from './level-sizes.ts';
import { addToFreeSpace } from './vmalloc-free-space.ts';
import { takeDirtyRanges } from './vmalloc-block.ts';
import { makeVmallocState } from './vmalloc-state.ts';

// mm/vmalloc.c: lazy freeing. An unmapped area waits until one TLB flush serves many: its addresses must not be handed
// out while any TLB may still translate them.

/** ULONG_MAX, the start of an empty flush range. */
const NOWHERE: VirtAddr = -1;

/**
 * How many pages may wait before a purge is due: 32 MiB for each doubling of the CPUs.
 * @kernel mm/vmalloc.c lazy_max_pages
 * @fidelity dup
 */
export function lazy_max_pages(k: Kernel): PageCount {
  const log = Math.floor(Math.log2(k.num_online_cpus())) + 1;
  return log * ((32 * 1024 * 1024) / levelSizes(k.machine).pageSize);
}

/**
 * Unmaps an area that the caller has unlinked, and frees it lazily. Caches are flushed now, TLBs later.
 * @kernel mm/vmalloc.c free_unmap_vmap_area
 * @fidelity dup
 */
export function free_unmap_vmap_area(k: Kernel, va: Ptr): void {
  const { va_start, va_end } = k.structs.vmap_area(va);
  k.flush_cache_vunmap(va_start, va_end);
  k.vunmap_range_noflush(va_start, va_end);
  if (k.debug_pagealloc_enabled_static()) k.flush_tlb_kernel_range(va_start, va_end);
  k.free_vmap_area_noflush(va);
}

/**
 * Lets an unmapped, unlinked area wait for the next purge; makes one due when too many pages wait.
 * @kernel mm/vmalloc.c free_vmap_area_noflush
 * @fidelity custom: one list of waiting areas instead of one for each node
 */
export function free_vmap_area_noflush(k: Kernel, va: Ptr): void {
  const state = k.state(makeVmallocState);
  const { va_start: start, va_end: end } = k.structs.vmap_area(va);
  state.lazyPages += (end - start) / levelSizes(k.machine).pageSize;
  k.spin_lock(state.locks.lazy);
  const overlap = state.lazy.insert({ start, end, area: va });
  WARN_ON(k, overlap !== undefined, 'vmalloc bug: areas overlap');
  k.spin_unlock(state.locks.lazy);
  if (state.lazyPages > k.lazy_max_pages()) state.drainDue = true;
}

/**
 * Flushes the TLBs once over [start, end) grown to all waiting areas, then makes them free. The caller holds
 * vmap_purge_lock.
 * @kernel mm/vmalloc.c __purge_vmap_area_lazy
 * @fidelity custom: one list, purged here and now; the kernel shares many nodes out to workers
 * @returns whether there were any; if not, nothing was flushed.
 */
export function __purge_vmap_area_lazy(
  k: Kernel,
  start: VirtAddr,
  end: VirtAddr,
  _full_pool_decay: number,
): number {
  const state = k.state(makeVmallocState);
  if (state.lazy.size === 0) return 0;
  k.spin_lock(state.locks.lazy);
  const waiting = state.lazy.takeAll();
  k.spin_unlock(state.locks.lazy);
  const lowest = waiting[0]!.start;
  const highest = waiting.at(-1)!.end;
  k.flush_tlb_kernel_range(ult(lowest, start) ? lowest : start, ult(end, highest) ? highest : end);
  const { pageSize } = levelSizes(k.machine);
  for (const range of waiting) state.lazyPages -= (range.end - range.start) / pageSize;
  k.spin_lock(state.locks.free);
  // The kernel stacks them on a list first, so the highest becomes free first.
  for (const range of waiting.reverse()) addToFreeSpace(k, range.area);
  k.spin_unlock(state.locks.free);
  return 1;
}

/**
 * Purges everything that can be: per-CPU blocks that nobody uses, then all waiting areas.
 * @kernel mm/vmalloc.c reclaim_and_purge_vmap_areas
 * @fidelity dup
 */
export function reclaim_and_purge_vmap_areas(k: Kernel): void {
  const { purge } = k.state(makeVmallocState).locks;
  k.mutex_lock(purge);
  k.purge_fragmented_blocks_allcpus();
  k.__purge_vmap_area_lazy(NOWHERE, 0, 1);
  k.mutex_unlock(purge);
}

/**
 * Flushes all lazy unmappings, and [start, end) too if `flush` is set or a block has unflushed parts.
 * @kernel mm/vmalloc.c _vm_unmap_aliases
 * @fidelity dup
 */
export function _vm_unmap_aliases(k: Kernel, start: VirtAddr, end: VirtAddr, flush: number): void {
  const { initialized, locks } = k.state(makeVmallocState);
  if (!initialized) return;
  k.mutex_lock(locks.purge);
  const range = takeDirtyRanges(k, { start, end, flush: flush !== 0 });
  if (!k.__purge_vmap_area_lazy(range.start, range.end, 0) && range.flush) {
    k.flush_tlb_kernel_range(range.start, range.end);
  }
  k.mutex_unlock(locks.purge);
}

/**
 * After this no TLB translates an address of the vmap layer to a page that is not mapped there any more.
 * @kernel mm/vmalloc.c vm_unmap_aliases
 * @fidelity dup
 */
export function vm_unmap_aliases(k: Kernel): void {
  k._vm_unmap_aliases(NOWHERE, 0, 0);
}
