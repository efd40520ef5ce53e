// SPDX-License-Identifier: GPL-2.0-only
import { attributesOf, type Descriptor } from '../../../../../base/descriptor.ts';
import { or } from '../../../../../base/u64.ts';
import type { Pfn, PhysAddr, Ptr, VirtAddr } from '../../../../../base/units.ts';
import type { LevelName } from '../../../../../trace/machine.ts';
import {
  entryFor,
  frameOf,
  hasAttribute,
  protectionOf,
  withAttributes,
  withoutAttributes,
} from '../../../../hardware/entry.ts';
import { isFolded, levelsOf } from '../../../../hardware/levels.ts';
import type { Kernel } from '../../../../kernel.ts';
import { publishEntry } from '../../mm/publish-entry.ts';
import {
  PTE_CONT,
  PTE_PRESENT_INVALID,
  PTE_TABLE_BIT,
  PTE_TYPE_MASK,
  PTE_VALID,
  TYPE_SECT,
  TYPE_TABLE,
} from './pgtable-bits.ts';

// arch/arm64/include/asm/pgtable.h: entries above the page level. Where the next level is folded, an entry is the
// folded table itself: always present, never bad, never a leaf, and clearing it does nothing.

const bit = (condition: boolean): number => (condition ? 1 : 0);

function isTable(entry: Descriptor): boolean {
  return (attributesOf(entry) & PTE_TYPE_MASK) === TYPE_TABLE;
}

function isSect(entry: Descriptor): boolean {
  return (attributesOf(entry) & PTE_TYPE_MASK) === TYPE_SECT;
}

function isPresent(entry: Descriptor): boolean {
  return hasAttribute(entry, PTE_VALID | PTE_PRESENT_INVALID);
}

function writeEntry(k: Kernel, at: Ptr, entry: Descriptor): void {
  k.mem.stDescriptor(at, entry);
  if (hasAttribute(entry, PTE_VALID)) publishEntry(k);
}

/** The frame of a leaf, whose low bits below its size are not address. */
function leafFrame(k: Kernel, name: LevelName, entry: Descriptor): Pfn {
  const pages = levelsOf(k.machine)[name].size / k.pageSize;
  return Math.floor(frameOf(k.machine, entry) / pages) * pages;
}

/** @kernel arch/arm64/include/asm/pgtable.h pgd_none @fidelity dup */
export function pgd_none(k: Kernel, pgd: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).p4d) && pgd === 0);
}

/** @kernel arch/arm64/include/asm/pgtable.h pgd_bad @fidelity dup */
export function pgd_bad(k: Kernel, pgd: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).p4d) && !isTable(pgd));
}

/** @kernel arch/arm64/include/asm/pgtable.h pgd_present @fidelity dup */
export function pgd_present(k: Kernel, pgd: Descriptor): number {
  return bit(isFolded(levelsOf(k.machine).p4d) || pgd !== 0);
}

/** @kernel arch/arm64/include/asm/pgtable.h p4d_none @fidelity dup */
export function p4d_none(k: Kernel, p4d: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).pud) && p4d === 0);
}

/** @kernel arch/arm64/include/asm/pgtable.h p4d_bad @fidelity dup */
export function p4d_bad(k: Kernel, p4d: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).pud) && !isTable(p4d));
}

/** @kernel arch/arm64/include/asm/pgtable.h p4d_present @fidelity dup */
export function p4d_present(k: Kernel, p4d: Descriptor): number {
  return bit(isFolded(levelsOf(k.machine).pud) || p4d !== 0);
}

/** @kernel arch/arm64/include/asm/pgtable.h pud_none @fidelity dup */
export function pud_none(k: Kernel, pud: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).pmd) && pud === 0);
}

/** @kernel arch/arm64/include/asm/pgtable.h pud_bad @fidelity dup */
export function pud_bad(k: Kernel, pud: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).pmd) && !isTable(pud));
}

/** @kernel arch/arm64/include/asm/pgtable.h pud_present @fidelity dup */
export function pud_present(k: Kernel, pud: Descriptor): number {
  return bit(isFolded(levelsOf(k.machine).pmd) || isPresent(pud));
}

/** @kernel arch/arm64/include/asm/pgtable.h pud_leaf @fidelity dup */
export function pud_leaf(k: Kernel, pud: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).pmd) && isPresent(pud) && k.pud_table(pud) === 0);
}

/**
 * Pages of 16 and 64 KiB have no blocks at this level.
 * @kernel arch/arm64/include/asm/pgtable.h pud_sect
 * @fidelity dup
 */
export function pud_sect(k: Kernel, pud: Descriptor): number {
  return bit(levelsOf(k.machine).pud.level !== undefined && isSect(pud));
}

