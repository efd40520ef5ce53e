// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../base/descriptor.ts';
import { or, type U64 } from '../../../../base/u64.ts';
import type { Ptr, VirtAddr } from '../../../../base/units.ts';
import { frameAt, hasAttribute, withAttributes, withoutAttributes } from '../../../hardware/entry.ts';
import type { Kernel } from '../../../kernel.ts';
import { levelSizes } from '../../../mm/level-sizes.ts';
import { _PAGE_PAT, _PAGE_PAT_LARGE, _PAGE_PSE } from '../include/asm/pgtable-bits.ts';

// arch/x86/mm/pgtable.c: large pages in kernel tables. Memory types by MTRR are uniform on these machines.

/** The protection of a page as a large page carries it: the memory type's third bit has moved. */
function largeProtection(prot: Descriptor): Descriptor {
  const moved = hasAttribute(prot, _PAGE_PAT)
    ? or(withoutAttributes(prot, _PAGE_PAT), _PAGE_PAT_LARGE)
    : prot;
  return withAttributes(moved, _PAGE_PSE);
}

function setLargePage(k: Kernel, at: Ptr, addr: U64, prot: Descriptor): number {
  k.set_pte(at, k.pfn_pte(frameAt(k, addr), largeProtection(prot)));
  return 1;
}

/**
 * @kernel arch/x86/mm/pgtable.c pud_set_huge
 * @fidelity custom: MTRRs agree
 * @returns 1 when the page is in place. Emits `table-write`.
 */
export function pud_set_huge(k: Kernel, pud: Ptr, addr: U64, prot: Descriptor): number {
  const entry = k.mem.ldDescriptor(pud);
  if (k.pud_present(entry) !== 0 && k.pud_leaf(entry) === 0) return 0;
  return setLargePage(k, pud, addr, prot);
}

/**
 * @kernel arch/x86/mm/pgtable.c pmd_set_huge
 * @fidelity custom: MTRRs agree
 * @returns 1 when the page is in place. Emits `table-write`.
 */
export function pmd_set_huge(k: Kernel, pmd: Ptr, addr: U64, prot: Descriptor): number {
  const entry = k.mem.ldDescriptor(pmd);
  if (k.pmd_present(entry) !== 0 && k.pmd_leaf(entry) === 0) return 0;
  return setLargePage(k, pmd, addr, prot);
}

/**
 * @kernel arch/x86/mm/pgtable.c pud_clear_huge
 * @fidelity dup
 * @returns 1 when there was a large page. Emits `table-write`.
 */
export function pud_clear_huge(k: Kernel, pud: Ptr): number {
  if (k.pud_leaf(k.mem.ldDescriptor(pud)) === 0) return 0;
  k.pud_clear(pud);
  return 1;
}

/**
 * @kernel arch/x86/mm/pgtable.c pmd_clear_huge
 * @fidelity dup
 * @returns 1 when there was a large page. Emits `table-write`.
 */
export function pmd_clear_huge(k: Kernel, pmd: Ptr): number {
  if (k.pmd_leaf(k.mem.ldDescriptor(pmd)) === 0) return 0;
  k.pmd_clear(pmd);
  return 1;
}

/** One INVLPG drops what walkers cache on the way to an address. */
function flushWalkCache(k: Kernel, addr: VirtAddr): void {
  k.flush_tlb_kernel_range(addr, addr + k.pageSize - 1);
}

/**
 * Takes the tables below an entry away: all are unlinked, then flushed, then freed.
 * @kernel arch/x86/mm/pgtable.c pud_free_pmd_page
 * @fidelity dup
 * @returns 1, or 0 without memory for the copy. Emits `table-write`, `tlb-flush`, `free`.
 */
export function pud_free_pmd_page(k: Kernel, pud: Ptr, addr: VirtAddr): number {
  const { pmdSize, pudSize } = levelSizes(k.machine);
  const table = k.pud_pgtable(k.mem.ldDescriptor(pud));
  const copy = k.__get_free_pages(0, 0);
  if (copy === 0) return 0;
  const below: Ptr[] = [];
  for (let i = 0; i < pudSize / pmdSize; i++) {
    const entry = k.mem.ldDescriptor(table + i * 8);
    if (k.pmd_none(entry) !== 0) continue;
    below.push(k.pmd_page_vaddr(entry));
    k.pmd_clear(table + i * 8);
  }
  k.pud_clear(pud);
  flushWalkCache(k, addr);
  for (const pte of below) k.pte_free_kernel(0, pte);
  k.free_pages(copy, 0);
  k.pmd_free(0, table);
  return 1;
}

/**
 * @kernel arch/x86/mm/pgtable.c pmd_free_pte_page
 * @fidelity dup
 * @returns 1. Emits `table-write`, `tlb-flush`, `free`.
 */
export function pmd_free_pte_page(k: Kernel, pmd: Ptr, addr: VirtAddr): number {
  const table = k.pmd_page_vaddr(k.mem.ldDescriptor(pmd));
  k.pmd_clear(pmd);
  flushWalkCache(k, addr);
  k.pte_free_kernel(0, table);
  return 1;
}

/**
 * @kernel arch/x86/mm/pgtable.c ptep_set_access_flags
 * @fidelity dup: translations with fewer rights are left to the fault that they cause
 * @returns 1 if the entry was another one. Emits `table-write`.
 */
export function ptep_set_access_flags(
  k: Kernel,
  _vma: Ptr,
  _address: VirtAddr,
  ptep: Ptr,
  entry: Descriptor,
  dirty: number,
): number {
  if (k.ptep_get(ptep) === entry) return 0;
  if (dirty !== 0) k.set_pte(ptep, entry);
  return 1;
}
