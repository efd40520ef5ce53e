// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, Ptr } from '../../base/units.ts';
import { AreaIndex } from './vmalloc-area-index.ts';
import { FreeTree } from './vmalloc-area-tree.ts';
import { makeNodes, type VmapNode } from './vmalloc-node.ts';

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
  /** vmap_lazy_nr: pages that wait in the nodes. */
  lazyPages: PageCount;
  /** drain_vmap_work is scheduled: a purge is due as soon as the worker runs. */
  drainDue: boolean;
  readonly locks: { free: Ptr; busy: Ptr; lazy: Ptr; pool: Ptr; purge: Ptr };
  /** ne_fit_preload_node: per CPU, an object kept ready for cutting a range out of the middle of a free one. */
  readonly preloaded: Map<number, Ptr>;
  /** nr_vmalloc_pages. */
  vmallocPages: PageCount;
}

export function makeVmallocState(): VmallocState {
  return {
    initialized: false,
    cache: 0,
    free: new FreeTree(),
    busy: new AreaIndex(),
    nodes: makeNodes(1),
    lazyPages: 0,
    drainDue: false,
    locks: { free: 0, busy: 0, lazy: 0, pool: 0, purge: 0 },
    preloaded: new Map(),
    vmallocPages: 0,
  };
}
