// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../base/descriptor.ts';
import type { ByteCount, Ptr, Shift, VirtAddr } from '../../../../base/units.ts';
import { levelSizes } from '../../../mm/level-sizes.ts';
import { WARN_ON } from '../../../mm/bug.ts';
import type { Kernel } from '../../../kernel.ts';
import { contSizes } from './cont-sizes.ts';

// arch/arm64/mm/hugetlbpage.c: a block at PUD or PMD level, or a run of neighbouring entries with the contiguous bit.

/** The entries that a huge size takes, and the bytes that each of them maps. */
interface Run {
  readonly entries: number;
  readonly pgsize: ByteCount;
}

function isHugeSize(k: Kernel, size: ByteCount): boolean {
  const { pmdSize, pudSize } = levelSizes(k.machine);
  if (size === pudSize) return k.pud_sect_supported() !== 0;
  const cont = contSizes(k.machine);
  return size === cont.pmdSize || size === pmdSize || size === cont.pteSize;
}

function runOf(k: Kernel, size: ByteCount): Run {
  const cont = contSizes(k.machine);
  const { pageSize, pmdSize } = levelSizes(k.machine);
  if (size === cont.pmdSize) return { entries: cont.pmds, pgsize: pmdSize };
  if (size === cont.pteSize) return { entries: cont.ptes, pgsize: pageSize };
  WARN_ON(k, !isHugeSize(k, size), '!__hugetlb_valid_size(size)');
  return { entries: 1, pgsize: size };
}

/** Hardware may note an access in any entry of a run. */
function withAccessOf(k: Kernel, pte: Descriptor, other: Descriptor): Descriptor {
  const dirty = k.pte_dirty(other) !== 0 ? k.pte_mkdirty(pte) : pte;
  return k.pte_young(other) !== 0 ? k.pte_mkyoung(dirty) : dirty;
}

/** Empties a run; the first entry, with the access bits of all. */
function clearRun(k: Kernel, mm: Ptr, addr: VirtAddr, ptep: Ptr, { entries, pgsize }: Run): Descriptor {
  let pte = k.__ptep_get_and_clear_anysz(mm, addr, ptep, pgsize);
  const isPresent = k.pte_present(pte) !== 0;
  for (let i = 1; i < entries; i++) {
    const other = k.__ptep_get_and_clear_anysz(mm, addr + i * pgsize, ptep + i * 8, pgsize);
    if (isPresent) pte = withAccessOf(k, pte, other);
  }
  return pte;
}

function anyValid(k: Kernel, ptep: Ptr, entries: number): boolean {
  for (let i = 0; i < entries; i++) if (k.pte_valid(k.__ptep_get(ptep + i * 8)) !== 0) return true;
  return false;
}

/**
 * Writes the entries of a huge page of `sz` bytes. A run that holds valid entries is emptied and flushed before: the
 * architecture forbids to change one entry of a run at a time.
 * @kernel arch/arm64/mm/hugetlbpage.c set_huge_pte_at
 * @fidelity dup
 * Emits `table-write`, `tlb-flush`, `barrier`.
 */
export function set_huge_pte_at(
  k: Kernel,
  mm: Ptr,
  addr: VirtAddr,
  ptep: Ptr,
  pte: Descriptor,
  sz: ByteCount,
): void {
  const run = runOf(k, sz);
  const { entries, pgsize } = run;
  if (k.pte_present(pte) === 0) {
    for (let i = 0; i < entries; i++) k.__set_ptes_anysz(mm, addr + i * pgsize, ptep + i * 8, pte, 1, pgsize);
    return;
  }
  if (k.pte_cont(pte) !== 0 && anyValid(k, ptep, entries)) {
    clearRun(k, mm, addr, ptep, run);
    k.flush_tlb_kernel_range(addr, addr + entries * pgsize);
  }
  k.__set_ptes_anysz(mm, addr, ptep, pte, entries, pgsize);
}

/**
 * An entry as a huge page of 2^shift bytes needs it: a block, or a member of a run.
 * @kernel arch/arm64/mm/hugetlbpage.c arch_make_huge_pte
 * @fidelity dup
 */
export function arch_make_huge_pte(k: Kernel, entry: Descriptor, shift: Shift, _flags: number): Descriptor {
  const huge = k.pte_mkhuge(entry);
  const cont = contSizes(k.machine);
  if (shift === cont.pteShift) return k.pte_mkcont(huge);
  return shift === cont.pmdShift ? k.pmd_mkcont(huge) : huge;
}

/**
 * The entry with the access bits of its whole run.
 * @kernel arch/arm64/mm/hugetlbpage.c huge_ptep_get
 * @fidelity dup
 */
export function huge_ptep_get(k: Kernel, mm: Ptr, addr: VirtAddr, ptep: Ptr): Descriptor {
  let pte = k.__ptep_get(ptep);
  if (k.pte_present(pte) === 0 || k.pte_cont(pte) === 0) return pte;
  const cont = contSizes(k.machine);
  const pud = k.pud_offset(k.p4d_offset(k.pgd_offset(mm, addr), addr), addr);
  const entries = k.pmd_offset(pud, addr) === ptep ? cont.pmds : cont.ptes;
  for (let i = 1; i < entries; i++) pte = withAccessOf(k, pte, k.__ptep_get(ptep + i * 8));
  return pte;
}

/**
 * Empties the entries of a huge page; the caller flushes.
 * @kernel arch/arm64/mm/hugetlbpage.c huge_ptep_get_and_clear
 * @fidelity dup
 * @returns the first entry, with the access bits of all. Emits `table-write`.
 */
export function huge_ptep_get_and_clear(
  k: Kernel,
  mm: Ptr,
  addr: VirtAddr,
  ptep: Ptr,
  sz: ByteCount,
): Descriptor {
  return clearRun(k, mm, addr, ptep, runOf(k, sz));
}

/** @kernel arch/arm64/mm/hugetlbpage.c huge_pte_clear @fidelity dup Emits `table-write`. */
export function huge_pte_clear(k: Kernel, mm: Ptr, addr: VirtAddr, ptep: Ptr, sz: ByteCount): void {
  const { entries, pgsize } = runOf(k, sz);
  for (let i = 0; i < entries; i++) k.__pte_clear(mm, addr + i * pgsize, ptep + i * 8);
}
