// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../base/descriptor.ts';
import type { ByteCount, Ptr, Shift, VirtAddr } from '../../../../base/units.ts';
import type { Kernel } from '../../../kernel.ts';
import { levelSizes } from '../../../mm/level-sizes.ts';
import { napotRun } from './napot-run.ts';

// arch/riscv/mm/hugetlbpage.c: a leaf at PUD or PMD level, or a NAPOT run, whose entries are all the same.

/** The entries that a huge size takes, and the bytes that each of them maps. */
interface Run {
  readonly entries: number;
  readonly pgsize: ByteCount;
}

/** Entries of the largest level that the size holds a whole one of. */
function runOf(k: Kernel, size: ByteCount): Run {
  const { pageSize, pmdSize, pudSize, p4dSize, pgdSize } = levelSizes(k.machine);
  const pgsize = [pgdSize, p4dSize, pudSize, pmdSize].find((level) => size >= level) ?? pageSize;
  return { entries: size / pgsize, pgsize };
}

/** Hardware may note an access in any entry of a run. */
function withAccessOf(k: Kernel, pte: Descriptor, other: Descriptor): Descriptor {
  const dirty = k.pte_dirty(other) !== 0 ? k.pte_mkdirty(pte) : pte;
  return k.pte_young(other) !== 0 ? k.pte_mkyoung(dirty) : dirty;
}

/** Empties a run; the first entry, with the access bits of all. */
function clearRun(k: Kernel, mm: Ptr, addr: VirtAddr, ptep: Ptr, { entries, pgsize }: Run): Descriptor {
  let pte = k.ptep_get_and_clear(mm, addr, ptep);
  const isPresent = k.pte_present(pte) !== 0;
  for (let i = 1; i < entries; i++) {
    const other = k.ptep_get_and_clear(mm, addr + i * pgsize, ptep + i * 8);
    if (isPresent) pte = withAccessOf(k, pte, other);
  }
  return pte;
}

/**
 * Writes the entries of a huge page of `sz` bytes. A NAPOT run is emptied and flushed before: the specification asks for
 * invalid entries and a fence between two runs.
 * @kernel arch/riscv/mm/hugetlbpage.c set_huge_pte_at
 * @fidelity dup
 * Emits `table-write`, `tlb-flush`.
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
  if (k.pte_present(pte) !== 0 && k.pte_napot(pte) === 0) {
    k.set_ptes(mm, addr, ptep, pte, 1);
    return;
  }
  if (k.pte_present(pte) !== 0) {
    clearRun(k, mm, addr, ptep, run);
    k.flush_tlb_range(0, addr, addr + entries * pgsize);
  }
  for (let i = 0; i < entries; i++) k.set_pte_at(mm, addr + i * pgsize, ptep + i * 8, pte);
}

/**
 * An entry as a huge page of 2^shift bytes needs it: a leaf, or a member of a NAPOT run.
 * @kernel arch/riscv/mm/hugetlbpage.c arch_make_huge_pte
 * @fidelity dup
 */
export function arch_make_huge_pte(k: Kernel, entry: Descriptor, shift: Shift, _flags: number): Descriptor {
  const isRun = napotRun(k)?.shift === shift;
  return isRun ? k.pte_mknapot(entry, shift - k.machine.pageShift) : k.pte_mkhuge(entry);
}

/**
 * The entry with the access bits of its whole run.
 * @kernel arch/riscv/mm/hugetlbpage.c huge_ptep_get
 * @fidelity dup
 */
export function huge_ptep_get(k: Kernel, _mm: Ptr, _addr: VirtAddr, ptep: Ptr): Descriptor {
  let pte = k.ptep_get(ptep);
  const run = napotRun(k);
  if (run === undefined || k.pte_present(pte) === 0 || k.pte_napot(pte) === 0) return pte;
  const { entries } = runOf(k, run.size);
  for (let i = 0; i < entries; i++) pte = withAccessOf(k, pte, k.ptep_get(ptep + i * 8));
  return pte;
}

/**
 * Empties the entries of a huge page; the caller flushes.
 * @kernel arch/riscv/mm/hugetlbpage.c huge_ptep_get_and_clear
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
  if (k.pte_napot(k.ptep_get(ptep)) === 0) return k.ptep_get_and_clear(mm, addr, ptep);
  return clearRun(k, mm, addr, ptep, runOf(k, sz));
}

/** @kernel arch/riscv/mm/hugetlbpage.c huge_pte_clear @fidelity dup Emits `table-write`. */
export function huge_pte_clear(k: Kernel, mm: Ptr, addr: VirtAddr, ptep: Ptr, sz: ByteCount): void {
  const isRun = k.pte_napot(k.ptep_get(ptep)) !== 0;
  const { entries, pgsize } = isRun ? runOf(k, sz) : { entries: 1, pgsize: sz };
  for (let i = 0; i < entries; i++) k.pte_clear(mm, addr + i * pgsize, ptep + i * 8);
}
