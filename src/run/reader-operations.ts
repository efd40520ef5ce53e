// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../base/units.ts';
import type { AllocatedSize, Place, Protection } from './scenario.ts';

// Calls that are made for others than those who map: readers of all areas, the per-CPU allocator, reclaim, drivers that
// know frame numbers alone, and callers that have nothing to give back.

/**
 * Reads memory as /proc/kcore does, perhaps beyond the area of the place; with `less`, from so many bytes behind its start on
 * to the last byte but one.
 */
export interface ReadOperation extends AllocatedSize {
  readonly call: 'vread_iter';
  readonly at: Place;
}

/** Says in the log what lies at an address. */
export interface DescribeOperation {
  readonly call: 'vmalloc_dump_obj';
  readonly at: Place;
}

/** What /proc/vmallocinfo shows. */
export interface OverviewOperation {
  readonly call: 'vmalloc_info_show';
}

/** What a shortage of memory asks for: how many areas wait in pools, and that they go. */
export interface ReclaimOperation {
  readonly call: 'vmap_node_shrink_count' | 'vmap_node_shrink_scan';
}

/** Gives back nothing, or an address that is nobody's: that is to be refused. */
export interface FreeNothingOperation {
  readonly call: 'vunmap' | 'vfree' | 'vfree_atomic';
  readonly area: 'null' | 'unknown';
}

/** Some areas of the same size, at a fixed distance from each other. */
export interface PercpuOperation {
  readonly call: 'pcpu_get_vm_areas';
  readonly size: PageCount;
  /** From the start of one to the start of the next. */
  readonly apart: PageCount;
  readonly count: number;
  /** The caller names the highest first. */
  readonly down?: true;
}

export interface PercpuFreeOperation {
  readonly call: 'pcpu_free_vm_areas';
  /** Index of the operation that took them. */
  readonly area: number;
}

/** RAM at the end of frames of devices: anywhere (`ram`), or where theirs run on to (`into-ram`). */
export const frameEnds = ['ram', 'into-ram'] as const;

/** Maps frames that have no struct page. Where `memory` says so, the last of them has one: then it is to be refused. */
export interface MapPfnOperation {
  readonly call: 'vmap_pfn';
  readonly size: PageCount;
  readonly prot: Protection;
  readonly memory?: (typeof frameEnds)[number];
}

export type ReaderOperation =
  | ReadOperation
  | DescribeOperation
  | OverviewOperation
  | ReclaimOperation
  | FreeNothingOperation
  | PercpuOperation
  | PercpuFreeOperation
  | MapPfnOperation;
