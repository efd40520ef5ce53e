// SPDX-License-Identifier: GPL-2.0-only
import { attributesOf, type Descriptor } from '../../../../../base/descriptor.ts';
import { and, or } from '../../../../../base/u64.ts';
import type { Pfn, Ptr, VirtAddr } from '../../../../../base/units.ts';
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
import {
  _KERNPG_TABLE,
  _PAGE_ACCESSED,
  _PAGE_KNL_ERRATUM_MASK,
  _PAGE_PAT_LARGE,
  _PAGE_PRESENT,
  _PAGE_PROTNONE,
  _PAGE_PSE,
  _PAGE_USER,
} from './pgtable-bits.ts';

// arch/x86/include/asm/pgtable.h: entries above the page level. Where the next level is folded, an entry is the folded
// table itself: always present, never bad, never a leaf, and clearing it does nothing.

const bit = (condition: boolean): number => (condition ? 1 : 0);

function isNone(entry: Descriptor): boolean {
  return withoutAttributes(entry, _PAGE_KNL_ERRATUM_MASK) === 0;
}

/** A flag that no table entry has is set. */
function isNoTable(entry: Descriptor): boolean {
  return hasAttribute(entry, 0x3ffffff & ~(_KERNPG_TABLE | _PAGE_USER));
}

/** The frame of a leaf, whose low bits below its size are not address. */
function leafFrame(k: Kernel, name: LevelName, entry: Descriptor): Pfn {
  const pages = levelsOf(k.machine)[name].size / k.pageSize;
  const frame = frameOf(k.machine, entry);
  return hasAttribute(entry, _PAGE_PSE) ? Math.floor(frame / pages) * pages : frame;
}

/** What a leaf has beside its frame; of a large one that is also the third bit of the memory type. */
function leafProtection(k: Kernel, entry: Descriptor): Descriptor {
  const prot = protectionOf(k.machine, entry);
  return hasAttribute(entry, _PAGE_PSE) ? or(prot, and(entry, _PAGE_PAT_LARGE)) : prot;
}

/** @kernel arch/x86/include/asm/pgtable.h pgd_none @fidelity dup */
export function pgd_none(k: Kernel, pgd: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).p4d) && isNone(pgd));
}

/** @kernel arch/x86/include/asm/pgtable.h pgd_bad @fidelity dup */
export function pgd_bad(k: Kernel, pgd: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).p4d) && isNoTable(pgd));
}

/** @kernel arch/x86/include/asm/pgtable.h pgd_present @fidelity dup */
export function pgd_present(k: Kernel, pgd: Descriptor): number {
  return bit(isFolded(levelsOf(k.machine).p4d) || hasAttribute(pgd, _PAGE_PRESENT));
}

/** @kernel arch/x86/include/asm/pgtable.h p4d_none @fidelity dup */
export function p4d_none(k: Kernel, p4d: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).pud) && isNone(p4d));
}

/** @kernel arch/x86/include/asm/pgtable.h p4d_bad @fidelity dup */
export function p4d_bad(k: Kernel, p4d: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).pud) && isNoTable(p4d));
}

/** @kernel arch/x86/include/asm/pgtable.h p4d_present @fidelity dup */
export function p4d_present(k: Kernel, p4d: Descriptor): number {
  return bit(isFolded(levelsOf(k.machine).pud) || hasAttribute(p4d, _PAGE_PRESENT));
}

/** @kernel arch/x86/include/asm/pgtable.h pud_none @fidelity dup */
export function pud_none(k: Kernel, pud: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).pmd) && isNone(pud));
}

/** @kernel arch/x86/include/asm/pgtable.h pud_bad @fidelity dup */
export function pud_bad(k: Kernel, pud: Descriptor): number {
  return bit(!isFolded(levelsOf(k.machine).pmd) && isNoTable(pud));
}

/** @kernel arch/x86/include/asm/pgtable.h pud_present @fidelity dup */
export function pud_present(k: Kernel, pud: Descriptor): number {
  return bit(isFolded(levelsOf(k.machine).pmd) || hasAttribute(pud, _PAGE_PRESENT));
}

/** @kernel arch/x86/include/asm/pgtable.h pud_leaf @fidelity dup */
export function pud_leaf(_k: Kernel, pud: Descriptor): number {
  return bit(hasAttribute(pud, _PAGE_PSE));
}

/** @kernel arch/x86/include/asm/pgtable.h pmd_none @fidelity dup */
export function pmd_none(_k: Kernel, pmd: Descriptor): number {
  return bit(isNone(pmd));
}

/** @kernel arch/x86/include/asm/pgtable.h pmd_bad @fidelity dup */
export function pmd_bad(_k: Kernel, pmd: Descriptor): number {
  return bit((attributesOf(pmd) & ~(_PAGE_USER | _PAGE_ACCESSED)) !== (_KERNPG_TABLE & ~_PAGE_ACCESSED));
}

/** @kernel arch/x86/include/asm/pgtable.h pmd_present @fidelity dup */
export function pmd_present(_k: Kernel, pmd: Descriptor): number {
  return bit(hasAttribute(pmd, _PAGE_PRESENT | _PAGE_PROTNONE | _PAGE_PSE));
}

/** @kernel arch/x86/include/asm/pgtable.h pmd_leaf @fidelity dup */
export function pmd_leaf(_k: Kernel, pmd: Descriptor): number {
  return bit(hasAttribute(pmd, _PAGE_PSE));
}

/**
 * @kernel arch/x86/include/asm/pgtable.h set_pgd
 * @fidelity custom: no page table isolation. Emits `table-write`.
 */
export function set_pgd(k: Kernel, pgdp: Ptr, pgd: Descriptor): void {
  k.mem.stDescriptor(pgdp, pgd);
}

