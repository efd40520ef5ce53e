// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, Ptr, VirtAddr } from '../../base/units.ts';
import { AreaIndex } from './vmalloc-area-index.ts';
import { FreeTree } from './vmalloc-area-tree.ts';
import { partOfState } from '../part-of-state.ts';

/** One node: what waits for a purge, and ready areas by their size in pages, the next to be taken first. */
export interface VmapNode {
  readonly lazy: AreaIndex;
  readonly pools: Map<PageCount, Ptr[]>;
}

const MAX_NODES = 128;
/** One node for each CPU, up to a limit. */
export function makeNodes(cpus: number): VmapNode[] {
  const count = Math.min(Math.max(cpus, 1), MAX_NODES);
  return Array.from({ length: count }, () => ({ lazy: new AreaIndex(), pools: new Map() }));
}

/** The static variables of mm/vmalloc.c. */
export interface VmallocState {
  /** vmap_initialized: no area can be had before vmalloc_init(). */
  initialized: boolean;
  /** vmap_area_cachep. */
  cache: Ptr;
  readonly free: FreeTree;
  readonly busy: AreaIndex;
  /** Areas that are unmapped, but that TLBs may still translate: not to be handed out before a flush. */
  nodes: readonly VmapNode[];
  /** For areas that came through a node: its number. The kernel keeps it in vmap_area.flags. */
  readonly nodeOf: Map<Ptr, number>;
  /** vmap_lazy_nr: pages that wait in the nodes. */
  lazyPages: PageCount;
  readonly locks: { free: Ptr; busy: Ptr; lazy: Ptr; pool: Ptr; purge: Ptr };
  /** ne_fit_preload_node: per CPU, an object kept ready for cutting a range out of the middle of a free one. */
  readonly preloaded: Map<number, Ptr>;
  /** vfree_deferred: per CPU, the newest address that waits to be freed; each holds the address of the next. */
  readonly deferredFrees: Map<number, VirtAddr>;
  /** nr_vmalloc_pages. */
  vmallocPages: PageCount;
}

export const vmallocState = partOfState((): VmallocState => {
  return {
    initialized: false,
    cache: 0,
    free: new FreeTree(),
    busy: new AreaIndex(),
    nodes: makeNodes(1),
    nodeOf: new Map(),
    lazyPages: 0,
    locks: { free: 0, busy: 0, lazy: 0, pool: 0, purge: 0 },
    preloaded: new Map(),
    deferredFrees: new Map(),
    vmallocPages: 0,
  };
});
