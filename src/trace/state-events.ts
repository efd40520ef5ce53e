// SPDX-License-Identifier: GPL-2.0-only
import type { U64 } from '../base/u64.ts';
import type { ByteCount, Ptr, VirtAddr } from '../base/units.ts';

// What nothing tells, and who reads the kernel's memory between calls finds.

/** What is wrong with a tree of areas, found by reading it after a call that changed one. */
export interface TreeStateEvent {
  readonly kind: 'tree-state';
  /** The object that its root lies in. */
  readonly name: string;
  /**
   * `order`: an area begins before the one on its left ends; `list`: so it stands in the list of areas; `shared`: before one of
   * another tree ends; `maximum`: a node holds another size than the largest below it; `freed`: a node is in no live object.
   */
  readonly fault: 'order' | 'list' | 'shared' | 'maximum' | 'freed';
  /** Where the area begins; of `freed`, the node. */
  readonly addr: Ptr;
  /** An address that it should not lie below, or a size. */
  readonly expected: U64;
  readonly seen: U64;
}

/** At the end of a scenario, nothing points to an object that is still in use. */
export interface UnreachableEvent {
  readonly kind: 'unreachable';
  readonly addr: Ptr;
}

/**
 * Objects that are kept for the next who asks, by variables that the series brings; said before each return where there are
 * any, or were at the one before.
 */
export interface SetAsideEvent {
  readonly kind: 'set-aside';
  readonly objects: readonly Ptr[];
}

/** Nothing says any more that these addresses are taken: the next who asks may get them. */
export interface ReleasedEvent {
  readonly kind: 'released';
  readonly addr: VirtAddr;
  readonly size: ByteCount;
}

/** Another task gives back the area at that address, which the current call may need. */
export interface GivenBackEvent {
  readonly kind: 'given-back';
  readonly addr: VirtAddr;
}

/** At the end of a scenario that gave everything back and purged, a tree still has an area there, and nobody uses it. */
export interface AreaKeptEvent {
  readonly kind: 'area-kept';
  readonly addr: VirtAddr;
  readonly size: ByteCount;
}
