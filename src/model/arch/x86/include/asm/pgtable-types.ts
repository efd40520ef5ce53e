// SPDX-License-Identifier: GPL-2.0-only
import { bitsOfDescriptor, type Descriptor } from '../../../../../base/descriptor.ts';
import { and, not, or, type U64 } from '../../../../../base/u64.ts';
import { hasAttribute, protectionOf, withAttributes, withoutAttributes } from '../../../../hardware/entry.ts';
import type { Kernel } from '../../../../kernel.ts';
import { _PAGE_PAT, _PAGE_PAT_LARGE, _PAGE_PCD, _PAGE_PWT } from './pgtable-bits.ts';

// arch/x86/include/asm/pgtable_types.h: the bits of entries beside their frame, memory types, and sizes by level.

/** What an entry has beside its frame, as hardware bits. */
const flagsOf = (k: Kernel, entry: Descriptor): U64 => bitsOfDescriptor(protectionOf(k.machine, entry));

/** @kernel arch/x86/include/asm/pgtable_types.h pgd_flags @fidelity dup */
export function pgd_flags(k: Kernel, pgd: Descriptor): U64 {
  return flagsOf(k, pgd);
}

/** @kernel arch/x86/include/asm/pgtable_types.h p4d_flags @fidelity dup */
export function p4d_flags(k: Kernel, p4d: Descriptor): U64 {
  return flagsOf(k, p4d);
}

/** @kernel arch/x86/include/asm/pgtable_types.h pud_flags @fidelity dup */
export function pud_flags(k: Kernel, pud: Descriptor): U64 {
  return bitsOfDescriptor(k.pud_pgprot(pud));
}

/** @kernel arch/x86/include/asm/pgtable_types.h pmd_flags @fidelity dup */
export function pmd_flags(k: Kernel, pmd: Descriptor): U64 {
  return bitsOfDescriptor(k.pmd_pgprot(pmd));
}

/** @kernel arch/x86/include/asm/pgtable_types.h pte_flags @fidelity dup */
export function pte_flags(k: Kernel, pte: Descriptor): U64 {
  return flagsOf(k, pte);
}

/**
 * Large leaves have the third bit of the memory type elsewhere.
 * @kernel arch/x86/include/asm/pgtable_types.h pgprot_4k_2_large
 * @fidelity dup
 */
export function pgprot_4k_2_large(_k: Kernel, prot: Descriptor): Descriptor {
  const without = and(withoutAttributes(prot, _PAGE_PAT), not(_PAGE_PAT_LARGE));
  return hasAttribute(prot, _PAGE_PAT) ? or(without, _PAGE_PAT_LARGE) : without;
}

/** @kernel arch/x86/include/asm/pgtable_types.h pgprot_large_2_4k @fidelity dup */
export function pgprot_large_2_4k(_k: Kernel, prot: Descriptor): Descriptor {
  const without = and(withoutAttributes(prot, _PAGE_PAT), not(_PAGE_PAT_LARGE));
  return and(prot, _PAGE_PAT_LARGE) === 0 ? without : withAttributes(without, _PAGE_PAT);
}

/** @kernel arch/x86/include/asm/pgtable.h canon_pgprot @fidelity dup: all bits are supported */
export function canon_pgprot(_k: Kernel, prot: Descriptor): Descriptor {
  return prot;
}

/** By the memory type's three bits, as pat_init() sets them up: WB, WC, UC-, UC, WB, WP, UC-, WT. */
const modesByBits = [0, 1, 2, 3, 0, 5, 2, 4] as const;
/** The bits of each mode: WB, WC, UC-, UC, WT, WP. */
const bitsByMode = [0, 1, 2, 3, 7, 5] as const;

/** @kernel arch/x86/mm/init.c cachemode2protval @fidelity custom: the PAT of all CPUs since 2015 */
export function cachemode2protval(k: Kernel, pcm: number): U64 {
  const bits = bitsByMode[pcm] ?? k.notModelled(`the memory type ${pcm}`);
  const [pwt, pcd, pat] = [_PAGE_PWT, _PAGE_PCD, _PAGE_PAT];
  return bitsOfDescriptor(((bits & 1) * pwt) | (((bits >> 1) & 1) * pcd) | ((bits >> 2) * pat));
}

/** @kernel arch/x86/mm/init.c pgprot2cachemode @fidelity custom: see cachemode2protval() */
export function pgprot2cachemode(_k: Kernel, prot: Descriptor): number {
  const bit = (attribute: number): number => (hasAttribute(prot, attribute) ? 1 : 0);
  return modesByBits[bit(_PAGE_PWT) + 2 * bit(_PAGE_PCD) + 4 * bit(_PAGE_PAT)]!;
}
