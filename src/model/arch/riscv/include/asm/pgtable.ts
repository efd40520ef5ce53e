// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../../base/descriptor.ts';
import type { Pfn, Ptr, VirtAddr } from '../../../../../base/units.ts';
import {
  entryFor,
  frameOf,
  hasAttribute,
  protectionOf,
  withAttributes,
  withoutAttributes,
} from '../../../../hardware/entry.ts';
import type { Kernel } from '../../../../kernel.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_EXEC,
  _PAGE_IO,
  _PAGE_LEAF,
  _PAGE_MTMASK,
  _PAGE_NAPOT,
  _PAGE_NOCACHE,
  _PAGE_PRESENT,
  _PAGE_PROT_NONE,
  _PAGE_SPECIAL,
  _PAGE_WRITE,
} from './pgtable-bits.ts';

// arch/riscv/include/asm/pgtable.h: page entries and protections.
// What all architectures define alike is in include/linux/pgtable-entries.functions.ts.

const bit = (condition: boolean): number => (condition ? 1 : 0);

/**
 * The extension is built in, and the machine has it.
 * @kernel arch/riscv/include/asm/pgtable.h has_svnapot
 * @fidelity custom: as the machine says
 */
export function has_svnapot(k: Kernel): number {
  const { attributes, config } = k.machine;
  return bit(attributes.contiguous !== 0 && config['CONFIG_RISCV_ISA_SVNAPOT'] === true);
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_napot @fidelity dup */
export function pte_napot(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, _PAGE_NAPOT));
}

/**
 * The entry of every page of a run of 2^order pages: the lowest bit that is set in the frame tells the run's size.
 * @kernel arch/riscv/include/asm/pgtable.h pte_mknapot
 * @fidelity dup
 */
export function pte_mknapot(k: Kernel, pte: Descriptor, order: number): Descriptor {
  const pages = 2 ** order;
  const first = Math.floor(frameOf(k.machine, pte) / pages) * pages;
  const prot = withAttributes(protectionOf(k.machine, pte), _PAGE_NAPOT);
  return entryFor(k.machine, first + pages / 2, prot);
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_none @fidelity dup */
export function pte_none(_k: Kernel, pte: Descriptor): number {
  return bit(pte === 0);
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_present @fidelity dup */
export function pte_present(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, _PAGE_PRESENT | _PAGE_PROT_NONE));
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_write @fidelity dup */
export function pte_write(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, _PAGE_WRITE));
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_dirty @fidelity dup */
export function pte_dirty(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, _PAGE_DIRTY));
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_young @fidelity dup */
export function pte_young(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, _PAGE_ACCESSED));
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_special @fidelity dup */
export function pte_special(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, _PAGE_SPECIAL));
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_huge @fidelity dup */
export function pte_huge(k: Kernel, pte: Descriptor): number {
  return bit(k.pte_present(pte) !== 0 && hasAttribute(pte, _PAGE_LEAF));
}

/**
 * Of a page of a run, the frame where the run begins.
 * @kernel arch/riscv/include/asm/pgtable.h pte_pfn
 * @fidelity dup
 */
export function pte_pfn(k: Kernel, pte: Descriptor): Pfn {
  const pfn = frameOf(k.machine, pte);
  if (k.has_svnapot() === 0 || k.pte_napot(pte) === 0) return pfn;
  // The lowest bit that is set is the run's size and no part of the frame.
  const bits = BigInt(pfn);
  return Number(bits & (bits - 1n));
}

/** @kernel include/linux/pgtable.h pte_advance_pfn @fidelity dup */
export function pte_advance_pfn(k: Kernel, pte: Descriptor, nr: number): Descriptor {
  return entryFor(k.machine, frameOf(k.machine, pte) + nr, protectionOf(k.machine, pte));
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_mkwrite_novma @fidelity dup */
export function pte_mkwrite_novma(_k: Kernel, pte: Descriptor): Descriptor {
  return withAttributes(pte, _PAGE_WRITE);
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_wrprotect @fidelity dup */
export function pte_wrprotect(_k: Kernel, pte: Descriptor): Descriptor {
  return withoutAttributes(pte, _PAGE_WRITE);
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_mkdirty @fidelity dup */
export function pte_mkdirty(_k: Kernel, pte: Descriptor): Descriptor {
  return withAttributes(pte, _PAGE_DIRTY);
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_mkclean @fidelity dup */
export function pte_mkclean(_k: Kernel, pte: Descriptor): Descriptor {
  return withoutAttributes(pte, _PAGE_DIRTY);
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_mkyoung @fidelity dup */
export function pte_mkyoung(_k: Kernel, pte: Descriptor): Descriptor {
  return withAttributes(pte, _PAGE_ACCESSED);
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_mkold @fidelity dup */
export function pte_mkold(_k: Kernel, pte: Descriptor): Descriptor {
  return withoutAttributes(pte, _PAGE_ACCESSED);
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_mkspecial @fidelity dup */
export function pte_mkspecial(_k: Kernel, pte: Descriptor): Descriptor {
  return withAttributes(pte, _PAGE_SPECIAL);
}

/** A leaf looks the same at every level. @kernel arch/riscv/include/asm/pgtable.h pte_mkhuge @fidelity dup */
export function pte_mkhuge(_k: Kernel, pte: Descriptor): Descriptor {
  return pte;
}

/** @kernel arch/riscv/include/asm/pgtable.h pgprot_nx @fidelity dup */
export function pgprot_nx(_k: Kernel, prot: Descriptor): Descriptor {
  return withoutAttributes(prot, _PAGE_EXEC);
}

/** @kernel arch/riscv/include/asm/pgtable.h pgprot_noncached @fidelity custom: memory types as in Svpbmt */
export function pgprot_noncached(_k: Kernel, prot: Descriptor): Descriptor {
  return withAttributes(withoutAttributes(prot, _PAGE_MTMASK), _PAGE_IO);
}

/** @kernel arch/riscv/include/asm/pgtable.h pgprot_writecombine @fidelity custom: memory types as in Svpbmt */
export function pgprot_writecombine(_k: Kernel, prot: Descriptor): Descriptor {
  return withAttributes(withoutAttributes(prot, _PAGE_MTMASK), _PAGE_NOCACHE);
}

/** @kernel arch/riscv/include/asm/pgtable.h set_pte @fidelity dup Emits `table-write`. */
export function set_pte(k: Kernel, ptep: Ptr, pte: Descriptor): void {
  k.mem.stDescriptor(ptep, pte);
}

/** @kernel arch/riscv/include/asm/pgtable.h pte_clear @fidelity dup Emits `table-write`. */
export function pte_clear(k: Kernel, _mm: Ptr, _addr: VirtAddr, ptep: Ptr): void {
  k.mem.stDescriptor(ptep, 0);
}

/** @kernel arch/riscv/include/asm/pgtable.h ptep_get_and_clear @fidelity dup Emits `table-write`. */
export function ptep_get_and_clear(k: Kernel, _mm: Ptr, _addr: VirtAddr, ptep: Ptr): Descriptor {
  const pte = k.mem.ldDescriptor(ptep);
  k.mem.stDescriptor(ptep, 0);
  return pte;
}

/** @kernel arch/riscv/include/asm/pgtable.h ptep_set_wrprotect @fidelity dup Emits `table-write`. */
export function ptep_set_wrprotect(k: Kernel, _mm: Ptr, _addr: VirtAddr, ptep: Ptr): void {
  k.mem.stDescriptor(ptep, k.pte_wrprotect(k.mem.ldDescriptor(ptep)));
}
