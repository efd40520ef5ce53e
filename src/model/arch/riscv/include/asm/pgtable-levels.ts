// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../../base/descriptor.ts';
import type { Pfn, Ptr, VirtAddr } from '../../../../../base/units.ts';
import type { LevelName } from '../../../../../trace/machine.ts';
import { entryFor, frameOf, hasAttribute, protectionOf } from '../../../../hardware/entry.ts';
import { isFolded, levelsOf } from '../../../../hardware/levels.ts';
import type { Kernel } from '../../../../kernel.ts';
import { _PAGE_LEAF, _PAGE_PRESENT, _PAGE_PROT_NONE } from './pgtable-bits.ts';

// arch/riscv/include/asm/pgtable-64.h and pgtable.h: entries above the page level. Where the next level is folded, an
// entry is the folded table itself: always present, never bad, and clearing it does nothing. An entry is a leaf by its
// rights, and looks the same at every level.

const bit = (condition: boolean): number => (condition ? 1 : 0);

function isPresent(entry: Descriptor): boolean {
  return hasAttribute(entry, _PAGE_PRESENT);
}

function isLeaf(entry: Descriptor): boolean {
  return hasAttribute(entry, _PAGE_LEAF);
}

/** The frame of a leaf, whose low bits below its size are not address. */
function leafFrame(k: Kernel, name: LevelName, entry: Descriptor): Pfn {
  const pages = levelsOf(k.machine)[name].size / k.pageSize;
  return Math.floor(frameOf(k.machine, entry) / pages) * pages;
}

/** @kernel arch/riscv/include/asm/pgtable-64.h pgd_none @fidelity dup */
export function pgd_none(k: Kernel, pgd: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).p4d) && pgd === 0);
}

/** @kernel arch/riscv/include/asm/pgtable-64.h pgd_bad @fidelity dup */
export function pgd_bad(k: Kernel, pgd: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).p4d) && !isPresent(pgd));
}

/** @kernel arch/riscv/include/asm/pgtable-64.h pgd_present @fidelity dup */
export function pgd_present(k: Kernel, pgd: Descriptor): number {
  return bit(isFolded(levelsOf(k.machine).p4d) || isPresent(pgd));
}

/** @kernel arch/riscv/include/asm/pgtable-64.h p4d_none @fidelity dup */
export function p4d_none(k: Kernel, p4d: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).pud) && p4d === 0);
}

/** @kernel arch/riscv/include/asm/pgtable-64.h p4d_bad @fidelity dup */
export function p4d_bad(k: Kernel, p4d: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).pud) && !isPresent(p4d));
}

/** @kernel arch/riscv/include/asm/pgtable-64.h p4d_present @fidelity dup */
export function p4d_present(k: Kernel, p4d: Descriptor): number {
  return bit(isFolded(levelsOf(k.machine).pud) || isPresent(p4d));
}

/** @kernel arch/riscv/include/asm/pgtable-64.h pud_none @fidelity dup */
export function pud_none(k: Kernel, pud: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).pmd) && pud === 0);
}

/** @kernel arch/riscv/include/asm/pgtable-64.h pud_bad @fidelity dup */
export function pud_bad(k: Kernel, pud: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).pmd) && !isPresent(pud));
}

/** @kernel arch/riscv/include/asm/pgtable-64.h pud_present @fidelity dup */
export function pud_present(k: Kernel, pud: Descriptor): number {
  return bit(isFolded(levelsOf(k.machine).pmd) || isPresent(pud));
}

/** @kernel arch/riscv/include/asm/pgtable-64.h pud_leaf @fidelity dup */
export function pud_leaf(_k: Kernel, pud: Descriptor): number {
  return bit(isPresent(pud) && isLeaf(pud));
}

/** @kernel arch/riscv/include/asm/pgtable.h pmd_none @fidelity dup */
export function pmd_none(_k: Kernel, pmd: Descriptor): number {
  return bit(pmd === 0);
}

/** @kernel arch/riscv/include/asm/pgtable.h pmd_bad @fidelity dup */
export function pmd_bad(_k: Kernel, pmd: Descriptor): number {
  return bit(!isPresent(pmd) || isLeaf(pmd));
}

/** @kernel arch/riscv/include/asm/pgtable.h pmd_present @fidelity dup */
export function pmd_present(_k: Kernel, pmd: Descriptor): number {
  return bit(hasAttribute(pmd, _PAGE_PRESENT | _PAGE_PROT_NONE | _PAGE_LEAF));
}

/** @kernel arch/riscv/include/asm/pgtable.h pmd_leaf @fidelity dup */
export function pmd_leaf(k: Kernel, pmd: Descriptor): number {
  return bit(k.pmd_present(pmd) !== 0 && isLeaf(pmd));
}

/**
 * @kernel arch/riscv/include/asm/pgtable-64.h set_pgd
 * @fidelity dup Emits `table-write`.
 */
export function set_pgd(k: Kernel, pgdp: Ptr, pgd: Descriptor): void {
  k.mem.stDescriptor(pgdp, pgd);
}

/**
 * @kernel arch/riscv/include/asm/pgtable-64.h set_p4d
 * @fidelity dup Emits `table-write`.
 */
export function set_p4d(k: Kernel, p4dp: Ptr, p4d: Descriptor): void {
  k.mem.stDescriptor(p4dp, p4d);
}

