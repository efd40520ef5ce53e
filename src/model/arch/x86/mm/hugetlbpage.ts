// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../base/descriptor.ts';
import type { ByteCount, Ptr, Shift, VirtAddr } from '../../../../base/units.ts';
import type { Kernel } from '../../../kernel.ts';

// include/asm-generic/hugetlb.h, as x86 uses it: a huge page is one entry.

/** @kernel include/asm-generic/hugetlb.h set_huge_pte_at @fidelity dup Emits `table-write`. */
export function set_huge_pte_at(
  k: Kernel,
  mm: Ptr,
  addr: VirtAddr,
  ptep: Ptr,
  pte: Descriptor,
  _sz: ByteCount,
): void {
  k.set_pte_at(mm, addr, ptep, pte);
}

/** @kernel include/linux/hugetlb.h arch_make_huge_pte @fidelity dup */
export function arch_make_huge_pte(k: Kernel, entry: Descriptor, _shift: Shift, _flags: number): Descriptor {
  return k.pte_mkhuge(entry);
}

/** @kernel include/asm-generic/hugetlb.h huge_ptep_get @fidelity dup */
export function huge_ptep_get(k: Kernel, _mm: Ptr, _addr: VirtAddr, ptep: Ptr): Descriptor {
  return k.ptep_get(ptep);
}

/** @kernel include/asm-generic/hugetlb.h huge_ptep_get_and_clear @fidelity dup Emits `table-write`. */
export function huge_ptep_get_and_clear(
  k: Kernel,
  mm: Ptr,
  addr: VirtAddr,
  ptep: Ptr,
  _sz: ByteCount,
): Descriptor {
  return k.ptep_get_and_clear(mm, addr, ptep);
}

/** @kernel include/asm-generic/hugetlb.h huge_pte_clear @fidelity dup Emits `table-write`. */
export function huge_pte_clear(k: Kernel, mm: Ptr, addr: VirtAddr, ptep: Ptr, _sz: ByteCount): void {
  k.pte_clear(mm, addr, ptep);
}
