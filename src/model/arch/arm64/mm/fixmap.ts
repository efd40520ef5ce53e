// SPDX-License-Identifier: GPL-2.0-only
import { FIXMAP_SIZE } from '../../../../trace/machine.ts';
import type { Kernel } from '../../../kernel.ts';
import { levelSizes } from '../../../mm/level-sizes.ts';

// arch/arm64/mm/fixmap.c: the tables of the fixmap. What maps into its slots is for the tree to say.

/**
 * Links empty tables for all of the fixmap, so that its slots can be used.
 * @kernel arch/arm64/mm/fixmap.c early_fixmap_init
 * @fidelity custom: the tables are allocated, not part of the kernel image. Emits `table-write`.
 */
export function early_fixmap_init(k: Kernel): void {
  const { fixaddrTop } = k.machine.addresses;
  const { pmdSize } = levelSizes(k.machine);
  const mm = k.globals['init_mm']!;
  for (
    let addr = fixaddrTop - FIXMAP_SIZE;
    addr < fixaddrTop;
    addr = (Math.floor(addr / pmdSize) + 1) * pmdSize
  ) {
    const p4d = k.p4d_alloc(mm, k.pgd_offset_k(addr), addr);
    const pmd = k.pmd_alloc(mm, k.pud_alloc(mm, p4d, addr), addr);
    k.pte_alloc_kernel(pmd, addr);
  }
}
