// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { onStack } from './stack-object.ts';

/** Bits of pgtbl_mod_mask: which kinds of table a walk has changed (include/linux/pgtable.h). */
export const PGTBL = {
  PGD_MODIFIED: 1,
  P4D_MODIFIED: 2,
  PUD_MODIFIED: 4,
  PMD_MODIFIED: 8,
  PTE_MODIFIED: 16,
} as const;

/** `*mask |= bit`: the mask lies in memory, because patched C functions take its address. */
export function addToMask(k: Kernel, mask: Ptr, bit: number): void {
  k.mem.st32(mask, k.mem.ld32(mask) | bit);
}

/**
 * Runs a walk that notes its changes in a fresh pgtbl_mod_mask, and afterwards tells arch_sync_kernel_mappings() of
 * [start, end) if a level changed that this machine must copy to other page tables.
 */
export function withModMask(k: Kernel, start: VirtAddr, end: VirtAddr, walk: (mask: Ptr) => number): number {
  return onStack(k, { name: 'mask', size: 4 }, (mask) => {
    k.mem.st32(mask, 0);
    const result = walk(mask);
    if (k.mem.ld32(mask) & k.machine.syncMask) k.arch_sync_kernel_mappings(start, end);
    return result;
  });
}