/** @kernel arch/arm64/include/asm/pgtable.h pud_table @fidelity dup */
export function pud_table(k: Kernel, pud: Descriptor): number {
  return bit(levelsOf(k.machine).pud.level === undefined || isTable(pud));
}

/** @kernel arch/arm64/include/asm/pgtable.h pud_valid @fidelity dup */
export function pud_valid(_k: Kernel, pud: Descriptor): number {
  return bit(hasAttribute(pud, PTE_VALID));
}

/** Blocks exist at this level. @kernel arch/arm64/include/asm/pgtable.h pud_sect_supported @fidelity dup */
export function pud_sect_supported(k: Kernel): number {
  return bit(levelsOf(k.machine).pud.level?.leaf !== undefined && k.machine.pageShift === 12);
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_none @fidelity dup */
export function pmd_none(_k: Kernel, pmd: Descriptor): number {
  return bit(pmd === 0);
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_bad @fidelity dup */
export function pmd_bad(_k: Kernel, pmd: Descriptor): number {
  return bit(!isTable(pmd));
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_present @fidelity dup */
export function pmd_present(_k: Kernel, pmd: Descriptor): number {
  return bit(isPresent(pmd));
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_leaf @fidelity dup */
export function pmd_leaf(_k: Kernel, pmd: Descriptor): number {
  return bit(isPresent(pmd) && !isTable(pmd));
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_sect @fidelity dup */
export function pmd_sect(_k: Kernel, pmd: Descriptor): number {
  return bit(isSect(pmd));
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_table @fidelity dup */
export function pmd_table(_k: Kernel, pmd: Descriptor): number {
  return bit(isTable(pmd));
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_valid @fidelity dup */
export function pmd_valid(_k: Kernel, pmd: Descriptor): number {
  return bit(hasAttribute(pmd, PTE_VALID));
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_cont @fidelity dup */
export function pmd_cont(_k: Kernel, pmd: Descriptor): number {
  return bit(hasAttribute(pmd, PTE_CONT));
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_mkinvalid @fidelity dup */
export function pmd_mkinvalid(_k: Kernel, pmd: Descriptor): Descriptor {
  return withoutAttributes(withAttributes(pmd, PTE_PRESENT_INVALID), PTE_VALID);
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_mkcont @fidelity dup */
export function pmd_mkcont(_k: Kernel, pmd: Descriptor): Descriptor {
  return withAttributes(pmd, PTE_CONT);
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_mknoncont newer @fidelity dup */
export function pmd_mknoncont(_k: Kernel, pmd: Descriptor): Descriptor {
  return withoutAttributes(pmd, PTE_CONT);
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_mkhuge @fidelity dup */
export function pmd_mkhuge(_k: Kernel, pmd: Descriptor): Descriptor {
  return withoutAttributes(pmd, PTE_TABLE_BIT);
}

/** @kernel arch/arm64/include/asm/pgtable.h pud_mkhuge @fidelity dup */
export function pud_mkhuge(_k: Kernel, pud: Descriptor): Descriptor {
  return withoutAttributes(pud, PTE_TABLE_BIT);
}

/** @kernel arch/arm64/include/asm/pgtable.h clear_pmd_bit @fidelity dup */
export function clear_pmd_bit(_k: Kernel, pmd: Descriptor, prot: Descriptor): Descriptor {
  return withoutAttributes(pmd, attributesOf(prot));
}

/** @kernel arch/arm64/include/asm/pgtable.h set_pmd_bit @fidelity dup */
export function set_pmd_bit(_k: Kernel, pmd: Descriptor, prot: Descriptor): Descriptor {
  return or(pmd, prot);
}

/** @kernel arch/arm64/include/asm/pgtable.h set_pgd @fidelity dup Emits `table-write`, `barrier`. */
export function set_pgd(k: Kernel, pgdp: Ptr, pgd: Descriptor): void {
  writeEntry(k, pgdp, pgd);
}

/** @kernel arch/arm64/include/asm/pgtable.h set_p4d @fidelity dup Emits `table-write`, `barrier`. */
export function set_p4d(k: Kernel, p4dp: Ptr, p4d: Descriptor): void {
  writeEntry(k, p4dp, p4d);
}

/** @kernel arch/arm64/include/asm/pgtable.h set_pud @fidelity dup Emits `table-write`, `barrier`. */
export function set_pud(k: Kernel, pudp: Ptr, pud: Descriptor): void {
  writeEntry(k, pudp, pud);
}

/** @kernel arch/arm64/include/asm/pgtable.h set_pmd @fidelity dup Emits `table-write`, `barrier`. */
export function set_pmd(k: Kernel, pmdp: Ptr, pmd: Descriptor): void {
  writeEntry(k, pmdp, pmd);
}

/** @kernel arch/arm64/include/asm/pgtable.h set_pmd_at @fidelity dup Emits `table-write`, `barrier`. */
export function set_pmd_at(k: Kernel, mm: Ptr, addr: VirtAddr, pmdp: Ptr, pmd: Descriptor): void {
  k.__set_pte_at(mm, addr, pmdp, pmd, levelsOf(k.machine).pmd.size / k.pageSize);
}

/** @kernel arch/arm64/include/asm/pgtable.h set_pud_at @fidelity dup Emits `table-write`, `barrier`. */
export function set_pud_at(k: Kernel, mm: Ptr, addr: VirtAddr, pudp: Ptr, pud: Descriptor): void {
  k.__set_pte_at(mm, addr, pudp, pud, levelsOf(k.machine).pud.size / k.pageSize);
}

/** @kernel arch/arm64/include/asm/pgtable.h pmdp_huge_get_and_clear @fidelity dup Emits `table-write`. */
export function pmdp_huge_get_and_clear(k: Kernel, mm: Ptr, addr: VirtAddr, pmdp: Ptr): Descriptor {
  return k.__ptep_get_and_clear(mm, addr, pmdp);
}

/** @kernel include/linux/pgtable.h pudp_huge_get_and_clear @fidelity dup Emits `table-write`. */
export function pudp_huge_get_and_clear(k: Kernel, mm: Ptr, addr: VirtAddr, pudp: Ptr): Descriptor {
  return k.__ptep_get_and_clear(mm, addr, pudp);
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_pfn @fidelity dup */
export function pmd_pfn(k: Kernel, pmd: Descriptor): Pfn {
  return leafFrame(k, 'pmd', pmd);
}

/** @kernel arch/arm64/include/asm/pgtable.h pud_pfn @fidelity dup */
export function pud_pfn(k: Kernel, pud: Descriptor): Pfn {
  return leafFrame(k, 'pud', pud);
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_page @fidelity dup */
export function pmd_page(k: Kernel, pmd: Descriptor): Ptr {
  return k.pfn_to_page(frameOf(k.machine, pmd));
}

/** @kernel arch/arm64/include/asm/pgtable.h pud_page @fidelity dup */
export function pud_page(k: Kernel, pud: Descriptor): Ptr {
  return k.pfn_to_page(frameOf(k.machine, pud));
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_pgprot @fidelity dup */
export function pmd_pgprot(k: Kernel, pmd: Descriptor): Descriptor {
  return protectionOf(k.machine, pmd);
}

/** @kernel arch/arm64/include/asm/pgtable.h pud_pgprot @fidelity dup */
export function pud_pgprot(k: Kernel, pud: Descriptor): Descriptor {
  return protectionOf(k.machine, pud);
}

/** @kernel arch/arm64/include/asm/pgtable.h __pmd_to_phys @fidelity dup */
export function __pmd_to_phys(k: Kernel, pmd: Descriptor): PhysAddr {
  return frameOf(k.machine, pmd) * k.pageSize;
}

/** @kernel arch/arm64/include/asm/pgtable.h __pud_to_phys @fidelity dup */
export function __pud_to_phys(k: Kernel, pud: Descriptor): PhysAddr {
  return frameOf(k.machine, pud) * k.pageSize;
}

/** @kernel arch/arm64/include/asm/pgalloc.h pgd_populate @fidelity dup Emits `table-write`, `barrier`. */
export function pgd_populate(k: Kernel, _mm: Ptr, pgd: Ptr, p4d: Ptr): void {
  k.set_pgd(pgd, entryFor(k.machine, k.mem.pfnOfHeap(p4d), TYPE_TABLE));
}

/** @kernel arch/arm64/include/asm/pgalloc.h p4d_populate @fidelity dup Emits `table-write`, `barrier`. */
export function p4d_populate(k: Kernel, _mm: Ptr, p4d: Ptr, pud: Ptr): void {
  k.set_p4d(p4d, entryFor(k.machine, k.mem.pfnOfHeap(pud), TYPE_TABLE));
}

/** @kernel arch/arm64/include/asm/pgalloc.h pud_populate @fidelity dup Emits `table-write`, `barrier`. */
export function pud_populate(k: Kernel, _mm: Ptr, pud: Ptr, pmd: Ptr): void {
  k.set_pud(pud, entryFor(k.machine, k.mem.pfnOfHeap(pmd), TYPE_TABLE));
}

/**
 * @kernel arch/arm64/include/asm/pgalloc.h pmd_populate_kernel
 * @fidelity dup Emits `table-write`, `barrier`.
 */
export function pmd_populate_kernel(k: Kernel, _mm: Ptr, pmd: Ptr, pte: Ptr): void {
  k.set_pmd(pmd, entryFor(k.machine, k.mem.pfnOfHeap(pte), TYPE_TABLE));
}
