// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../../base/descriptor.ts';
import type { ByteCount, Pfn, Ptr, Shift, VirtAddr } from '../../../../../base/units.ts';
import type { Kernel } from '../../../../kernel.ts';
import { contSizes } from '../../mm/cont-sizes.ts';

// arch/arm64/include/asm/vmalloc.h: which leaves above a page vmap may use.

/** @kernel arch/arm64/include/asm/vmalloc.h arch_vmap_pud_supported @fidelity dup */
export function arch_vmap_pud_supported(k: Kernel, _prot: Descriptor): number {
  return k.pud_sect_supported();
}

/** @kernel arch/arm64/include/asm/vmalloc.h arch_vmap_pmd_supported @fidelity dup */
export function arch_vmap_pmd_supported(_k: Kernel, _prot: Descriptor): number {
  return 1;
}

/**
 * How many bytes at `addr` one step at the PTE level may map: a contiguous run where both sides and the rest allow it.
 * @kernel arch/arm64/include/asm/vmalloc.h arch_vmap_pte_range_map_size newer
 * @fidelity dup
 */
export function arch_vmap_pte_range_map_size(
  k: Kernel,
  addr: VirtAddr,
  end: VirtAddr,
  pfn: Pfn,
  max_page_shift: Shift,
): ByteCount {
  const { pteShift, pteSize } = contSizes(k.machine);
  const { pageSize } = k;
  const isAligned = addr % pteSize === 0 && (pfn * pageSize) % pteSize === 0;
  return max_page_shift >= pteShift && end - addr >= pteSize && isAligned ? pteSize : pageSize;
}

/**
 * A contiguous run goes as a whole.
 * @kernel arch/arm64/include/asm/vmalloc.h arch_vmap_pte_range_unmap_size newer
 * @fidelity dup
 */
export function arch_vmap_pte_range_unmap_size(k: Kernel, _addr: VirtAddr, ptep: Ptr): ByteCount {
  const isRun = k.pte_valid_cont(k.__ptep_get(ptep)) !== 0;
  return isRun ? contSizes(k.machine).pteSize : k.pageSize;
}

/** @kernel arch/arm64/include/asm/vmalloc.h arch_vmap_pte_supported_shift newer @fidelity dup */
export function arch_vmap_pte_supported_shift(k: Kernel, size: ByteCount): Shift {
  const { pteShift, pteSize } = contSizes(k.machine);
  return size >= pteSize ? pteShift : k.machine.pageShift;
}

/** @kernel arch/arm64/include/asm/vmalloc.h arch_vmap_pgprot_tagged @fidelity dup */
export function arch_vmap_pgprot_tagged(k: Kernel, prot: Descriptor): Descriptor {
  return k.pgprot_tagged(prot);
}
