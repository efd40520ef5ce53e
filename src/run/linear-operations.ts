// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, PageCount } from '../base/units.ts';
import type { PageGroup, Place, Protection } from './scenario.ts';

// Operations on the linear map and on slots of the fixmap (scenario.ts).

/** Makes the linear map of banks of memory; as after `rodata=full` of pages alone. */
export interface LinearMapOperation {
  readonly call: 'map_mem';
  readonly pages: readonly PageGroup[];
  readonly leaves: Extract<LinearLeaves, 'any' | 'pages'>;
}

/** Makes the linear map of one range of memory. */
export interface MapMemblockOperation {
  readonly call: '__map_memblock';
  readonly frames: PageGroup;
  readonly leaves: LinearLeaves;
}

/** Maps memory for a process of the firmware: at a place, or so many bytes behind it. */
export interface CreateMappingOperation {
  readonly call: 'create_pgd_mapping';
  readonly at: Place;
  readonly frames: PageGroup;
  /** Inside of a page: then the range ends as far inside of the last one. */
  readonly offset: ByteCount;
  readonly leaves: Extract<LinearLeaves, 'any' | 'pages'>;
}

/** Memory that is plugged in while the kernel runs gets its part of the linear map. */
export interface AddMemoryOperation {
  readonly call: 'arch_add_memory';
  readonly frames: PageGroup;
}

/** It is unplugged. */
export interface RemoveMemoryOperation {
  readonly call: 'arch_remove_memory';
  /** Index of the operation that added it. */
  readonly area: number;
}

/**
 * `rodata=full` on the command line: the linear map of that much memory, from the next free page on, is made of pages that
 * may change one by one. Some trees let them follow what is mapped elsewhere.
 */
export interface LinearPagesOperation {
  readonly call: 'arch_parse_debug_rodata';
  readonly size: PageCount;
}

/** Another protection for where the linear map has a page of an area. */
export interface LinearProtectOperation {
  readonly call: 'update_mapping_prot';
  readonly at: Place;
  readonly prot: Protection;
}

/** Takes a page of an area out of the linear map, puts it back, or asks whether it is there. */
export interface LinearPageOperation {
  readonly call: 'set_direct_map_invalid_noflush' | 'set_direct_map_default_noflush' | 'kernel_page_present';
  readonly at: Place;
}

/** What the linear map may be made of: `blocks` are not to be joined to runs. */
export const linearLeaves = ['any', 'blocks', 'pages'] as const;
export type LinearLeaves = (typeof linearLeaves)[number];

/** Maps a page into a slot of the fixmap; no page clears the slot. */
export interface FixmapOperation {
  readonly call: '__set_fixmap';
  /** Its name in the tree: `FIX_TEXT_POKE0`. */
  readonly slot: string;
  readonly pages: readonly PageGroup[];
  readonly prot: Protection;
}

export type LinearOperation =
  | LinearMapOperation
  | MapMemblockOperation
  | CreateMappingOperation
  | AddMemoryOperation
  | RemoveMemoryOperation
  | FixmapOperation
  | LinearPagesOperation
  | LinearProtectOperation
  | LinearPageOperation;
