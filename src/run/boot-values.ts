// SPDX-License-Identifier: GPL-2.0-only
import type { Memory } from '../model/hardware/memory.ts';
import type { StaticStorage } from './static-storage.ts';

/**
 * Variables of C files that the kernel's boot gives a value before anything that scenarios call can run, and that value.
 * Scenarios begin behind that boot, of which only the model's part is run.
 */
const bootValues: Readonly<Record<string, number>> = {
  // arch/arm64/mm/mmu.c, since 6.18: the linear map may hold blocks, so whoever changes a part of one must split it first.
  // Whether the CPUs can split at all is asked separately.
  linear_map_requires_bbml2: 1,
};

/** Stores them where the tree has such variables. */
export function giveBootValues(storage: StaticStorage, mem: Memory): void {
  for (const [name, value] of Object.entries(bootValues)) {
    for (const { address, size } of storage.named(name)) {
      mem.write(
        address,
        Uint8Array.from({ length: size }, (_, byte) => (value >>> (8 * byte)) & 0xff),
      );
    }
  }
}
