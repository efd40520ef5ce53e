// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../base/descriptor.ts';
import type { Ptr, VirtAddr } from '../../../base/units.ts';
import { lookUp, tableBelow } from '../../hardware/table-step.ts';
import { entryIndex, levelsOf, type LevelGeometry } from '../../hardware/levels.ts';
import type { Kernel } from '../../kernel.ts';

// include/linux/pgtable.h: from an entry to the table below it. Each step is a `walk` event; a folded level is none.

/** The entry for `addr` in the table below `above`; in a folded level that is `above` itself. */
function stepDown(k: Kernel, level: LevelGeometry, above: Ptr, addr: VirtAddr): Ptr {
  if (level.level === undefined) return above;
  return lookUp(k, level, tableBelow(k, k.mem.ldDescriptor(above)), addr);
}

/** @kernel include/linux/pgtable.h pgd_offset_pgd @fidelity dup Emits `walk`. */
export function pgd_offset_pgd(k: Kernel, pgd: Ptr, addr: VirtAddr): Ptr {
  return lookUp(k, levelsOf(k.machine).pgd, pgd, addr);
}

/** @kernel include/linux/pgtable.h pgd_offset @fidelity dup Emits `walk`. */
export function pgd_offset(k: Kernel, mm: Ptr, addr: VirtAddr): Ptr {
  return lookUp(k, levelsOf(k.machine).pgd, k.structs.mm_struct(mm).pgd, addr);
}

/** @kernel include/linux/pgtable.h pgd_offset_k @fidelity dup Emits `walk`. */
export function pgd_offset_k(k: Kernel, addr: VirtAddr): Ptr {
  return lookUp(k, levelsOf(k.machine).pgd, k.structs.mm_struct(k.globals['init_mm']!).pgd, addr);
}

/** @kernel arch/$SRCARCH/include/asm/pgtable.h p4d_offset @fidelity dup Emits `walk`. */
export function p4d_offset(k: Kernel, pgd: Ptr, addr: VirtAddr): Ptr {
  return stepDown(k, levelsOf(k.machine).p4d, pgd, addr);
}

/** @kernel include/linux/pgtable.h pud_offset @fidelity dup Emits `walk`. */
export function pud_offset(k: Kernel, p4d: Ptr, addr: VirtAddr): Ptr {
  return stepDown(k, levelsOf(k.machine).pud, p4d, addr);
}

/** @kernel include/linux/pgtable.h pmd_offset @fidelity dup Emits `walk`. */
export function pmd_offset(k: Kernel, pud: Ptr, addr: VirtAddr): Ptr {
  return stepDown(k, levelsOf(k.machine).pmd, pud, addr);
}

/** @kernel include/linux/pgtable.h pte_offset_kernel @fidelity dup Emits `walk`. */
export function pte_offset_kernel(k: Kernel, pmd: Ptr, addr: VirtAddr): Ptr {
  return stepDown(k, levelsOf(k.machine).pte, pmd, addr);
}

/** @kernel include/linux/pgtable.h pmd_off_k @fidelity dup Emits `walk`. */
export function pmd_off_k(k: Kernel, addr: VirtAddr): Ptr {
  return k.pmd_offset(k.pud_offset(k.p4d_offset(k.pgd_offset_k(addr), addr), addr), addr);
}

/**
 * @kernel include/linux/pgtable.h virt_to_kpte
 * @fidelity dup Emits `walk`.
 * @returns NULL where there is no table
 */
export function virt_to_kpte(k: Kernel, addr: VirtAddr): Ptr {
  const pmd = k.pmd_off_k(addr);
  return k.pmd_none(k.mem.ldDescriptor(pmd)) !== 0 ? 0 : k.pte_offset_kernel(pmd, addr);
}

/** @kernel include/linux/pgtable.h pgd_index @fidelity dup */
export function pgd_index(k: Kernel, addr: VirtAddr): number {
  return entryIndex(levelsOf(k.machine).pgd, addr);
}

