// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../base/descriptor.ts';
import type { Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';

// mm/pgtable-generic.c: entries that should be a table and are not, and what architectures may do their own way.

interface Level {
  readonly none: (entry: Descriptor) => number;
  readonly bad: (entry: Descriptor) => number;
  readonly clearBad: (at: Ptr) => void;
}

function noneOrClearBad(k: Kernel, at: Ptr, level: Level): number {
  const entry = k.mem.ldDescriptor(at);
  if (level.none(entry) !== 0) return 1;
  if (level.bad(entry) === 0) return 0;
  level.clearBad(at);
  return 1;
}

/** @kernel include/linux/pgtable.h pgd_none_or_clear_bad @fidelity dup */
export function pgd_none_or_clear_bad(k: Kernel, pgd: Ptr): number {
  return noneOrClearBad(k, pgd, {
    none: (entry) => k.pgd_none(entry),
    bad: (entry) => k.pgd_bad(entry),
    clearBad: (at) => k.pgd_clear_bad(at),
  });
}

/** @kernel include/linux/pgtable.h p4d_none_or_clear_bad @fidelity dup */
export function p4d_none_or_clear_bad(k: Kernel, p4d: Ptr): number {
  return noneOrClearBad(k, p4d, {
    none: (entry) => k.p4d_none(entry),
    bad: (entry) => k.p4d_bad(entry),
    clearBad: (at) => k.p4d_clear_bad(at),
  });
}

/** @kernel include/linux/pgtable.h pud_none_or_clear_bad @fidelity dup */
export function pud_none_or_clear_bad(k: Kernel, pud: Ptr): number {
  return noneOrClearBad(k, pud, {
    none: (entry) => k.pud_none(entry),
    bad: (entry) => k.pud_bad(entry),
    clearBad: (at) => k.pud_clear_bad(at),
  });
}

/** @kernel include/linux/pgtable.h pmd_none_or_clear_bad @fidelity dup */
export function pmd_none_or_clear_bad(k: Kernel, pmd: Ptr): number {
  return noneOrClearBad(k, pmd, {
    none: (entry) => k.pmd_none(entry),
    bad: (entry) => k.pmd_bad(entry),
    clearBad: (at) => k.pmd_clear_bad(at),
  });
}

/** The kernel says so on the console; here it is a WARN, since nothing legal leads to it. */
function reportBad(k: Kernel, name: string): void {
  k.trace.emit({ kind: 'warn', call: 'WARN', condition: `bad ${name}` });
}

/** @kernel mm/pgtable-generic.c pgd_clear_bad @fidelity custom: a warn event instead of a message */
export function pgd_clear_bad(k: Kernel, pgd: Ptr): void {
  reportBad(k, 'pgd');
  k.pgd_clear(pgd);
}

/** @kernel mm/pgtable-generic.c p4d_clear_bad @fidelity custom: a warn event instead of a message */
export function p4d_clear_bad(k: Kernel, p4d: Ptr): void {
  reportBad(k, 'p4d');
  k.p4d_clear(p4d);
}

/** @kernel mm/pgtable-generic.c pud_clear_bad @fidelity custom: a warn event instead of a message */
export function pud_clear_bad(k: Kernel, pud: Ptr): void {
  reportBad(k, 'pud');
  k.pud_clear(pud);
}

/** @kernel mm/pgtable-generic.c pmd_clear_bad @fidelity custom: a warn event instead of a message */
export function pmd_clear_bad(k: Kernel, pmd: Ptr): void {
  reportBad(k, 'pmd');
  k.pmd_clear(pmd);
}

/**
 * @kernel mm/pgtable-generic.c ptep_clear_flush
 * @fidelity custom: an entry that no TLB can hold is flushed as well
 * @returns what stood there. Emits `table-write`, `tlb-flush`.
 */
export function ptep_clear_flush(k: Kernel, vma: Ptr, address: VirtAddr, ptep: Ptr): Descriptor {
  const pte = k.ptep_get_and_clear(k.structs.vm_area_struct(vma).vm_mm, address, ptep);
  k.flush_tlb_page(vma, address);
  return pte;
}
