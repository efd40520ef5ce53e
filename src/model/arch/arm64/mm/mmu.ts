// SPDX-License-Identifier: GPL-2.0-only
import { attributesOf, descriptorFromBits, type Descriptor } from '../../../../base/descriptor.ts';
import type { U64 } from '../../../../base/u64.ts';
import type { Ptr, VirtAddr } from '../../../../base/units.ts';
import { frameAt, frameOf, hasAttribute } from '../../../hardware/entry.ts';
import type { Kernel } from '../../../kernel.ts';
import { BUG_ON, WARN_ON } from '../../../mm/bug.ts';
import { levelSizes } from '../../../mm/level-sizes.ts';
import {
  ATTRINDX,
  PTE_ATTRINDX_MASK,
  PTE_CONT,
  PTE_NG,
  PTE_PXN,
  PTE_RDONLY,
  PTE_SWBITS_MASK,
  PTE_VALID,
  PTE_WRITE,
} from '../include/asm/pgtable-bits.ts';

// arch/arm64/mm/mmu.c: blocks in kernel tables.

function isNormal(attributes: number): boolean {
  const type = attributes & PTE_ATTRINDX_MASK;
  return type === ATTRINDX.NORMAL || type === ATTRINDX.NORMAL_TAGGED;
}

function changeIsSafe(k: Kernel, old: Descriptor, now: Descriptor): boolean {
  if (!hasAttribute(old, PTE_VALID) || !hasAttribute(now, PTE_VALID)) return true;
  if (frameOf(k.machine, old) !== frameOf(k.machine, now)) return false;
  const before = attributesOf(old);
  const after = attributesOf(now);
  if (((before | after) & PTE_CONT) !== 0) return false;
  if ((before & ~after & PTE_NG) !== 0) return false;
  const type = isNormal(before) && isNormal(after) ? PTE_ATTRINDX_MASK : 0;
  const mayChange = PTE_PXN | PTE_RDONLY | PTE_WRITE | PTE_NG | PTE_SWBITS_MASK | type;
  return ((before ^ after) & ~mayChange) === 0;
}

/**
 * May a live entry change from `old` to `new` without break-before-make? Permissions may, address, size and memory
 * type may not.
 * @kernel arch/arm64/mm/mmu.c pgattr_change_is_safe
 * @fidelity dup
 */
export function pgattr_change_is_safe(k: Kernel, old: U64, now: U64): number {
  return changeIsSafe(k, descriptorFromBits(old), descriptorFromBits(now)) ? 1 : 0;
}

/**
 * @kernel arch/arm64/mm/mmu.c pud_set_huge
 * @fidelity dup
 * @returns 1 when the block is in place. Emits `table-write`.
 */
export function pud_set_huge(k: Kernel, pud: Ptr, addr: U64, prot: Descriptor): number {
  const block = k.pfn_pud(frameAt(k, addr), k.mk_pud_sect_prot(prot));
  BUG_ON(k, Number(addr) % levelSizes(k.machine).pudSize !== 0, 'phys & ~PUD_MASK');
  if (!changeIsSafe(k, k.mem.ldDescriptor(pud), block)) return 0;
  k.set_pud(pud, block);
  return 1;
}

/**
 * @kernel arch/arm64/mm/mmu.c pmd_set_huge
 * @fidelity dup
 * @returns 1 when the block is in place. Emits `table-write`.
 */
export function pmd_set_huge(k: Kernel, pmd: Ptr, addr: U64, prot: Descriptor): number {
  const block = k.pfn_pmd(frameAt(k, addr), k.mk_pmd_sect_prot(prot));
  BUG_ON(k, Number(addr) % levelSizes(k.machine).pmdSize !== 0, 'phys & ~PMD_MASK');
  if (!changeIsSafe(k, k.mem.ldDescriptor(pmd), block)) return 0;
  k.set_pmd(pmd, block);
  return 1;
}

/**
 * @kernel arch/arm64/mm/mmu.c pud_clear_huge
 * @fidelity dup
 * @returns 1 when there was a block. Emits `table-write`.
 */
export function pud_clear_huge(k: Kernel, pud: Ptr): number {
  if (k.pud_sect(k.mem.ldDescriptor(pud)) === 0) return 0;
  k.pud_clear(pud);
  return 1;
}

/**
 * @kernel arch/arm64/mm/mmu.c pmd_clear_huge
 * @fidelity dup
 * @returns 1 when there was a block. Emits `table-write`.
 */
export function pmd_clear_huge(k: Kernel, pmd: Ptr): number {
  if (k.pmd_sect(k.mem.ldDescriptor(pmd)) === 0) return 0;
  k.pmd_clear(pmd);
  return 1;
}

/**
 * Takes the tables below an entry away, so that a block can stand there.
 * @kernel arch/arm64/mm/mmu.c pud_free_pmd_page
 * @fidelity dup
 * @returns 1. Emits `table-write`, `tlb-flush`, `free`.
 */
export function pud_free_pmd_page(k: Kernel, pud: Ptr, addr: VirtAddr): number {
  if (WARN_ON(k, k.pud_table(k.mem.ldDescriptor(pud)) === 0, '!pud_table(pud)')) return 1;
  const { pmdSize, pudSize } = levelSizes(k.machine);
  const table = k.pmd_offset(pud, addr);
  for (let i = 0; i < pudSize / pmdSize; i++) {
    const pmd = table + i * 8;
    if (k.pmd_present(k.mem.ldDescriptor(pmd)) !== 0) k.pmd_free_pte_page(pmd, addr + i * pmdSize);
  }
  k.pud_clear(pud);
  k.__flush_tlb_kernel_pgtable(addr);
  k.pmd_free(0, table);
  return 1;
}

/**
 * @kernel arch/arm64/mm/mmu.c pmd_free_pte_page
 * @fidelity dup
 * @returns 1. Emits `table-write`, `tlb-flush`, `free`.
 */
export function pmd_free_pte_page(k: Kernel, pmd: Ptr, addr: VirtAddr): number {
  if (WARN_ON(k, k.pmd_table(k.mem.ldDescriptor(pmd)) === 0, '!pmd_table(pmd)')) return 1;
  const table = k.pte_offset_kernel(pmd, addr);
  k.pmd_clear(pmd);
  k.__flush_tlb_kernel_pgtable(addr);
  k.pte_free_kernel(0, table);
  return 1;
}
