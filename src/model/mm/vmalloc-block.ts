// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, PageCount, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { cpuCount } from './cpu-count.ts';
import { mayAllocate } from './allocation-limit.ts';
import { BUG_ON, WARN_ON } from './bug.ts';
import { EINVAL, ENOMEM, isErrorPointer } from './errno.ts';
import { GFP_RECLAIM_MASK, NUMA_NO_NODE } from './gfp.ts';
import { levelSizes } from './level-sizes.ts';
import { allocateAs } from './object-type.ts';
import { VMAP_BLOCK, VMAP_RAM } from './vm-flags.ts';
import { blockState, VMAP_MAX_ALLOC, type VmapBlock } from './vmalloc-block-state.ts';
import { blockNumber, blockPages, closeFragmented, freeBlock } from './vmalloc-block-range.ts';
import { vmallocSpace } from './vmalloc-space.ts';

// mm/vmalloc.c: vmap blocks. Each CPU carves small mappings out of blocks of address space of its own, front to back,
// and a block goes back only as a whole: so neither a lock nor a TLB flush is needed for each mapping.

/** sizeof(struct vmap_block) with a bitmap of 1024 bits. */
const BLOCK_OBJECT_BYTES = 264;

/**
 * Makes a block on this CPU, with its first 1 << order pages taken.
 * @kernel mm/vmalloc.c new_vmap_block
 * @fidelity custom: blocks are found by a map in TypeScript; its insertion counts as one allocation, like xa_insert()
 * @returns the address of the first page, or an error pointer.
 */
export function new_vmap_block(k: Kernel, order: number, gfp_mask: number): VirtAddr {
  const { blocks, queue } = k.state(blockState);
  const { VMALLOC_START, VMALLOC_END } = vmallocSpace(k);
  const pages = blockPages(k);
  const bytes = pages * levelSizes(k.machine).pageSize;
  const object = allocateAs(k, { name: 'vmap_block', size: BLOCK_OBJECT_BYTES }, () =>
    k.kmalloc_node(BLOCK_OBJECT_BYTES, gfp_mask & GFP_RECLAIM_MASK, NUMA_NO_NODE),
  );
  if (object === 0) return -ENOMEM;
  const flags = VMAP_RAM | VMAP_BLOCK;
  const va = k.alloc_vmap_area(bytes, bytes, VMALLOC_START, VMALLOC_END, NUMA_NO_NODE, gfp_mask, flags, 0);
  if (isErrorPointer(va)) {
    k.kfree(object);
    return va;
  }
  BUG_ON(k, pages <= 2 ** order, 'VMAP_BBMAP_BITS <= (1UL << order)');
  const start = k.structs.vmap_area(va).va_start;
  const block: VmapBlock = {
    object,
    va,
    start,
    cpu: k.cpu,
    free: pages - 2 ** order,
    dirty: 0,
    dirtyMin: pages,
    dirtyMax: 0,
    used: new Uint8Array(pages).fill(1, 0, 2 ** order),
  };
  k.spin_lock_init(object);
  if (!mayAllocate(k, { what: 'object', name: 'xa_node' })) {
    k.kfree(object);
    k.free_vmap_area(va);
    return -ENOMEM;
  }
  blocks.set(blockNumber(k, start), block);
  const { lock, free } = queue(k, k.cpu);
  k.spin_lock(lock);
  free.push(block);
  k.spin_unlock(lock);
  return start;
}

/**
 * Takes 2^order pages for `size` bytes from a block of this CPU, or from a new one.
 * @kernel mm/vmalloc.c vb_alloc
 * @fidelity dup
 * @returns the address, or an error pointer.
 */
