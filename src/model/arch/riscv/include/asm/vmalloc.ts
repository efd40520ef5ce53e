// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../../base/descriptor.ts';
import type { ByteCount, Pfn, Shift, VirtAddr } from '../../../../../base/units.ts';
import { levelsOf } from '../../../../hardware/levels.ts';
import type { Kernel } from '../../../../kernel.ts';
import { napotRun } from '../../mm/napot-run.ts';

// arch/riscv/include/asm/vmalloc.h: which leaves above a page vmap may use. The two functions about NAPOT runs are those that
// kernels between 6.1 and 6.12 had for some time; neither of these two has them.

/** @kernel arch/riscv/include/asm/vmalloc.h arch_vmap_pud_supported @fidelity dup */
export function arch_vmap_pud_supported(k: Kernel, _prot: Descriptor): number {
  return levelsOf(k.machine).pud.level?.leaf === undefined ? 0 : 1;
}

/** @kernel arch/riscv/include/asm/vmalloc.h arch_vmap_pmd_supported @fidelity dup */
export function arch_vmap_pmd_supported(_k: Kernel, _prot: Descriptor): number {
  return 1;
}

/**
 * How many bytes at `addr` one step at the PTE level may map: a NAPOT run where both sides and the rest allow it.
 * @kernel arch/riscv/include/asm/vmalloc.h arch_vmap_pte_range_map_size newer
 * @fidelity dup of those kernels
 */
export function arch_vmap_pte_range_map_size(
  k: Kernel,
  addr: VirtAddr,
  end: VirtAddr,
  pfn: Pfn,
  max_page_shift: Shift,
): ByteCount {
  const { pageSize } = k;
  const run = napotRun(k);
  if (run === undefined || max_page_shift < run.shift || end - addr < run.size) return pageSize;
  const isAligned = addr % run.size === 0 && (pfn * pageSize) % run.size === 0;
  return isAligned ? run.size : pageSize;
}

/** @kernel arch/riscv/include/asm/vmalloc.h arch_vmap_pte_supported_shift newer @fidelity dup of those kernels */
export function arch_vmap_pte_supported_shift(k: Kernel, size: ByteCount): Shift {
  const run = napotRun(k);
  return run !== undefined && size >= run.size ? run.shift : k.machine.pageShift;
}
