// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { partOfState } from '../part-of-state.ts';

/** The largest mapping that comes from a block, in pages; larger ones get an area of their own. */
export const VMAP_MAX_ALLOC = 64;

/** struct vmap_block: address space that one CPU hands out page by page, front to back. */
export interface VmapBlock {
  /** The kmalloc()ed object; its first bytes are the lock. */
  readonly object: Ptr;
  /** The vmap_area that the block occupies. */
  readonly va: Ptr;
  readonly start: VirtAddr;
  readonly cpu: number;
  /** Pages never handed out: the last ones. */
  free: PageCount;
  /** Pages handed out and unmapped since. */
  dirty: PageCount;
  /** Bounds of the dirty pages that no flush has covered, as page indices; the lower is the larger when there are none. */
  dirtyMin: number;
  dirtyMax: number;
  /** 1 for each page in use. */
  readonly used: Uint8Array;
}

/** struct vmap_block_queue: the blocks of a CPU that have free pages, oldest first. */
interface BlockQueue {
  readonly lock: Ptr;
  readonly free: VmapBlock[];
}

export interface BlockState {
  /** Every block, by its number in the address space. */
  readonly blocks: Map<number, VmapBlock>;
  queue(k: Kernel, cpu: number): BlockQueue;
}

export const blockState = partOfState((): BlockState => {
  const queues = new Map<number, BlockQueue>();
  return {
    blocks: new Map(),
    queue: (k, cpu) => {
      let queue = queues.get(cpu);
      if (queue === undefined) {
        queue = { lock: k.mem.allocate({ name: 'vmap_block_queue', size: 64, zeroed: true }), free: [] };
        queues.set(cpu, queue);
      }
      return queue;
    },
  };
});
