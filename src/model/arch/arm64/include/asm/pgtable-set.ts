// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../../base/descriptor.ts';
import type { ByteCount, Ptr, VirtAddr } from '../../../../../base/units.ts';
import type { Kernel } from '../../../../kernel.ts';
import { lazyMmu } from '../../../../mm/lazy-mmu-state.ts';
import { emitBarriers, publishEntry } from '../../mm/publish-entry.ts';

// arch/arm64/include/asm/pgtable.h: reading and writing page entries in tables.

/** @kernel arch/arm64/include/asm/pgtable.h emit_pte_barriers newer @fidelity dup Emits `barrier`. */
export function emit_pte_barriers(k: Kernel): void {
  emitBarriers(k);
}

/** Now, or at the end of lazy MMU mode. @kernel arch/arm64/include/asm/pgtable.h queue_pte_barriers newer @fidelity dup Emits `barrier`. */
export function queue_pte_barriers(k: Kernel): void {
  publishEntry(k);
}

/** @kernel arch/arm64/include/asm/pgtable.h arch_flush_lazy_mmu_mode newer @fidelity dup Emits `barrier`. */
export function arch_flush_lazy_mmu_mode(k: Kernel): void {
  const lazy = k.state(lazyMmu);
  if (lazy.pending) emitBarriers(k);
  lazy.pending = false;
}

/** @kernel arch/arm64/include/asm/pgtable.h __ptep_get @fidelity dup */
export function __ptep_get(k: Kernel, ptep: Ptr): Descriptor {
  return k.mem.ldDescriptor(ptep);
}

/** For kernel tables. @kernel arch/arm64/include/asm/pgtable.h ptep_get @fidelity dup */
export function ptep_get(k: Kernel, ptep: Ptr): Descriptor {
  return k.mem.ldDescriptor(ptep);
}

/** @kernel arch/arm64/include/asm/pgtable.h __set_pte_nosync @fidelity dup Emits `table-write`. */
export function __set_pte_nosync(k: Kernel, ptep: Ptr, pte: Descriptor): void {
  k.mem.stDescriptor(ptep, pte);
}

/** @kernel arch/arm64/include/asm/pgtable.h __set_pte_complete newer @fidelity dup Emits `barrier`. */
export function __set_pte_complete(k: Kernel, pte: Descriptor): void {
  if (k.pte_valid_not_user(pte) !== 0) publishEntry(k);
}

/** @kernel arch/arm64/include/asm/pgtable.h __set_pte @fidelity dup Emits `table-write`, `barrier`. */
export function __set_pte(k: Kernel, ptep: Ptr, pte: Descriptor): void {
  k.mem.stDescriptor(ptep, pte);
  if (k.pte_valid_not_user(pte) !== 0) publishEntry(k);
}

/** @kernel arch/arm64/include/asm/pgtable.h set_pte @fidelity dup Emits `table-write`, `barrier`. */
export function set_pte(k: Kernel, ptep: Ptr, pte: Descriptor): void {
  k.__set_pte(ptep, pte);
}

/**
 * `nr` entries for consecutive pages.
 * @kernel arch/arm64/include/asm/pgtable.h __set_ptes
 * @fidelity dup Emits `table-write`, `barrier`.
 */
export function __set_ptes(
  k: Kernel,
  _mm: Ptr,
  _addr: VirtAddr,
  ptep: Ptr,
  pte: Descriptor,
  nr: number,
): void {
  k.__set_pte(ptep, pte);
  for (let i = 1; i < nr; i++) k.__set_pte(ptep + i * 8, k.pte_advance_pfn(pte, i));
}

/**
 * `nr` entries that each map `pgsize` bytes, one behind the other.
 * @kernel arch/arm64/include/asm/pgtable.h __set_ptes_anysz newer
 * @fidelity dup
 * Emits `table-write`, `barrier`.
 */
export function __set_ptes_anysz(
  k: Kernel,
  _mm: Ptr,
  _addr: VirtAddr,
  ptep: Ptr,
  pte: Descriptor,
  nr: number,
  pgsize: ByteCount,
): void {
  const stride = pgsize / k.pageSize;
  for (let i = 0; i < nr; i++)
    k.__set_pte_nosync(ptep + i * 8, i === 0 ? pte : k.pte_advance_pfn(pte, i * stride));
  k.__set_pte_complete(pte);
}

/**
 * One entry of any level.
 * @kernel arch/arm64/include/asm/pgtable.h __set_pte_at
 * @fidelity dup Emits `table-write`, `barrier`.
 */
export function __set_pte_at(
  k: Kernel,
  _mm: Ptr,
  _addr: VirtAddr,
  ptep: Ptr,
  pte: Descriptor,
  _nr: number,
): void {
  k.__set_pte(ptep, pte);
}

/**
 * Single pages, so never part of a contiguous run.
 * @kernel arch/arm64/include/asm/pgtable.h set_ptes
 * @fidelity dup Emits `table-write`, `barrier`.
 */
export function set_ptes(k: Kernel, mm: Ptr, addr: VirtAddr, ptep: Ptr, pte: Descriptor, nr: number): void {
  const single = k.machine.config['CONFIG_ARM64_CONTPTE'] === true ? k.pte_mknoncont(pte) : pte;
  k.__set_ptes(mm, addr, ptep, single, nr);
}

