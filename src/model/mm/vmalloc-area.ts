// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { BUG_ON } from './bug.ts';
import { EBUSY, EINVAL, ENOMEM } from './errno.ts';
import { GFP_RECLAIM_MASK } from './gfp.ts';
import { isAligned, levelSizes } from './level-sizes.ts';
import { insertBusy, unlinkBusy } from './vmalloc-busy.ts';
import { addToFreeSpace, allocateFromFreeSpace, preloadThisCpu } from './vmalloc-free-space.ts';
import { nodeOfCpu, takeFromPool } from './vmalloc-node.ts';
import { vmallocSpace } from './vmalloc-space.ts';
import { vmallocState } from './vmalloc-state.ts';

// mm/vmalloc.c: the allocator of kernel address space. One tree of free ranges, one index of ranges in use, each under
// its lock. Kernel 6.12 splits the latter by address into nodes, one for each CPU, to share out the lock; a lookup then
// asks the nodes in turn and finds the same. Areas are vmap_area objects in memory, bound to their vm_struct.

/**
 * Takes `size` bytes of address space at a multiple of `align` within [vstart, vend), the lowest that fit. If there
 * are none, lazily freed areas are purged and the search is done once more.
 * @kernel mm/vmalloc.c alloc_vmap_area
 * @fidelity custom: no purge notifiers
 * @returns the vmap_area, or -EINVAL, -EBUSY or -ENOMEM as an error pointer. If `vm` is not NULL, the two are bound.
 */
export function alloc_vmap_area(
  k: Kernel,
  size: ByteCount,
  align: ByteCount,
  vstart: VirtAddr,
  vend: VirtAddr,
  node: number,
  gfp_mask: number,
  va_flags: number,
  vm: Ptr,
): Ptr {
  const { pageSize } = levelSizes(k.machine);
  const { VMALLOC_START, VMALLOC_END } = vmallocSpace(k);
  const state = k.state(vmallocState);
  if (size === 0 || size % pageSize !== 0 || !isPowerOfTwo(align)) return -EINVAL;
  if (!state.initialized) return -EBUSY;
  const gfp = gfp_mask & GFP_RECLAIM_MASK;
  const pooling = vstart === VMALLOC_START && vend === VMALLOC_END ? nodeOfCpu(k) : undefined;
  const ready = pooling === undefined ? 0 : takeFromPool(k, size, align);
  const area = ready || k.kmem_cache_alloc_node(state.cache, gfp, node);
  if (area === 0) return -ENOMEM;
  const search = { size, align, vstart, vend };
  const addr = ready === 0 ? searchAndPurge(k, search, gfp, node) : k.structs.vmap_area(ready).va_start;
  if (addr === undefined) {
    k.kmem_cache_free(state.cache, area);
    return -EBUSY;
  }
  if (pooling !== undefined) state.nodeOf.set(area, pooling);
  bindArea(k, area, { addr, size, va_flags, vm });
  insertBusy(k, area);
  BUG_ON(k, !isAligned(addr, align), '!IS_ALIGNED(va->va_start, align)');
  return area;
}

interface Search {
  readonly size: ByteCount;
  readonly align: ByteCount;
  readonly vstart: VirtAddr;
  readonly vend: VirtAddr;
}

function searchAndPurge(k: Kernel, search: Search, gfp: number, node: number): VirtAddr | undefined {
  const addr = searchOnce(k, search, gfp, node);
  if (addr !== undefined) return addr;
  k.reclaim_and_purge_vmap_areas();
  return searchOnce(k, search, gfp, node);
}

function searchOnce(k: Kernel, search: Search, gfp: number, node: number): VirtAddr | undefined {
  const { locks } = k.state(vmallocState);
  const spare = preloadThisCpu(k, gfp, node);
  k.spin_lock(locks.free);
  spare.keep();
  const addr = allocateFromFreeSpace(k, search);
  k.spin_unlock(locks.free);
  return addr;
}

function bindArea(
  k: Kernel,
  area: Ptr,
  to: { addr: VirtAddr; size: ByteCount; va_flags: number; vm: Ptr },
): void {
  const va = k.structs.vmap_area(area);
  va.va_start = to.addr;
  va.va_end = to.addr + to.size;
  va.vm = to.vm;
  if ('flags' in va) va.flags = to.va_flags;
  if (to.vm === 0) return;
  const vm = k.structs.vm_struct(to.vm);
  vm.addr = to.addr;
  vm.size = to.size;
}

/**
 * The area that holds `addr`, in use, or NULL. The lock is dropped before return: the caller keeps the area alive.
 * @kernel mm/vmalloc.c find_vmap_area
 * @fidelity custom: one index instead of nodes
 */
export function find_vmap_area(k: Kernel, addr: VirtAddr): Ptr {
  const { busy, locks, initialized } = k.state(vmallocState);
  if (!initialized) return 0;
  k.spin_lock(locks.busy);
  const found = busy.find(addr);
  k.spin_unlock(locks.busy);
  return found?.area ?? 0;
}

/**
 * As find_vmap_area(), and the area is in use no longer: the caller owns it.
 * @kernel mm/vmalloc.c find_unlink_vmap_area
 * @fidelity custom: one index instead of nodes
 */
export function find_unlink_vmap_area(k: Kernel, addr: VirtAddr): Ptr {
  const { busy, locks } = k.state(vmallocState);
  k.spin_lock(locks.busy);
  const found = busy.find(addr);
  if (found !== undefined) busy.remove(found.start);
  k.spin_unlock(locks.busy);
  return found?.area ?? 0;
}

/**
 * Gives an area that never was mapped back at once, without a flush.
 * @kernel mm/vmalloc.c free_vmap_area
 * @fidelity custom: one index instead of nodes
 */
export function free_vmap_area(k: Kernel, va: Ptr): void {
  const { locks } = k.state(vmallocState);
  unlinkBusy(k, va);
  k.spin_lock(locks.free);
  addToFreeSpace(k, va);
  k.spin_unlock(locks.free);
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && 2 ** Math.round(Math.log2(value)) === value;
}
