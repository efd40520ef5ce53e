// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../base/descriptor.ts';
import type { Ptr, VirtAddr } from '../../../../base/units.ts';
import { withAttributes, withoutAttributes } from '../../../hardware/entry.ts';
import type { Kernel } from '../../../kernel.ts';
import { WARN_ON } from '../../../mm/bug.ts';
import { levelSizes } from '../../../mm/level-sizes.ts';
import { PTE_CONT, PTE_TYPE_MASK, PTE_TYPE_PAGE, TYPE_SECT } from '../include/asm/pgtable-bits.ts';
import { contSizes } from './cont-sizes.ts';

// arch/arm64/mm/mmu.c: live leaves made smaller, on CPUs with BBML2_NOABORT.

const EINVAL = 22;
const ENOMEM = 12;

/** Every entry of the run that holds `entry` loses its contiguous bit. */
function splitRun(k: Kernel, entry: Ptr, entries: number): void {
  const first = Math.floor(entry / (entries * 8)) * entries * 8;
  for (let at = first; at < first + entries * 8; at += 8) {
    k.__set_pte(at, withoutAttributes(k.mem.ldDescriptor(at), PTE_CONT));
  }
}

/** A table of runs that map what the block maps, put in the block's place. */
function splitPmd(k: Kernel, pmd: Ptr, block: Descriptor): number {
  const mm = k.globals['init_mm']!;
  const table = k.pte_alloc_one_kernel(mm);
  if (table === 0) return -ENOMEM;
  const { pageSize, pmdSize } = levelSizes(k.machine);
  const prot = withAttributes(
    withoutAttributes(k.pmd_pgprot(block), PTE_TYPE_MASK),
    PTE_TYPE_PAGE | PTE_CONT,
  );
  const pfn = k.pmd_pfn(block);
  for (let i = 0; i < pmdSize / pageSize; i++) k.__set_pte(table + i * 8, k.pfn_pte(pfn + i, prot));
  k.pmd_populate_kernel(mm, pmd, table);
  return 0;
}

function splitPud(k: Kernel, pud: Ptr, block: Descriptor): number {
  const mm = k.globals['init_mm']!;
  const table = k.pmd_alloc_one(mm, 0);
  if (table === 0) return -ENOMEM;
  const { pageSize, pmdSize, pudSize } = levelSizes(k.machine);
  const prot = withAttributes(withoutAttributes(k.pud_pgprot(block), PTE_TYPE_MASK), TYPE_SECT | PTE_CONT);
  const pfn = k.pud_pfn(block);
  for (let i = 0; i < pudSize / pmdSize; i++) {
    k.set_pmd(table + i * 8, k.pfn_pmd(pfn + (i * pmdSize) / pageSize, prot));
  }
  k.pud_populate(mm, pud, table);
  return 0;
}

/** Afterwards `addr` is a boundary between leaves. */
function splitAt(k: Kernel, addr: VirtAddr): number {
  const { pmdSize, pudSize, pgdSize } = levelSizes(k.machine);
  const cont = contSizes(k.machine);
  if (addr % pgdSize === 0) return 0;
  const pgd = k.pgd_offset_k(addr);
  if (k.pgd_present(k.mem.ldDescriptor(pgd)) === 0) return 0;
  const p4d = k.p4d_offset(pgd, addr);
  if (addr % pudSize === 0 || k.p4d_present(k.mem.ldDescriptor(p4d)) === 0) return 0;
  const pud = k.pud_offset(p4d, addr);
  const pudEntry = k.mem.ldDescriptor(pud);
  if (k.pud_present(pudEntry) === 0) return 0;
  const err = k.pud_leaf(pudEntry) !== 0 ? splitPud(k, pud, pudEntry) : 0;
  if (err !== 0 || addr % cont.pmdSize === 0) return err;
  const pmd = k.pmd_offset(pud, addr);
  if (k.pmd_present(k.mem.ldDescriptor(pmd)) === 0) return 0;
  return splitBelowPmd(k, pmd, addr, pmdSize);
}

function splitBelowPmd(k: Kernel, pmd: Ptr, addr: VirtAddr, pmdSize: number): number {
  const cont = contSizes(k.machine);
  const entry = k.mem.ldDescriptor(pmd);
  if (k.pmd_leaf(entry) !== 0) {
    if (k.pmd_cont(entry) !== 0) splitRun(k, pmd, cont.pmds);
    if (addr % pmdSize === 0) return 0;
    const err = splitPmd(k, pmd, k.mem.ldDescriptor(pmd));
    if (err !== 0) return err;
  }
  if (addr % cont.pteSize === 0) return 0;
  const pte = k.pte_offset_kernel(pmd, addr);
  const pteEntry = k.__ptep_get(pte);
  if (k.pte_present(pteEntry) !== 0 && k.pte_cont(pteEntry) !== 0) splitRun(k, pte, cont.ptes);
  return 0;
}

/**
 * Makes `start` and `end` boundaries between leaves. Where live leaves cannot be split it does nothing: the caller's
 * change of attributes will meet the leaf and refuse.
 * @kernel arch/arm64/mm/mmu.c split_kernel_leaf_mapping newer
 * @fidelity custom: without the lock
 * @returns 0, -EINVAL or -ENOMEM. Emits `walk`, `alloc`, `table-write`.
 */
export function split_kernel_leaf_mapping(k: Kernel, start: VirtAddr, end: VirtAddr): number {
  if (k.system_supports_bbml2_noabort() === 0) return 0;
  const { pageSize } = k;
  if (
    WARN_ON(
      k,
      start % pageSize !== 0 || end % pageSize !== 0,
      'start != PAGE_ALIGN(start) || end != PAGE_ALIGN(end)',
    )
  ) {
    return -EINVAL;
  }
  k.arch_enter_lazy_mmu_mode();
  const err = splitAt(k, start) || (start === end ? 0 : splitAt(k, end));
  k.arch_leave_lazy_mmu_mode();
  return err;
}

/**
 * @kernel arch/arm64/include/asm/cpufeature.h system_supports_bbml2_noabort newer
 * @fidelity custom: as the machine says
 */
export function system_supports_bbml2_noabort(k: Kernel): number {
  return k.machine.splitsLive ? 1 : 0;
}