/** @kernel arch/arm64/include/asm/pgtable.h set_pte_at newer @fidelity dup Emits `table-write`, `barrier`. */
export function set_pte_at(k: Kernel, mm: Ptr, addr: VirtAddr, ptep: Ptr, pte: Descriptor): void {
  k.set_ptes(mm, addr, ptep, pte, 1);
}

/** @kernel arch/arm64/include/asm/pgtable.h __pte_clear @fidelity dup Emits `table-write`. */
export function __pte_clear(k: Kernel, _mm: Ptr, _addr: VirtAddr, ptep: Ptr): void {
  k.__set_pte(ptep, 0);
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_clear @fidelity dup Emits `table-write`. */
export function pte_clear(k: Kernel, mm: Ptr, addr: VirtAddr, ptep: Ptr): void {
  k.__pte_clear(mm, addr, ptep);
}

/** @kernel arch/arm64/include/asm/pgtable.h __ptep_get_and_clear @fidelity dup Emits `table-write`. */
export function __ptep_get_and_clear(k: Kernel, _mm: Ptr, _addr: VirtAddr, ptep: Ptr): Descriptor {
  const pte = k.mem.ldDescriptor(ptep);
  k.mem.stDescriptor(ptep, 0);
  return pte;
}

/** @kernel arch/arm64/include/asm/pgtable.h __ptep_get_and_clear_anysz newer @fidelity dup Emits `table-write`. */
export function __ptep_get_and_clear_anysz(
  k: Kernel,
  mm: Ptr,
  addr: VirtAddr,
  ptep: Ptr,
  _pgsize: ByteCount,
): Descriptor {
  return k.__ptep_get_and_clear(mm, addr, ptep);
}

/** @kernel arch/arm64/include/asm/pgtable.h ptep_get_and_clear @fidelity dup Emits `table-write`. */
export function ptep_get_and_clear(k: Kernel, mm: Ptr, addr: VirtAddr, ptep: Ptr): Descriptor {
  return k.__ptep_get_and_clear(mm, addr, ptep);
}

/** @kernel arch/arm64/include/asm/pgtable.h __ptep_set_wrprotect @fidelity dup Emits `table-write`. */
export function __ptep_set_wrprotect(k: Kernel, _mm: Ptr, _addr: VirtAddr, ptep: Ptr): void {
  k.mem.stDescriptor(ptep, k.pte_wrprotect(k.mem.ldDescriptor(ptep)));
}

/** @kernel arch/arm64/include/asm/pgtable.h ptep_set_wrprotect @fidelity dup Emits `table-write`. */
export function ptep_set_wrprotect(k: Kernel, mm: Ptr, addr: VirtAddr, ptep: Ptr): void {
  k.__ptep_set_wrprotect(mm, addr, ptep);
}

/**
 * Gives an entry that maps `pgsize` bytes the access bits of another, and its right to be written to; takes none away.
 * @kernel arch/arm64/mm/fault.c __ptep_set_access_flags_anysz newer
 * @fidelity custom: with one CPU there is no other writer to lose against
 * @returns 1 if the entry had not all of them. Emits `table-write`, `tlb-flush`.
 */
export function __ptep_set_access_flags_anysz(
  k: Kernel,
  vma: Ptr,
  addr: VirtAddr,
  ptep: Ptr,
  entry: Descriptor,
  dirty: number,
  _pgsize: ByteCount,
): number {
  const old = k.mem.ldDescriptor(ptep);
  if (old === entry) return 0;
  let pte = k.pte_write(entry) !== 0 ? k.pte_mkwrite_novma(old) : old;
  if (k.pte_dirty(entry) !== 0) pte = k.pte_mkdirty(pte);
  if (k.pte_young(entry) !== 0) pte = k.pte_mkyoung(pte);
  k.mem.stDescriptor(ptep, pte);
  if (dirty !== 0) k.flush_tlb_page(vma, addr);
  return 1;
}

/**
 * The same where nobody says how much the entry maps.
 * @kernel arch/arm64/mm/fault.c __ptep_set_access_flags
 * @fidelity custom: see __ptep_set_access_flags_anysz()
 * @returns 1 if the entry had not all of them. Emits `table-write`, `tlb-flush`.
 */
export function __ptep_set_access_flags(
  k: Kernel,
  vma: Ptr,
  addr: VirtAddr,
  ptep: Ptr,
  entry: Descriptor,
  dirty: number,
): number {
  return k.__ptep_set_access_flags_anysz(vma, addr, ptep, entry, dirty, k.pageSize);
}

/**
 * The same, under its name until 6.8.
 * @kernel arch/arm64/include/asm/pgtable.h ptep_set_access_flags
 * @fidelity dup Emits `table-write`, `tlb-flush`.
 */
export function ptep_set_access_flags(
  k: Kernel,
  vma: Ptr,
  addr: VirtAddr,
  ptep: Ptr,
  entry: Descriptor,
  dirty: number,
): number {
  return k.__ptep_set_access_flags(vma, addr, ptep, entry, dirty);
}
