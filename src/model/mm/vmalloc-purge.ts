// SPDX-License-Identifier: GPL-2.0-only
import { ult } from '../../base/u64.ts';
import type { PageCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { deferCall } from '../kernel/deferred-call.ts';
import { cpuCount } from './cpu-count.ts';
import { WARN_ON } from './bug.ts';
import { levelSizes } from './level-sizes.ts';
import type { AreaRange } from './vmalloc-area-index.ts';
import { takeDirtyRanges } from './vmalloc-block-range.ts';
import { addToPool, decayPools, reclaim, waitingNode } from './vmalloc-node.ts';
import { vmallocState, type VmapNode } from './vmalloc-state.ts';

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
  const log = Math.floor(Math.log2(cpuCount(k))) + 1;
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
  k.free_vmap_area_noflush(va);
}

/**
 * Lets an unmapped, unlinked area wait for the next purge; makes one due when too many pages wait.
 * @kernel mm/vmalloc.c free_vmap_area_noflush
 * @fidelity dup
 */
export function free_vmap_area_noflush(k: Kernel, va: Ptr): void {
  const state = k.state(vmallocState);
  const { va_start: start, va_end: end } = k.structs.vmap_area(va);
  state.lazyPages += (end - start) / levelSizes(k.machine).pageSize;
  k.spin_lock(state.locks.lazy);
  const overlap = waitingNode(k, va, start).lazy.insert({ start, end, area: va });
  WARN_ON(k, overlap !== undefined, 'vmalloc bug: areas overlap');
  k.spin_unlock(state.locks.lazy);
  if (state.lazyPages > k.lazy_max_pages()) deferCall(k, 'drain_vmap_work', () => drain(k));
}

/**
 * @kernel mm/vmalloc.c drain_vmap_area_work
 */
function drain(k: Kernel): void {
  const { purge } = k.state(vmallocState).locks;
  k.mutex_lock(purge);
  k.__purge_vmap_area_lazy(NOWHERE, 0, 0);
  k.mutex_unlock(purge);
}

/**
 * Flushes the TLBs once over [start, end) grown to all waiting areas, then makes them free or, unless
 * `full_pool_decay`, ready for the next allocation of their size. The caller holds vmap_purge_lock.
 * @kernel mm/vmalloc.c __purge_vmap_area_lazy
 * @fidelity custom: nodes are purged here one after the other; the kernel may share them out to workers
 * @returns whether any area waited; if not, nothing was flushed.
 */
export function __purge_vmap_area_lazy(
  k: Kernel,
  start: VirtAddr,
  end: VirtAddr,
  full_pool_decay: number,
): number {
  const { nodes, locks } = k.state(vmallocState);
  const purged: { node: VmapNode; waiting: AreaRange[] }[] = [];
  for (const node of nodes) {
    decayPools(k, node, full_pool_decay !== 0);
    if (node.lazy.size === 0) continue;
    k.spin_lock(locks.lazy);
    const waiting = node.lazy.takeAll();
    k.spin_unlock(locks.lazy);
    purged.push({ node, waiting });
    const lowest = waiting[0]!.start;
    const highest = waiting.at(-1)!.end;
    if (ult(lowest, start)) start = lowest;
    if (ult(end, highest)) end = highest;
  }
  if (purged.length === 0) return 0;
  k.flush_tlb_kernel_range(start, end);
  for (const { node, waiting } of purged) purgeNode(k, waiting, full_pool_decay ? undefined : node);
  return 1;
}

/**
 * Hands flushed areas on: to the pools of `pooling`, if given, or to the free space.
 * @kernel mm/vmalloc.c purge_vmap_node
 */
function purgeNode(k: Kernel, waiting: readonly AreaRange[], pooling: VmapNode | undefined): void {
  const state = k.state(vmallocState);
  const { pageSize } = levelSizes(k.machine);
  const leaving: Ptr[] = [];
  for (const { start, end, area } of waiting) {
    state.lazyPages -= (end - start) / pageSize;
    if (pooling === undefined || !addToPool(k, pooling, area)) leaving.push(area);
  }
  // The kernel stacks them on a list first, so the highest becomes free first.
  reclaim(k, leaving.toReversed());
}

/**
 * Purges everything that can be: per-CPU blocks that nobody uses, then all waiting areas.
 * @kernel mm/vmalloc.c reclaim_and_purge_vmap_areas
 * @fidelity dup
 */
export function reclaim_and_purge_vmap_areas(k: Kernel): void {
  const { purge } = k.state(vmallocState).locks;
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
  const { initialized, locks } = k.state(vmallocState);
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