/** @kernel arch/$SRCARCH/include/asm/pgtable.h p4d_index @fidelity dup */
export function p4d_index(k: Kernel, addr: VirtAddr): number {
  return entryIndex(levelsOf(k.machine).p4d, addr);
}

/** @kernel include/linux/pgtable.h pud_index @fidelity dup */
export function pud_index(k: Kernel, addr: VirtAddr): number {
  return entryIndex(levelsOf(k.machine).pud, addr);
}

/** @kernel include/linux/pgtable.h pmd_index @fidelity dup */
export function pmd_index(k: Kernel, addr: VirtAddr): number {
  return entryIndex(levelsOf(k.machine).pmd, addr);
}

/** @kernel include/linux/pgtable.h pte_index @fidelity dup */
export function pte_index(k: Kernel, addr: VirtAddr): number {
  return entryIndex(levelsOf(k.machine).pte, addr);
}

/**
 * Unsigned comparison of ends less one, so that an end of 0, the top of the address space, is the largest. A folded level
 * has one entry: all of it.
 */
function endWithin({ level, size }: LevelGeometry, addr: VirtAddr, end: VirtAddr): VirtAddr {
  if (level === undefined) return end;
  const boundary = Math.floor(addr / size) * size + size;
  return boundary - 1 < 0 === end - 1 < 0
    ? boundary - 1 < end - 1
      ? boundary
      : end
    : boundary - 1 < 0
      ? end
      : boundary;
}

/**
 * Where the entry for `addr` ends, or `end` if that is nearer.
 * @kernel include/linux/pgtable.h pgd_addr_end
 * @fidelity dup
 */
export function pgd_addr_end(k: Kernel, addr: VirtAddr, end: VirtAddr): VirtAddr {
  return endWithin(levelsOf(k.machine).pgd, addr, end);
}

/** @kernel include/linux/pgtable.h p4d_addr_end @fidelity dup */
export function p4d_addr_end(k: Kernel, addr: VirtAddr, end: VirtAddr): VirtAddr {
  return endWithin(levelsOf(k.machine).p4d, addr, end);
}

/** @kernel include/linux/pgtable.h pud_addr_end @fidelity dup */
export function pud_addr_end(k: Kernel, addr: VirtAddr, end: VirtAddr): VirtAddr {
  return endWithin(levelsOf(k.machine).pud, addr, end);
}

/** @kernel include/linux/pgtable.h pmd_addr_end @fidelity dup */
export function pmd_addr_end(k: Kernel, addr: VirtAddr, end: VirtAddr): VirtAddr {
  return endWithin(levelsOf(k.machine).pmd, addr, end);
}

/** @kernel arch/riscv/include/asm/pgtable-64.h pgd_pgtable @fidelity dup */
export function pgd_pgtable(k: Kernel, pgd: Descriptor): Ptr {
  return tableBelow(k, pgd);
}

/** @kernel arch/$SRCARCH/include/asm/pgtable.h p4d_pgtable @fidelity dup */
export function p4d_pgtable(k: Kernel, p4d: Descriptor): Ptr {
  return tableBelow(k, p4d);
}

/** @kernel arch/$SRCARCH/include/asm/pgtable.h pud_pgtable @fidelity dup */
export function pud_pgtable(k: Kernel, pud: Descriptor): Ptr {
  return tableBelow(k, pud);
}

/** @kernel arch/$SRCARCH/include/asm/pgtable.h pmd_page_vaddr @fidelity dup */
export function pmd_page_vaddr(k: Kernel, pmd: Descriptor): VirtAddr {
  return tableBelow(k, pmd);
}

/** @kernel arch/riscv/include/asm/pgtable-64.h pgd_page_vaddr @fidelity dup */
export function pgd_page_vaddr(k: Kernel, pgd: Descriptor): VirtAddr {
  return tableBelow(k, pgd);
}