export function vb_alloc(k: Kernel, size: ByteCount, gfp_mask: number): VirtAddr {
  const { pageSize } = levelSizes(k.machine);
  BUG_ON(k, size % pageSize !== 0, 'offset_in_page(size)');
  BUG_ON(k, size > pageSize * VMAP_MAX_ALLOC, 'size > PAGE_SIZE * VMAP_MAX_ALLOC');
  if (WARN_ON(k, size === 0, 'size == 0')) return -EINVAL;
  const order = pageOrder(k, size);
  k.rcu_read_lock();
  const addr = takeFromBlocks(k, 2 ** order);
  k.rcu_read_unlock();
  return addr ?? k.new_vmap_block(order, gfp_mask);
}

function takeFromBlocks(k: Kernel, pages: PageCount): VirtAddr | undefined {
  const { lock, free } = k.state(blockState).queue(k, k.cpu);
  const block = free.find((candidate) => candidate.free >= pages);
  if (block === undefined) return undefined;
  k.spin_lock(block.object);
  const at = block.used.length - block.free;
  block.free -= pages;
  block.used.fill(1, at, at + pages);
  if (block.free === 0) {
    k.spin_lock(lock);
    free.splice(free.indexOf(block), 1);
    k.spin_unlock(lock);
  }
  k.spin_unlock(block.object);
  return block.start + at * levelSizes(k.machine).pageSize;
}

/**
 * Unmaps pages of a block and notes them as dirty: not to be used again before a flush. A block of which every page
 * is dirty is freed.
 * @kernel mm/vmalloc.c vb_free
 * @fidelity dup
 */
export function vb_free(k: Kernel, addr: VirtAddr, size: ByteCount): void {
  const { pageSize } = levelSizes(k.machine);
  BUG_ON(k, size % pageSize !== 0, 'offset_in_page(size)');
  BUG_ON(k, size > pageSize * VMAP_MAX_ALLOC, 'size > PAGE_SIZE * VMAP_MAX_ALLOC');
  k.flush_cache_vunmap(addr, addr + size);
  const block = k.state(blockState).blocks.get(blockNumber(k, addr));
  const pages = 2 ** pageOrder(k, size);
  // The kernel does not look whether there is a block: without one it dereferences NULL.
  if (block === undefined) return void k.mem.ld32(0);
  const at = (addr - block.start) / pageSize;
  k.spin_lock(block.object);
  block.used.fill(0, at, at + pages);
  k.spin_unlock(block.object);
  k.vunmap_range_noflush(addr, addr + size);
  k.spin_lock(block.object);
  block.dirtyMin = Math.min(block.dirtyMin, at);
  block.dirtyMax = Math.max(block.dirtyMax, at + pages);
  block.dirty += pages;
  const done = block.dirty === block.used.length;
  BUG_ON(k, done && block.free !== 0, 'vb->free');
  k.spin_unlock(block.object);
  if (done) freeBlock(k, block);
}

/** get_order(): log2 of the pages that hold `size` bytes, rounded up. */
function pageOrder(k: Kernel, size: ByteCount): number {
  return Math.ceil(Math.log2(size / levelSizes(k.machine).pageSize));
}

/**
 * Frees the blocks of one CPU of which nothing is in use.
 * @kernel mm/vmalloc.c purge_fragmented_blocks
 * @fidelity dup
 */
export function purge_fragmented_blocks(k: Kernel, cpu: number): void {
  const closed: VmapBlock[] = [];
  k.rcu_read_lock();
  for (const block of k.state(blockState).queue(k, cpu).free.slice()) {
    const pages = block.used.length;
    if (block.free + block.dirty !== pages || block.dirty === pages) continue;
    k.spin_lock(block.object);
    if (closeFragmented(k, block, true)) closed.push(block);
    k.spin_unlock(block.object);
  }
  k.rcu_read_unlock();
  for (const block of closed) freeBlock(k, block);
}

/**
 * purge_fragmented_blocks() of every CPU.
 * @kernel mm/vmalloc.c purge_fragmented_blocks_allcpus
 * @fidelity dup
 */
export function purge_fragmented_blocks_allcpus(k: Kernel): void {
  for (let cpu = 0; cpu < cpuCount(k); cpu++) k.purge_fragmented_blocks(cpu);
}
