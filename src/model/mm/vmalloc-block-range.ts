// SPDX-License-Identifier: GPL-2.0-only
import { udiv, ult, umod } from '../../base/u64.ts';
import type { PageCount, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { BUG_ON } from './bug.ts';
import { cpuCount } from './cpu-count.ts';
import { levelSizes } from './level-sizes.ts';
import { blockState, VMAP_MAX_ALLOC, type VmapBlock } from './vmalloc-block-state.ts';
import { unlinkBusy } from './vmalloc-busy.ts';

// mm/vmalloc.c: vmap blocks as address ranges: how large, where, and which parts await a flush.

/**
 * Pages in a block (VMAP_BBMAP_BITS): so that 16 blocks for each CPU take at most the 128 GiB that any 64-bit machine
 * has, within [128, 1024].
 */
export function blockPages(k: Kernel): PageCount {
  const spacePages = (128 * 1024 ** 3) / levelSizes(k.machine).pageSize;
  const fair = Math.floor(Math.floor(spacePages / 2 ** Math.ceil(Math.log2(cpuCount(k)))) / 16);
  return Math.min(1024, Math.max(2 * VMAP_MAX_ALLOC, fair));
}

/** The block that `addr` lies in, as a number from the start of the address space. */
export function blockNumber(k: Kernel, addr: VirtAddr): number {
  return Math.floor(addr / (blockPages(k) * levelSizes(k.machine).pageSize));
}

/** The CPU under whose hash a block is found. */
function hashCpu(k: Kernel, addr: VirtAddr): number {
  const blockBytes = blockPages(k) * levelSizes(k.machine).pageSize;
  return Number(umod(udiv(addr, blockBytes), cpuCount(k)));
}

/**
 * Gives a block's address space up, lazily; nobody may use or find it any more.
 * @kernel mm/vmalloc.c free_vmap_block
 * @fidelity custom: the object is freed at once, since no reader runs meanwhile
 */
export function freeBlock(k: Kernel, block: VmapBlock): void {
  const { blocks } = k.state(blockState);
  BUG_ON(k, !blocks.delete(blockNumber(k, block.start)), 'tmp != vb');
  unlinkBusy(k, block.va);
  k.free_vmap_area_noflush(block.va);
  k.kfree(block.object);
}

/**
 * Closes a block of which nothing is in use and something is dirty, if asked to or if little of it is free.
 * @kernel mm/vmalloc.c purge_fragmented_block
 * @returns whether it was closed; the caller frees it. The caller holds the block's lock.
 */
export function closeFragmented(k: Kernel, block: VmapBlock, force: boolean): boolean {
  const pages = block.used.length;
  if (block.free + block.dirty !== pages || block.dirty === pages) return false;
  if (!force && block.free >= pages / 4) return false;
  block.free = 0;
  block.dirty = pages;
  block.dirtyMin = 0;
  block.dirtyMax = pages;
  const { lock, free } = k.state(blockState).queue(k, block.cpu);
  k.spin_lock(lock);
  free.splice(free.indexOf(block), 1);
  k.spin_unlock(lock);
  return true;
}

/** A range to flush, and whether anything in it needs it. */
export interface FlushRange {
  readonly start: VirtAddr;
  readonly end: VirtAddr;
  readonly flush: boolean;
}

/**
 * Frees blocks of which nothing is in use and little is free, and grows `range` to the dirty pages of all others,
 * which count as flushed from now on: the first half of _vm_unmap_aliases().
 */
export function takeDirtyRanges(k: Kernel, range: FlushRange): FlushRange {
  const closed: VmapBlock[] = [];
  let grown = range;
  for (let cpu = 0; cpu < cpuCount(k); cpu++) {
    k.rcu_read_lock();
    for (const block of blocksOfHash(k, cpu)) {
      k.spin_lock(block.object);
      if (closeFragmented(k, block, false)) closed.push(block);
      else if (block.dirtyMax > 0 && block.dirty !== block.used.length) grown = growTo(k, grown, block);
      k.spin_unlock(block.object);
    }
    k.rcu_read_unlock();
  }
  for (const block of closed) freeBlock(k, block);
  return grown;
}

function growTo(k: Kernel, range: FlushRange, block: VmapBlock): FlushRange {
  const { pageSize } = levelSizes(k.machine);
  const start = block.start + block.dirtyMin * pageSize;
  const end = block.start + block.dirtyMax * pageSize;
  block.dirtyMin = block.used.length;
  block.dirtyMax = 0;
  return {
    start: ult(start, range.start) ? start : range.start,
    end: ult(range.end, end) ? end : range.end,
    flush: true,
  };
}

function blocksOfHash(k: Kernel, cpu: number): VmapBlock[] {
  const blocks = [...k.state(blockState).blocks.values()];
  return blocks.filter((block) => hashCpu(k, block.start) === cpu).sort((a, b) => a.start - b.start);
}