/**
 * @kernel arch/x86/include/asm/pgtable.h set_p4d
 * @fidelity custom: no page table isolation. Emits `table-write`.
 */
export function set_p4d(k: Kernel, p4dp: Ptr, p4d: Descriptor): void {
  k.mem.stDescriptor(p4dp, p4d);
}

/** @kernel arch/x86/include/asm/pgtable.h set_pud @fidelity dup Emits `table-write`. */
export function set_pud(k: Kernel, pudp: Ptr, pud: Descriptor): void {
  k.mem.stDescriptor(pudp, pud);
}

/** @kernel arch/x86/include/asm/pgtable.h set_pmd @fidelity dup Emits `table-write`. */
export function set_pmd(k: Kernel, pmdp: Ptr, pmd: Descriptor): void {
  k.mem.stDescriptor(pmdp, pmd);
}

/** @kernel arch/x86/include/asm/pgtable.h set_pmd_at @fidelity dup Emits `table-write`. */
export function set_pmd_at(k: Kernel, _mm: Ptr, _addr: VirtAddr, pmdp: Ptr, pmd: Descriptor): void {
  k.set_pmd(pmdp, pmd);
}

/** @kernel arch/x86/include/asm/pgtable.h pmdp_huge_get_and_clear @fidelity dup Emits `table-write`. */
export function pmdp_huge_get_and_clear(k: Kernel, mm: Ptr, addr: VirtAddr, pmdp: Ptr): Descriptor {
  return k.ptep_get_and_clear(mm, addr, pmdp);
}

/** @kernel arch/x86/include/asm/pgtable.h pmd_mkhuge @fidelity dup */
export function pmd_mkhuge(_k: Kernel, pmd: Descriptor): Descriptor {
  return withAttributes(pmd, _PAGE_PSE);
}

/** @kernel arch/x86/include/asm/pgtable.h pmd_pfn @fidelity dup */
export function pmd_pfn(k: Kernel, pmd: Descriptor): Pfn {
  return leafFrame(k, 'pmd', pmd);
}

/** @kernel arch/x86/include/asm/pgtable.h pmd_page @fidelity dup */
export function pmd_page(k: Kernel, pmd: Descriptor): Ptr {
  return k.pfn_to_page(leafFrame(k, 'pmd', pmd));
}

/** @kernel arch/x86/include/asm/pgtable.h pmd_pgprot @fidelity dup */
export function pmd_pgprot(k: Kernel, pmd: Descriptor): Descriptor {
  return leafProtection(k, pmd);
}

/** @kernel arch/x86/include/asm/pgtable.h set_pud_at @fidelity dup Emits `table-write`. */
export function set_pud_at(k: Kernel, _mm: Ptr, _addr: VirtAddr, pudp: Ptr, pud: Descriptor): void {
  k.set_pud(pudp, pud);
}

/** @kernel arch/x86/include/asm/pgtable.h pudp_huge_get_and_clear @fidelity dup Emits `table-write`. */
export function pudp_huge_get_and_clear(k: Kernel, mm: Ptr, addr: VirtAddr, pudp: Ptr): Descriptor {
  return k.ptep_get_and_clear(mm, addr, pudp);
}

/** @kernel arch/x86/include/asm/pgtable.h pud_mkhuge @fidelity dup */
export function pud_mkhuge(_k: Kernel, pud: Descriptor): Descriptor {
  return withAttributes(pud, _PAGE_PSE);
}

/** @kernel arch/x86/include/asm/pgtable.h pud_pfn @fidelity dup */
export function pud_pfn(k: Kernel, pud: Descriptor): Pfn {
  return leafFrame(k, 'pud', pud);
}

/** @kernel arch/x86/include/asm/pgtable.h pud_page @fidelity dup */
export function pud_page(k: Kernel, pud: Descriptor): Ptr {
  return k.pfn_to_page(leafFrame(k, 'pud', pud));
}

/** @kernel arch/x86/include/asm/pgtable.h pud_pgprot @fidelity dup */
export function pud_pgprot(k: Kernel, pud: Descriptor): Descriptor {
  return leafProtection(k, pud);
}

/** @kernel arch/x86/include/asm/pgalloc.h pgd_populate @fidelity dup Emits `table-write`. */
export function pgd_populate(k: Kernel, _mm: Ptr, pgd: Ptr, p4d: Ptr): void {
  k.set_pgd(pgd, entryFor(k.machine, k.mem.pfnOfHeap(p4d), _KERNPG_TABLE));
}

/** @kernel arch/x86/include/asm/pgalloc.h p4d_populate @fidelity dup Emits `table-write`. */
export function p4d_populate(k: Kernel, _mm: Ptr, p4d: Ptr, pud: Ptr): void {
  k.set_p4d(p4d, entryFor(k.machine, k.mem.pfnOfHeap(pud), _KERNPG_TABLE));
}

/** @kernel arch/x86/include/asm/pgalloc.h pud_populate @fidelity dup Emits `table-write`. */
export function pud_populate(k: Kernel, _mm: Ptr, pud: Ptr, pmd: Ptr): void {
  k.set_pud(pud, entryFor(k.machine, k.mem.pfnOfHeap(pmd), _KERNPG_TABLE));
}

/** @kernel arch/x86/include/asm/pgalloc.h pmd_populate_kernel @fidelity dup Emits `table-write`. */
export function pmd_populate_kernel(k: Kernel, _mm: Ptr, pmd: Ptr, pte: Ptr): void {
  k.set_pmd(pmd, entryFor(k.machine, k.mem.pfnOfHeap(pte), _KERNPG_TABLE));
}
