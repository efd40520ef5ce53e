// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../../base/descriptor.ts';
import type { Pfn, Ptr, VirtAddr } from '../../../../../base/units.ts';
import { frameOf, hasAttribute, withAttributes, withoutAttributes } from '../../../../hardware/entry.ts';
import type { Kernel } from '../../../../kernel.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_KNL_ERRATUM_MASK,
  _PAGE_NX,
  _PAGE_PCD,
  _PAGE_PRESENT,
  _PAGE_PROTNONE,
  _PAGE_PSE,
  _PAGE_PWT,
  _PAGE_RW,
  _PAGE_SPECIAL,
} from './pgtable-bits.ts';

// arch/x86/include/asm/pgtable.h: page entries and protections.
// What all architectures define alike is in include/linux/pgtable-entries.functions.ts.

const bit = (condition: boolean): number => (condition ? 1 : 0);

/** @kernel arch/x86/include/asm/pgtable.h pte_none @fidelity dup */
export function pte_none(_k: Kernel, pte: Descriptor): number {
  return bit(withoutAttributes(pte, _PAGE_KNL_ERRATUM_MASK) === 0);
}

/** @kernel arch/x86/include/asm/pgtable.h pte_present @fidelity dup */
export function pte_present(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, _PAGE_PRESENT | _PAGE_PROTNONE));
}

/** @kernel arch/x86/include/asm/pgtable.h pte_write @fidelity custom: no shadow stacks */
export function pte_write(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, _PAGE_RW));
}

/** @kernel arch/x86/include/asm/pgtable.h pte_dirty @fidelity custom: no shadow stacks */
export function pte_dirty(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, _PAGE_DIRTY));
}

/** @kernel arch/x86/include/asm/pgtable.h pte_young @fidelity dup */
export function pte_young(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, _PAGE_ACCESSED));
}

/** @kernel arch/x86/include/asm/pgtable.h pte_special @fidelity dup */
export function pte_special(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, _PAGE_SPECIAL));
}

/** @kernel arch/x86/include/asm/pgtable.h pte_huge @fidelity dup */
export function pte_huge(_k: Kernel, pte: Descriptor): number {
  return bit(hasAttribute(pte, _PAGE_PSE));
}

/** @kernel arch/x86/include/asm/pgtable.h pte_pfn @fidelity dup */
export function pte_pfn(k: Kernel, pte: Descriptor): Pfn {
  return frameOf(k.machine, pte);
}

/** @kernel arch/x86/include/asm/pgtable.h pte_advance_pfn @fidelity dup */
export function pte_advance_pfn(k: Kernel, pte: Descriptor, nr: number): Descriptor {
  return k.pfn_pte(k.pte_pfn(pte) + nr, k.pte_pgprot(pte));
}

/** @kernel arch/x86/include/asm/pgtable.h pte_mkwrite_novma @fidelity custom: no shadow stacks */
export function pte_mkwrite_novma(_k: Kernel, pte: Descriptor): Descriptor {
  return withAttributes(pte, _PAGE_RW);
}

/** @kernel arch/x86/include/asm/pgtable.h pte_wrprotect @fidelity custom: no shadow stacks */
export function pte_wrprotect(_k: Kernel, pte: Descriptor): Descriptor {
  return withoutAttributes(pte, _PAGE_RW);
}

/** @kernel arch/x86/include/asm/pgtable.h pte_mkdirty @fidelity custom: no soft-dirty bit */
export function pte_mkdirty(_k: Kernel, pte: Descriptor): Descriptor {
  return withAttributes(pte, _PAGE_DIRTY);
}

/** @kernel arch/x86/include/asm/pgtable.h pte_mkclean @fidelity dup */
export function pte_mkclean(_k: Kernel, pte: Descriptor): Descriptor {
  return withoutAttributes(pte, _PAGE_DIRTY);
}

