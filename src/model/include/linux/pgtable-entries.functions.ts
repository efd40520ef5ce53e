// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../base/descriptor.ts';
import type { Pfn, PhysAddr, Ptr, VirtAddr } from '../../../base/units.ts';
import { entryFor, frameOf, protectionOf } from '../../hardware/entry.ts';
import { isFolded, levelsOf } from '../../hardware/levels.ts';
import type { Kernel } from '../../kernel.ts';

// Entries of page tables: what include/linux/pgtable.h defines for architectures that do not, and what all architectures
// define alike in their asm/pgtable.h.

/** @kernel arch/$SRCARCH/include/asm/pgtable.h mk_pte @fidelity dup */
export function mk_pte(k: Kernel, page: Ptr, prot: Descriptor): Descriptor {
  return k.pfn_pte(k.page_to_pfn(page), prot);
}

/** @kernel arch/$SRCARCH/include/asm/pgtable.h pfn_pte @fidelity dup */
export function pfn_pte(k: Kernel, pfn: Pfn, prot: Descriptor): Descriptor {
  return entryFor(k.machine, pfn, prot);
}

/** @kernel arch/$SRCARCH/include/asm/pgtable.h pfn_pmd @fidelity dup */
export function pfn_pmd(k: Kernel, pfn: Pfn, prot: Descriptor): Descriptor {
  return entryFor(k.machine, pfn, prot);
}

/** @kernel arch/$SRCARCH/include/asm/pgtable.h pfn_pud @fidelity dup */
export function pfn_pud(k: Kernel, pfn: Pfn, prot: Descriptor): Descriptor {
  return entryFor(k.machine, pfn, prot);
}

/** @kernel arch/$SRCARCH/include/asm/pgtable.h pte_pgprot @fidelity dup */
export function pte_pgprot(k: Kernel, pte: Descriptor): Descriptor {
  return protectionOf(k.machine, pte);
}

/** @kernel arch/$SRCARCH/include/asm/pgtable.h pte_page @fidelity dup */
export function pte_page(k: Kernel, pte: Descriptor): Ptr {
  return k.pfn_to_page(k.pte_pfn(pte));
}

/** @kernel arch/$SRCARCH/include/asm/pgtable.h p4d_page @fidelity dup */
export function p4d_page(k: Kernel, p4d: Descriptor): Ptr {
  return k.pfn_to_page(frameOf(k.machine, p4d));
}

/** @kernel include/linux/pgtable.h pgd_leaf @fidelity dup */
export function pgd_leaf(_k: Kernel, _pgd: Descriptor): number {
  return 0;
}

/** @kernel include/linux/pgtable.h p4d_leaf @fidelity dup */
export function p4d_leaf(_k: Kernel, _p4d: Descriptor): number {
  return 0;
}

/** @kernel include/linux/pgtable.h pgprot_device @fidelity dup */
export function pgprot_device(k: Kernel, prot: Descriptor): Descriptor {
  return k.pgprot_noncached(prot);
}

/** @kernel arch/$SRCARCH/include/asm/pgtable.h pgd_clear @fidelity dup Emits `table-write`. */
export function pgd_clear(k: Kernel, pgdp: Ptr): void {
  if (!isFolded(levelsOf(k.machine).p4d)) k.set_pgd(pgdp, 0);
}

/** @kernel arch/$SRCARCH/include/asm/pgtable.h p4d_clear @fidelity dup Emits `table-write`. */
export function p4d_clear(k: Kernel, p4dp: Ptr): void {
  if (!isFolded(levelsOf(k.machine).pud)) k.set_p4d(p4dp, 0);
}

/** @kernel arch/$SRCARCH/include/asm/pgtable.h pud_clear @fidelity dup Emits `table-write`. */
export function pud_clear(k: Kernel, pudp: Ptr): void {
  if (!isFolded(levelsOf(k.machine).pmd)) k.set_pud(pudp, 0);
}

/** @kernel arch/$SRCARCH/include/asm/pgtable.h pmd_clear @fidelity dup Emits `table-write`. */
export function pmd_clear(k: Kernel, pmdp: Ptr): void {
  k.set_pmd(pmdp, 0);
}

/** @kernel include/linux/pgtable.h ptep_get @fidelity dup */
export function ptep_get(k: Kernel, ptep: Ptr): Descriptor {
  return k.mem.ldDescriptor(ptep);
}

/**
 * `nr` entries for consecutive pages.
 * @kernel include/linux/pgtable.h set_ptes
 * @fidelity custom: instruction caches, which RISC-V looks after here, are not modelled. Emits `table-write`.
 */
export function set_ptes(k: Kernel, _mm: Ptr, _addr: VirtAddr, ptep: Ptr, pte: Descriptor, nr: number): void {
  k.set_pte(ptep, pte);
  for (let i = 1; i < nr; i++) k.set_pte(ptep + i * 8, k.pte_advance_pfn(pte, i));
}

/** @kernel include/linux/pgtable.h set_pte_at @fidelity dup Emits `table-write`. */
export function set_pte_at(k: Kernel, mm: Ptr, addr: VirtAddr, ptep: Ptr, pte: Descriptor): void {
  k.set_ptes(mm, addr, ptep, pte, 1);
}

/** @kernel include/linux/pgtable.h p4d_set_huge @fidelity dup @returns 0: there are no such pages */
export function p4d_set_huge(_k: Kernel, _p4d: Ptr, _addr: PhysAddr, _prot: Descriptor): number {
  return 0;
}

/** @kernel include/linux/pgtable.h p4d_clear_huge @fidelity dup */
export function p4d_clear_huge(_k: Kernel, _p4d: Ptr): number {
  return 0;
}

/** @kernel include/linux/pgtable.h p4d_free_pud_page @fidelity dup */
export function p4d_free_pud_page(_k: Kernel, _p4d: Ptr, _addr: VirtAddr): number {
  return 0;
}

/**
 * Nothing waits for the end of lazy MMU mode.
 * @kernel include/linux/pgtable.h arch_flush_lazy_mmu_mode
 * @fidelity dup
 */
export function arch_flush_lazy_mmu_mode(_k: Kernel): void {}
