// SPDX-License-Identifier: GPL-2.0-only
import { attributeBits } from '../../../../machines/attribute-bits.ts';

// arch/x86/include/asm/pgtable_types.h, as attribute masks of a descriptor.

export const _PAGE_PRESENT = attributeBits(0);
export const _PAGE_RW = attributeBits(1);
export const _PAGE_USER = attributeBits(2);
export const _PAGE_PWT = attributeBits(3);
export const _PAGE_PCD = attributeBits(4);
export const _PAGE_ACCESSED = attributeBits(5);
export const _PAGE_DIRTY = attributeBits(6);
/** A leaf above the last level; in the last level the same bit is part of the memory type. */
export const _PAGE_PSE = attributeBits(7);
export const _PAGE_PAT = attributeBits(7);
/** Where bit 7 goes in a large leaf: the first address bit of the descriptor. */
export const _PAGE_PAT_LARGE = 2 ** 26;
export const _PAGE_GLOBAL = attributeBits(8);
/** The same bit of an entry that is not present. */
export const _PAGE_PROTNONE = attributeBits(8);
export const _PAGE_SPECIAL = attributeBits(9);
export const _PAGE_NX = attributeBits(63);
export const _KERNPG_TABLE = _PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY;
/** Some CPUs set these in entries that are not present. */
export const _PAGE_KNL_ERRATUM_MASK = _PAGE_DIRTY | _PAGE_ACCESSED;