/** @kernel arch/x86/include/asm/pgtable.h pte_mkyoung @fidelity dup */
export function pte_mkyoung(_k: Kernel, pte: Descriptor): Descriptor {
  return withAttributes(pte, _PAGE_ACCESSED);
}

/** @kernel arch/x86/include/asm/pgtable.h pte_mkold @fidelity dup */
export function pte_mkold(_k: Kernel, pte: Descriptor): Descriptor {
  return withoutAttributes(pte, _PAGE_ACCESSED);
}

/** @kernel arch/x86/include/asm/pgtable.h pte_mkspecial @fidelity dup */
export function pte_mkspecial(_k: Kernel, pte: Descriptor): Descriptor {
  return withAttributes(pte, _PAGE_SPECIAL);
}

/** @kernel arch/x86/include/asm/pgtable.h pte_mkhuge @fidelity dup */
export function pte_mkhuge(_k: Kernel, pte: Descriptor): Descriptor {
  return withAttributes(pte, _PAGE_PSE);
}

/** @kernel arch/x86/include/asm/pgtable_types.h pgprot_nx @fidelity dup */
export function pgprot_nx(_k: Kernel, prot: Descriptor): Descriptor {
  return withAttributes(prot, _PAGE_NX);
}

/** @kernel arch/x86/include/asm/pgtable.h pgprot_noncached @fidelity dup */
export function pgprot_noncached(_k: Kernel, prot: Descriptor): Descriptor {
  return withAttributes(prot, _PAGE_PCD | _PAGE_PWT);
}

/** @kernel arch/x86/mm/pat/memtype.c pgprot_writecombine @fidelity dup */
export function pgprot_writecombine(_k: Kernel, prot: Descriptor): Descriptor {
  return withAttributes(prot, _PAGE_PWT);
}

/** @kernel arch/x86/include/asm/pgtable.h set_pte @fidelity dup Emits `table-write`. */
export function set_pte(k: Kernel, ptep: Ptr, pte: Descriptor): void {
  k.mem.stDescriptor(ptep, pte);
}

/** @kernel arch/x86/include/asm/pgtable.h pte_clear @fidelity dup Emits `table-write`. */
export function pte_clear(k: Kernel, _mm: Ptr, _addr: VirtAddr, ptep: Ptr): void {
  k.mem.stDescriptor(ptep, 0);
}

/** @kernel arch/x86/include/asm/pgtable.h ptep_get_and_clear @fidelity dup Emits `table-write`. */
export function ptep_get_and_clear(k: Kernel, _mm: Ptr, _addr: VirtAddr, ptep: Ptr): Descriptor {
  const pte = k.mem.ldDescriptor(ptep);
  k.mem.stDescriptor(ptep, 0);
  return pte;
}

/** @kernel arch/x86/include/asm/pgtable.h ptep_set_wrprotect @fidelity dup Emits `table-write`. */
export function ptep_set_wrprotect(k: Kernel, _mm: Ptr, _addr: VirtAddr, ptep: Ptr): void {
  k.mem.stDescriptor(ptep, k.pte_wrprotect(k.mem.ldDescriptor(ptep)));
}

/**
 * @kernel arch/x86/include/asm/cpufeature.h boot_cpu_has
 * @fidelity custom: PSE and GBPAGES, as the machine's leaves say, and CLFLUSH
 */
export function boot_cpu_has(k: Kernel, feature: number): number {
  const X86_FEATURE_PSE = 3;
  const X86_FEATURE_CLFLUSH = 19;
  const X86_FEATURE_GBPAGES = 58;
  const hasLeaf = (name: string): boolean =>
    k.machine.levels.some((level) => level.name === name && level.leaf);
  if (feature === X86_FEATURE_PSE) return bit(hasLeaf('pmd'));
  if (feature === X86_FEATURE_CLFLUSH) return 1;
  if (feature === X86_FEATURE_GBPAGES) return bit(hasLeaf('pud'));
  return k.notModelled(`the CPU feature ${feature}`);
}
