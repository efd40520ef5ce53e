// SPDX-License-Identifier: GPL-2.0-only
import { attributeBits } from '../../../../machines/attribute-bits.ts';

// arch/arm64/include/asm/pgtable-hwdef.h and pgtable-prot.h, as attribute masks of a descriptor.

export const PTE_VALID = attributeBits(0);
export const PTE_TYPE_MASK = attributeBits(0, 1);
export const PTE_TYPE_PAGE = attributeBits(0, 1);
export const PTE_TABLE_BIT = attributeBits(1);
export const TYPE_TABLE = attributeBits(0, 1);
export const TYPE_SECT = attributeBits(0);
export const PTE_ATTRINDX_MASK = attributeBits(2, 3, 4);
export const PTE_USER = attributeBits(6);
export const PTE_RDONLY = attributeBits(7);
export const PTE_AF = attributeBits(10);
export const PTE_NG = attributeBits(11);
export const PTE_WRITE = attributeBits(51);
export const PTE_CONT = attributeBits(52);
export const PTE_PXN = attributeBits(53);
export const PTE_UXN = attributeBits(54);
export const PTE_DIRTY = attributeBits(55);
export const PTE_SPECIAL = attributeBits(56);
/** Free for software: 63 and 58..55. */
export const PTE_SWBITS_MASK = attributeBits(55, 56, 57, 58, 63);
/** Present for Linux and not for the walker. */
export const PTE_PRESENT_INVALID = attributeBits(11);

const MT_NORMAL = 0;
const MT_NORMAL_TAGGED = 1;
const MT_NORMAL_NC = 2;
const MT_DEVICE_nGnRnE = 3;
const MT_DEVICE_nGnRE = 4;

/** The index of a memory type in MAIR_EL1, in its place. */
function attrindx(index: number): number {
  return index * attributeBits(2);
}

export const ATTRINDX = {
  NORMAL: attrindx(MT_NORMAL),
  NORMAL_TAGGED: attrindx(MT_NORMAL_TAGGED),
  NORMAL_NC: attrindx(MT_NORMAL_NC),
  DEVICE_nGnRnE: attrindx(MT_DEVICE_nGnRnE),
  DEVICE_nGnRE: attrindx(MT_DEVICE_nGnRE),
} as const;
