// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../base/descriptor.ts';
import type { U64 } from '../../../../base/u64.ts';
import type { Ptr, VirtAddr } from '../../../../base/units.ts';
import { frameAt } from '../../../hardware/entry.ts';
import type { Kernel } from '../../../kernel.ts';
import { levelSizes } from '../../../mm/level-sizes.ts';

// arch/riscv/mm/pgtable.c: leaves above the page level in kernel tables, and access bits.

/** @kernel arch/riscv/mm/pgtable.c pud_set_huge @fidelity dup @returns 1. Emits `table-write`. */
export function pud_set_huge(k: Kernel, pud: Ptr, addr: U64, prot: Descriptor): number {
  k.set_pud(pud, k.pfn_pud(frameAt(k, addr), prot));
  return 1;
}

/** @kernel arch/riscv/mm/pgtable.c pmd_set_huge @fidelity dup @returns 1. Emits `table-write`. */
export function pmd_set_huge(k: Kernel, pmd: Ptr, addr: U64, prot: Descriptor): number {
  k.set_pmd(pmd, k.pfn_pmd(frameAt(k, addr), prot));
  return 1;
}

/**
 * @kernel arch/riscv/mm/pgtable.c pud_clear_huge
 * @fidelity dup
 * @returns 1 when there was a leaf. Emits `table-write`.
 */
export function pud_clear_huge(k: Kernel, pud: Ptr): number {
  if (k.pud_leaf(k.mem.ldDescriptor(pud)) === 0) return 0;
  k.pud_clear(pud);
  return 1;
}

/**
 * @kernel arch/riscv/mm/pgtable.c pmd_clear_huge
 * @fidelity dup
 * @returns 1 when there was a leaf. Emits `table-write`.
 */
export function pmd_clear_huge(k: Kernel, pmd: Ptr): number {
  if (k.pmd_leaf(k.mem.ldDescriptor(pmd)) === 0) return 0;
  k.pmd_clear(pmd);
  return 1;
}

/**
 * Takes the tables below an entry away, so that a leaf can stand there.
 * @kernel arch/riscv/mm/pgtable.c pud_free_pmd_page
 * @fidelity dup
 * @returns 1. Emits `table-write`, `tlb-flush`, `free`.
 */
export function pud_free_pmd_page(k: Kernel, pud: Ptr, addr: VirtAddr): number {
  const { pmdSize, pudSize } = levelSizes(k.machine);
  const table = k.pud_pgtable(k.mem.ldDescriptor(pud));
  k.pud_clear(pud);
  k.flush_tlb_kernel_range(addr, addr + pudSize);
  for (let i = 0; i < pudSize / pmdSize; i++) {
    const entry = k.mem.ldDescriptor(table + i * 8);
    if (k.pmd_none(entry) === 0) k.pte_free_kernel(0, k.pmd_page_vaddr(entry));
  }
  k.pmd_free(0, table);
  return 1;
}

/**
 * @kernel arch/riscv/mm/pgtable.c pmd_free_pte_page
 * @fidelity dup
 * @returns 1. Emits `table-write`, `tlb-flush`, `free`.
 */
export function pmd_free_pte_page(k: Kernel, pmd: Ptr, addr: VirtAddr): number {
  const table = k.pmd_page_vaddr(k.mem.ldDescriptor(pmd));
  k.pmd_clear(pmd);
  k.flush_tlb_kernel_range(addr, addr + levelSizes(k.machine).pmdSize);
  k.pte_free_kernel(0, table);
  return 1;
}

/**
 * @kernel arch/riscv/mm/pgtable.c ptep_set_access_flags
 * @fidelity custom: always as with Svvptc, without the spurious fault that others may take
 * @returns 1 if the entry was another one. Emits `table-write`, `tlb-flush`.
 */
export function ptep_set_access_flags(
  k: Kernel,
  vma: Ptr,
  address: VirtAddr,
  ptep: Ptr,
  entry: Descriptor,
  _dirty: number,
): number {
  if (k.ptep_get(ptep) === entry) return 0;
  k.set_pte(ptep, entry);
  k.flush_tlb_page(vma, address);
  return 1;
}
