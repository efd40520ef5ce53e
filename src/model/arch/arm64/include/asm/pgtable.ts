// SPDX-License-Identifier: GPL-2.0-only
import { attributesOf, type Descriptor } from '../../../../../base/descriptor.ts';
import { or, type U64 } from '../../../../../base/u64.ts';
import type { Pfn, PhysAddr } from '../../../../../base/units.ts';
import { frameOf, hasAttribute, withAttributes, withoutAttributes } from '../../../../hardware/entry.ts';
import type { Kernel } from '../../../../kernel.ts';
import {
  PTE_AF,
  PTE_CONT,
  PTE_DIRTY,
  PTE_PRESENT_INVALID,
  PTE_RDONLY,
  PTE_SPECIAL,
  PTE_TABLE_BIT,
  PTE_TYPE_PAGE,
  PTE_USER,
  PTE_UXN,
  PTE_VALID,
  PTE_WRITE,
} from './pgtable-bits.ts';

// arch/arm64/include/asm/pgtable.h: what a single entry says, and entries made from others.
// What all architectures define alike is in include/linux/pgtable-entries.functions.ts.

const bit = (condition: boolean): number => (condition ? 1 : 0);

/** @kernel arch/arm64/include/asm/pgtable.h pte_none @fidelity dup */
export function pte_none(_k: Kernel, pte: Descriptor): number {
  return bit(pte === 0);
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_valid @fidelity dup */
export function pte_valid(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, PTE_VALID));
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_present @fidelity dup */
export function pte_present(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, PTE_VALID | PTE_PRESENT_INVALID));
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_write @fidelity dup */
export function pte_write(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, PTE_WRITE));
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_rdonly @fidelity dup */
export function pte_rdonly(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, PTE_RDONLY));
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_hw_dirty @fidelity dup */
export function pte_hw_dirty(_k: Kernel, pte: Descriptor): number {
  return bit((attributesOf(pte) & (PTE_WRITE | PTE_RDONLY)) === PTE_WRITE);
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_sw_dirty @fidelity dup */
export function pte_sw_dirty(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, PTE_DIRTY));
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_dirty @fidelity dup */
export function pte_dirty(k: Kernel, pte: Descriptor): number {
  return k.pte_sw_dirty(pte) !== 0 ? 1 : k.pte_hw_dirty(pte);
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_young @fidelity dup */
export function pte_young(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, PTE_AF));
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_special @fidelity dup */
export function pte_special(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, PTE_SPECIAL));
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_cont @fidelity dup */
export function pte_cont(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, PTE_CONT));
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_valid_cont @fidelity dup */
export function pte_valid_cont(_k: Kernel, pte: Descriptor): number {
  return bit((attributesOf(pte) & (PTE_VALID | PTE_CONT)) === (PTE_VALID | PTE_CONT));
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_user @fidelity dup */
export function pte_user(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, PTE_USER));
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_user_exec @fidelity dup */
export function pte_user_exec(_k: Kernel, pte: Descriptor): number {
  return bit(!hasAttribute(pte, PTE_UXN));
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_valid_not_user @fidelity dup */
export function pte_valid_not_user(_k: Kernel, pte: Descriptor): number {
  return bit((attributesOf(pte) & (PTE_VALID | PTE_USER | PTE_UXN)) === (PTE_VALID | PTE_UXN));
}

/** A block where pages are meant. @kernel arch/$SRCARCH/include/asm/pgtable.h pte_huge @fidelity dup */
export function pte_huge(_k: Kernel, pte: Descriptor): number {
  return bit(pte !== 0 && !hasAttribute(pte, PTE_TABLE_BIT));
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_pfn @fidelity dup */
export function pte_pfn(k: Kernel, pte: Descriptor): Pfn {
  return frameOf(k.machine, pte);
}

/** @kernel arch/arm64/include/asm/pgtable.h __pte_to_phys @fidelity dup */
export function __pte_to_phys(k: Kernel, pte: Descriptor): PhysAddr {
  return frameOf(k.machine, pte) * k.pageSize;
}

/** @kernel arch/arm64/include/asm/pgtable.h __phys_to_pte_val @fidelity dup */
export function __phys_to_pte_val(_k: Kernel, phys: PhysAddr): U64 {
  return phys;
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_advance_pfn @fidelity dup */
export function pte_advance_pfn(k: Kernel, pte: Descriptor, nr: number): Descriptor {
  return k.pfn_pte(k.pte_pfn(pte) + nr, k.pte_pgprot(pte));
}

/** @kernel arch/arm64/include/asm/pgtable.h clear_pte_bit @fidelity dup */
export function clear_pte_bit(_k: Kernel, pte: Descriptor, prot: Descriptor): Descriptor {
  return withoutAttributes(pte, attributesOf(prot));
}

/** @kernel arch/arm64/include/asm/pgtable.h set_pte_bit @fidelity dup */
export function set_pte_bit(_k: Kernel, pte: Descriptor, prot: Descriptor): Descriptor {
  return or(pte, prot);
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_mkwrite_novma @fidelity dup */
export function pte_mkwrite_novma(k: Kernel, pte: Descriptor): Descriptor {
  const writable = withAttributes(pte, PTE_WRITE);
  return k.pte_sw_dirty(pte) !== 0 ? withoutAttributes(writable, PTE_RDONLY) : writable;
}

/**
 * Keeps what the hardware noted by clearing RDONLY.
 * @kernel arch/arm64/include/asm/pgtable.h pte_wrprotect
 * @fidelity dup
 */
export function pte_wrprotect(k: Kernel, pte: Descriptor): Descriptor {
  const kept = k.pte_hw_dirty(pte) !== 0 ? withAttributes(pte, PTE_DIRTY) : pte;
  return withAttributes(withoutAttributes(kept, PTE_WRITE), PTE_RDONLY);
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_mkdirty @fidelity dup */
export function pte_mkdirty(k: Kernel, pte: Descriptor): Descriptor {
  const dirty = withAttributes(pte, PTE_DIRTY);
  return k.pte_write(pte) !== 0 ? withoutAttributes(dirty, PTE_RDONLY) : dirty;
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_mkclean @fidelity dup */
export function pte_mkclean(_k: Kernel, pte: Descriptor): Descriptor {
  return withAttributes(withoutAttributes(pte, PTE_DIRTY), PTE_RDONLY);
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_mkyoung @fidelity dup */
export function pte_mkyoung(_k: Kernel, pte: Descriptor): Descriptor {
  return withAttributes(pte, PTE_AF);
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_mkold @fidelity dup */
export function pte_mkold(_k: Kernel, pte: Descriptor): Descriptor {
  return withoutAttributes(pte, PTE_AF);
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_mkspecial @fidelity dup */
export function pte_mkspecial(_k: Kernel, pte: Descriptor): Descriptor {
  return withAttributes(pte, PTE_SPECIAL);
}

/** A block instead of a page. @kernel arch/arm64/include/asm/pgtable.h pte_mkhuge @fidelity dup */
export function pte_mkhuge(_k: Kernel, pte: Descriptor): Descriptor {
  return withoutAttributes(pte, PTE_TABLE_BIT);
}

/** A page of a contiguous run. @kernel arch/arm64/include/asm/pgtable.h pte_mkcont @fidelity dup */
export function pte_mkcont(_k: Kernel, pte: Descriptor): Descriptor {
  return withAttributes(pte, PTE_CONT | PTE_TYPE_PAGE);
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_mknoncont @fidelity dup */
export function pte_mknoncont(_k: Kernel, pte: Descriptor): Descriptor {
  return withoutAttributes(pte, PTE_CONT);
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_present_invalid @fidelity dup */
export function pte_present_invalid(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, PTE_PRESENT_INVALID) && !hasAttribute(pte, PTE_VALID));
}

/** Present for Linux, not for the walker. @kernel arch/arm64/include/asm/pgtable.h pte_mkinvalid @fidelity dup */
export function pte_mkinvalid(_k: Kernel, pte: Descriptor): Descriptor {
  return withoutAttributes(withAttributes(pte, PTE_PRESENT_INVALID), PTE_VALID);
}

/**
 * A kernel entry made valid again; kernel entries are global here.
 * @kernel arch/arm64/include/asm/pgtable.h pte_mkvalid_k newer
 * @fidelity dup
 */
export function pte_mkvalid_k(_k: Kernel, pte: Descriptor): Descriptor {
  return withAttributes(withoutAttributes(pte, PTE_PRESENT_INVALID), PTE_VALID);
}
