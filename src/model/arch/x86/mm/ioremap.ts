// SPDX-License-Identifier: GPL-2.0-only
import { levelsOf } from '../../../hardware/levels.ts';
import type { Kernel } from '../../../kernel.ts';

// arch/x86/mm/ioremap.c: what kernels before 5.13 ask at boot, where later ones have asm/vmalloc.h.

/** @kernel arch/x86/mm/ioremap.c arch_ioremap_p4d_supported older @fidelity dup */
export function arch_ioremap_p4d_supported(_k: Kernel): number {
  return 0;
}

/** @kernel arch/x86/mm/ioremap.c arch_ioremap_pud_supported older @fidelity dup */
export function arch_ioremap_pud_supported(k: Kernel): number {
  return levelsOf(k.machine).pud.level?.leaf === undefined ? 0 : 1;
}

/** @kernel arch/x86/mm/ioremap.c arch_ioremap_pmd_supported older @fidelity dup */
export function arch_ioremap_pmd_supported(k: Kernel): number {
  return levelsOf(k.machine).pmd.level?.leaf === undefined ? 0 : 1;
}
