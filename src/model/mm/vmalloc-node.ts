// SPDX-License-Identifier: GPL-2.0-only
import { umod, udiv } from '../../base/u64.ts';
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { isAligned, levelSizes } from './level-sizes.ts';
import { addToFreeSpace } from './vmalloc-free-space.ts';
import { vmallocState, type VmapNode } from './vmalloc-state.ts';

// mm/vmalloc.c: vmap nodes. Kernel 6.12 splits the indices of areas by address over as many nodes as there are CPUs, so
// that CPUs do not wait for one lock. For areas in use that changes nothing that can be seen, and the model has one
// index. What can be seen is kept: which areas wait together, and the pools of ready areas, which decide what address
// the next allocation of a size gets.

/** Areas above this many pages are not pooled. */
const MAX_POOLED_PAGES = 256;
/** Pages of address space that belong to one node before the next one's turn. */
const ZONE_PAGES = 16;

/** The node that an area allocated on this CPU returns to; undefined while there is one node only. */
export function nodeOfCpu(k: Kernel): number | undefined {
  const { nodes } = k.state(vmallocState);
  return nodes.length === 1 ? undefined : k.cpu % nodes.length;
}

/** The node where an area waits for its purge: that of the CPU that allocated it, else by address. */
export function waitingNode(k: Kernel, area: Ptr, start: VirtAddr): VmapNode {
  const { nodes, nodeOf } = k.state(vmallocState);
  const zone = udiv(start, ZONE_PAGES * levelSizes(k.machine).pageSize);
  return nodes[nodeOf.get(area) ?? Number(umod(zone, nodes.length))]!;
}

/**
 * A ready area of exactly `size` bytes from this CPU's pool, or NULL. One that is not aligned goes to the pool's end.
 * @kernel mm/vmalloc.c node_alloc
 */
export function takeFromPool(k: Kernel, size: ByteCount, align: ByteCount): Ptr {
  const { nodes, locks } = k.state(vmallocState);
  const pool = nodes[nodeOfCpu(k) ?? 0]!.pools.get(size / levelSizes(k.machine).pageSize);
  if (pool === undefined || pool.length === 0) return 0;
  k.spin_lock(locks.pool);
  const area = pool.shift()!;
  const usable = isAligned(k.structs.vmap_area(area).va_start, align);
  if (!usable) pool.push(area);
  k.spin_unlock(locks.pool);
  return usable ? area : 0;
}

/**
 * Keeps a purged area ready for the next allocation of its size, if it came through a node and is small enough.
 * @kernel mm/vmalloc.c node_pool_add_va
 */
export function addToPool(k: Kernel, node: VmapNode, area: Ptr): boolean {
  const { nodeOf, locks } = k.state(vmallocState);
  const { va_start, va_end } = k.structs.vmap_area(area);
  const pages = (va_end - va_start) / levelSizes(k.machine).pageSize;
  if (!nodeOf.has(area) || pages > MAX_POOLED_PAGES) return false;
  k.spin_lock(locks.pool);
  const pool = node.pools.get(pages);
  if (pool === undefined) node.pools.set(pages, [area]);
  else pool.unshift(area);
  k.spin_unlock(locks.pool);
  return true;
}

/**
 * Returns a quarter of each pool to the free space, or all of it. A pool of fewer than four goes wholly: a quarter of
 * it is none, and the kernel's count then wraps.
 * @kernel mm/vmalloc.c decay_va_pool_node
 */
export function decayPools(k: Kernel, node: VmapNode, full: boolean): void {
  const { locks } = k.state(vmallocState);
  const leaving: Ptr[] = [];
  const sizes = [...node.pools.keys()].sort((a, b) => a - b);
  for (const pages of sizes) {
    const pool = node.pools.get(pages)!;
    if (pool.length === 0) continue;
    k.spin_lock(locks.pool);
    const quarter = pool.length >>> 2;
    leaving.push(...pool.splice(0, full || quarter === 0 ? pool.length : quarter));
    k.spin_unlock(locks.pool);
  }
  reclaim(k, joinNeighbours(k, leaving));
}

/** Joins areas that touch; the objects of those that vanish in others are freed. The result is in order of address. */
function joinNeighbours(k: Kernel, areas: readonly Ptr[]): Ptr[] {
  const { cache } = k.state(vmallocState);
  const ordered = areas.map((area) => k.structs.vmap_area(area)).map((va, i) => ({ va, area: areas[i]! }));
  ordered.sort((a, b) => a.va.va_start - b.va.va_start);
  const joined: typeof ordered = [];
  for (const next of ordered) {
    const last = joined.at(-1);
    if (last?.va.va_end === next.va.va_start) {
      last.va.va_end = next.va.va_end;
      k.kmem_cache_free(cache, next.area);
    } else {
      joined.push(next);
    }
  }
  return joined.map(({ area }) => area);
}

/**
 * Makes areas free, in the order given.
 * @kernel mm/vmalloc.c reclaim_list_global
 */
export function reclaim(k: Kernel, areas: readonly Ptr[]): void {
  if (areas.length === 0) return;
  const { locks } = k.state(vmallocState);
  k.spin_lock(locks.free);
  for (const area of areas) {
    addToFreeSpace(k, area);
  }
  k.spin_unlock(locks.free);
}
