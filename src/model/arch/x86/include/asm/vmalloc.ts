// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../../base/descriptor.ts';
import { levelsOf } from '../../../../hardware/levels.ts';
import type { Kernel } from '../../../../kernel.ts';

// arch/x86/include/asm/vmalloc.h: large pages, and no hint below the PMD level.

/** @kernel arch/x86/include/asm/vmalloc.h arch_vmap_pud_supported @fidelity dup */
export function arch_vmap_pud_supported(k: Kernel, _prot: Descriptor): number {
  return levelsOf(k.machine).pud.level?.leaf === undefined ? 0 : 1;
}

/** @kernel arch/x86/include/asm/vmalloc.h arch_vmap_pmd_supported @fidelity dup */
export function arch_vmap_pmd_supported(k: Kernel, _prot: Descriptor): number {
  return levelsOf(k.machine).pmd.level?.leaf === undefined ? 0 : 1;
}