/** @kernel arch/riscv/include/asm/pgtable-64.h set_pud @fidelity dup Emits `table-write`. */
export function set_pud(k: Kernel, pudp: Ptr, pud: Descriptor): void {
  k.mem.stDescriptor(pudp, pud);
}

/** @kernel arch/riscv/include/asm/pgtable.h set_pmd @fidelity dup Emits `table-write`. */
export function set_pmd(k: Kernel, pmdp: Ptr, pmd: Descriptor): void {
  k.mem.stDescriptor(pmdp, pmd);
}

/** @kernel arch/riscv/include/asm/pgtable.h set_pmd_at @fidelity dup Emits `table-write`. */
export function set_pmd_at(k: Kernel, _mm: Ptr, _addr: VirtAddr, pmdp: Ptr, pmd: Descriptor): void {
  k.set_pmd(pmdp, pmd);
}

/** @kernel arch/riscv/include/asm/pgtable.h pmdp_huge_get_and_clear @fidelity dup Emits `table-write`. */
export function pmdp_huge_get_and_clear(k: Kernel, mm: Ptr, addr: VirtAddr, pmdp: Ptr): Descriptor {
  return k.ptep_get_and_clear(mm, addr, pmdp);
}

/** @kernel arch/riscv/include/asm/pgtable.h pmd_mkhuge @fidelity dup */
export function pmd_mkhuge(_k: Kernel, pmd: Descriptor): Descriptor {
  return pmd;
}

/** @kernel arch/riscv/include/asm/pgtable.h pmd_pfn @fidelity dup */
export function pmd_pfn(k: Kernel, pmd: Descriptor): Pfn {
  return leafFrame(k, 'pmd', pmd);
}

/** @kernel arch/riscv/include/asm/pgtable.h pmd_page @fidelity dup */
export function pmd_page(k: Kernel, pmd: Descriptor): Ptr {
  return k.pfn_to_page(leafFrame(k, 'pmd', pmd));
}

/** @kernel arch/riscv/include/asm/pgtable.h pmd_pgprot newer @fidelity dup */
export function pmd_pgprot(k: Kernel, pmd: Descriptor): Descriptor {
  return protectionOf(k.machine, pmd);
}

/** @kernel arch/riscv/include/asm/pgtable.h set_pud_at @fidelity dup Emits `table-write`. */
export function set_pud_at(k: Kernel, _mm: Ptr, _addr: VirtAddr, pudp: Ptr, pud: Descriptor): void {
  k.set_pud(pudp, pud);
}

/** @kernel arch/riscv/include/asm/pgtable.h pudp_huge_get_and_clear newer @fidelity dup Emits `table-write`. */
export function pudp_huge_get_and_clear(k: Kernel, mm: Ptr, addr: VirtAddr, pudp: Ptr): Descriptor {
  return k.ptep_get_and_clear(mm, addr, pudp);
}

/** @kernel arch/riscv/include/asm/pgtable.h pud_mkhuge newer @fidelity dup */
export function pud_mkhuge(_k: Kernel, pud: Descriptor): Descriptor {
  return pud;
}

/** @kernel arch/riscv/include/asm/pgtable.h pud_pfn @fidelity dup */
export function pud_pfn(k: Kernel, pud: Descriptor): Pfn {
  return leafFrame(k, 'pud', pud);
}

/** @kernel arch/riscv/include/asm/pgtable-64.h pud_page @fidelity dup */
export function pud_page(k: Kernel, pud: Descriptor): Ptr {
  return k.pfn_to_page(leafFrame(k, 'pud', pud));
}

/** @kernel arch/riscv/include/asm/pgtable.h pud_pgprot newer @fidelity dup */
export function pud_pgprot(k: Kernel, pud: Descriptor): Descriptor {
  return protectionOf(k.machine, pud);
}

/** @kernel arch/riscv/include/asm/pgalloc.h pgd_populate @fidelity dup Emits `table-write`. */
export function pgd_populate(k: Kernel, _mm: Ptr, pgd: Ptr, p4d: Ptr): void {
  k.set_pgd(pgd, entryFor(k.machine, k.mem.pfnOfHeap(p4d), _PAGE_PRESENT));
}

/** @kernel arch/riscv/include/asm/pgalloc.h p4d_populate @fidelity dup Emits `table-write`. */
export function p4d_populate(k: Kernel, _mm: Ptr, p4d: Ptr, pud: Ptr): void {
  k.set_p4d(p4d, entryFor(k.machine, k.mem.pfnOfHeap(pud), _PAGE_PRESENT));
}

/** @kernel arch/riscv/include/asm/pgalloc.h pud_populate @fidelity dup Emits `table-write`. */
export function pud_populate(k: Kernel, _mm: Ptr, pud: Ptr, pmd: Ptr): void {
  k.set_pud(pud, entryFor(k.machine, k.mem.pfnOfHeap(pmd), _PAGE_PRESENT));
}

/** @kernel arch/riscv/include/asm/pgalloc.h pmd_populate_kernel @fidelity dup Emits `table-write`. */
export function pmd_populate_kernel(k: Kernel, _mm: Ptr, pmd: Ptr, pte: Ptr): void {
  k.set_pmd(pmd, entryFor(k.machine, k.mem.pfnOfHeap(pte), _PAGE_PRESENT));
}
