// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../base/descriptor.ts';
import type { ByteCount, Pfn, Ptr, Shift, VirtAddr } from '../../../base/units.ts';
import type { Kernel } from '../../kernel.ts';

// include/linux/vmalloc.h: what an architecture can do that says nothing of itself in asm/vmalloc.h.

/**
 * @kernel include/linux/vmalloc.h arch_vmap_p4d_supported
 * @fidelity dup
 */
export function arch_vmap_p4d_supported(_k: Kernel, _prot: Descriptor): number {
  return 0;
}

/**
 * @kernel include/linux/vmalloc.h arch_vmap_pud_supported
 * @fidelity dup
 */
export function arch_vmap_pud_supported(_k: Kernel, _prot: Descriptor): number {
  return 0;
}

/**
 * @kernel include/linux/vmalloc.h arch_vmap_pmd_supported
 * @fidelity dup
 */
export function arch_vmap_pmd_supported(_k: Kernel, _prot: Descriptor): number {
  return 0;
}

/**
 * How many bytes from `addr` on one setting of PTEs can map: a page, where there are no runs.
 * @kernel include/linux/vmalloc.h arch_vmap_pte_range_map_size
 * @fidelity dup
 */
export function arch_vmap_pte_range_map_size(
  k: Kernel,
  _addr: VirtAddr,
  _end: VirtAddr,
  _pfn: Pfn,
  _max_page_shift: Shift,
): ByteCount {
  return k.pageSize;
}

/**
 * How many bytes must be cleared together with the entry at `ptep`: a page, where there are no runs.
 * @kernel include/linux/vmalloc.h arch_vmap_pte_range_unmap_size newer
 * @fidelity dup, of kernels from 6.16 on
 */
export function arch_vmap_pte_range_unmap_size(k: Kernel, _addr: VirtAddr, _ptep: Ptr): ByteCount {
  return k.pageSize;
}

/**
 * The largest shift below a PMD's that an allocation of `size` bytes may gain from.
 * @kernel include/linux/vmalloc.h arch_vmap_pte_supported_shift
 * @fidelity dup
 */
export function arch_vmap_pte_supported_shift(k: Kernel, _size: ByteCount): Shift {
  return k.machine.pageShift;
}

/**
 * @kernel include/linux/vmalloc.h arch_vmap_pgprot_tagged
 * @fidelity dup
 */
export function arch_vmap_pgprot_tagged(_k: Kernel, prot: Descriptor): Descriptor {
  return prot;
}
