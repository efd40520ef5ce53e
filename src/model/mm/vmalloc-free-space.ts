// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { WARN_ON } from './bug.ts';
import { GFP_NOWAIT } from './gfp.ts';
import { levelSizes } from './level-sizes.ts';
import type { FreeArea } from './vmalloc-area-balance.ts';
import { firstFit, makeFreeArea } from './vmalloc-area-tree.ts';
import { vmallocState } from './vmalloc-state.ts';

// mm/vmalloc.c: free address space. Each free range has a vmap_area object, as in the kernel, so that objects are
// allocated and freed where the kernel does; their fields are not kept up, the tree in TypeScript knows the bounds.

/** The kernel's free space begins at 1; nothing asks for an address below this one, where numbers are still exact. */
const FREE_SPACE_START: VirtAddr = -(2 ** 52);
const FREE_SPACE_END: VirtAddr = -1;

/**
 * Makes the whole address space free, at boot.
 * @kernel mm/vmalloc.c vmap_init_free_space
 */
export function initFreeSpace(k: Kernel): void {
  const state = k.state(vmallocState);
  const area = k.kmem_cache_zalloc(state.cache, GFP_NOWAIT);
  if (!WARN_ON(k, area === 0, '!free'))
    state.free.insert(makeFreeArea(FREE_SPACE_START, FREE_SPACE_END, area));
}

/**
 * Allocates the object that cutting a hole into a free range takes, before the lock that forbids to sleep. `keep()`,
 * called under the lock, makes it this CPU's spare, or frees it if there is one by now.
 * @kernel mm/vmalloc.c preload_this_cpu_lock
 */
export function preloadThisCpu(k: Kernel, gfp: number, node: number): { keep(): void } {
  const { preloaded, cache } = k.state(vmallocState);
  const spare = preloaded.has(k.cpu) ? 0 : k.kmem_cache_alloc_node(cache, gfp, node);
  return {
    keep: () => {
      if (spare === 0) return;
      if (preloaded.has(k.cpu)) k.kmem_cache_free(cache, spare);
      else preloaded.set(k.cpu, spare);
    },
  };
}

/**
 * Cuts [addr, addr + size) out of the free range that the kernel's search would choose.
 * @kernel mm/vmalloc.c __alloc_vmap_area
 * @returns the address, or undefined if nothing fits below `vend` or an object for the remainder is lacking.
 */
export function allocateFromFreeSpace(
  k: Kernel,
  search: {
    readonly size: ByteCount;
    readonly align: ByteCount;
    readonly vstart: VirtAddr;
    readonly vend: VirtAddr;
  },
): VirtAddr | undefined {
  const { size, align, vend } = search;
  const { free } = k.state(vmallocState);
  // User-half bounds lie below all kernel addresses, though their numbers are larger.
  const vstart = search.vstart >= 0 ? FREE_SPACE_START : search.vstart;
  // Looking for room for the worst alignment finds a range at once; an exact window must not be asked for more.
  const exact = align <= levelSizes(k.machine).pageSize || vend - vstart === size;
  const found = free.lowestMatch(size, align, vstart, exact ? size : size + align - 1);
  if (found === undefined) return undefined;
  const addr = firstFit(found, align, vstart);
  if (addr + size > vend) return undefined;
  return WARN_ON(k, !clip(k, found, addr, addr + size), 'ret') ? undefined : addr;
}

/**
 * Takes [start, end) out of a free range that contains it; of what is left in front, a new range is made.
 * @kernel mm/vmalloc.c va_clip
 * @returns false if that needs an object and there is none.
 */
function clip(k: Kernel, range: FreeArea, start: VirtAddr, end: VirtAddr): boolean {
  const { free, cache, preloaded } = k.state(vmallocState);
  if (range.start === start && range.end === end) {
    free.erase(range);
    k.kmem_cache_free(cache, range.area);
  } else if (range.start === start) {
    free.resize(range, end, range.end);
  } else if (range.end === end) {
    free.resize(range, range.start, start);
  } else {
    const area = preloaded.get(k.cpu) ?? k.kmem_cache_alloc(cache, GFP_NOWAIT);
    if (area === 0) return false;
    preloaded.delete(k.cpu);
    const left = makeFreeArea(range.start, start, area);
    free.resize(range, end, range.end);
    free.insert(left);
  }
  return true;
}

/**
 * Takes [start, end) out of the free range that holds it. The caller holds the free lock.
 * @returns false if no free range does, or an object for the remainder is lacking.
 */
export function takeExactly(k: Kernel, start: VirtAddr, end: VirtAddr): boolean {
  const { free } = k.state(vmallocState);
  const range = free.neighbours(start + 1).before;
  return range !== undefined && end <= range.end && clip(k, range, start, end);
}

/**
 * Makes the range of a vmap_area free, joined with free neighbours; objects that are then too many are freed. The
 * caller holds the free lock.
 * @kernel mm/vmalloc.c merge_or_add_vmap_area_augment
 */
export function addToFreeSpace(k: Kernel, area: Ptr): void {
  const { free, cache, nodeOf } = k.state(vmallocState);
  const { va_start: start, va_end: end } = k.structs.vmap_area(area);
  nodeOf.delete(area);
  const { before, after } = free.neighbours(start);
  const overlap = (before !== undefined && before.end > start) || (after !== undefined && after.start < end);
  if (WARN_ON(k, overlap, 'vmalloc bug: areas overlap')) return;
  const right = after?.start === end ? after : undefined;
  const left = before?.end === start ? before : undefined;
  if (left === undefined && right === undefined) {
    free.insert(makeFreeArea(start, end, area));
    return;
  }
  k.kmem_cache_free(cache, area);
  if (right !== undefined) free.resize(right, start, right.end);
  if (left === undefined) return;
  // The right neighbour leaves the tree before the left one grows, as in the kernel.
  if (right !== undefined) {
    free.erase(right);
    k.kmem_cache_free(cache, right.area);
  }
  free.resize(left, left.start, right?.end ?? end);
}
