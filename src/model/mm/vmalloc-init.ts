// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { cpuCount } from './cpu-count.ts';
import { initFreeSpace } from './vmalloc-free-space.ts';
import { makeNodes, vmallocState } from './vmalloc-state.ts';

/**
 * Brings the vmalloc layer up: its object cache, its locks, and all address space free.
 * @kernel mm/vmalloc.c vmalloc_init
 * @fidelity custom: no areas registered before, no shrinker
 */
export function vmalloc_init(k: Kernel): void {
  const state = k.state(vmallocState);
  state.cache = k.kmem_cache_create(makeString(k, 'vmap_area'), k.sizeof('vmap_area'), 8, 0, 0);
  state.locks.free = makeLock(k, 'free_vmap_area_lock');
  state.locks.busy = makeLock(k, 'vmap_area_lock');
  state.locks.lazy = makeLock(k, 'vmap_lazy_lock');
  state.locks.pool = makeLock(k, 'vmap_pool_lock');
  state.locks.purge = makeLock(k, 'vmap_purge_lock');
  state.nodes = makeNodes(cpuCount(k));
  initFreeSpace(k);
  state.initialized = true;
}

/** A lock with static storage; zeroes are an unlocked spinlock_t and struct mutex. */
function makeLock(k: Kernel, name: string): Ptr {
  return k.mem.allocate({ name, size: 64, zeroed: true });
}

function makeString(k: Kernel, text: string): Ptr {
  const at = k.mem.allocate({ name: `"${text}"`, size: text.length + 1, zeroed: true });
  for (let i = 0; i < text.length; i++) k.mem.st8(at + i, text.charCodeAt(i));
  return at;
}
