// SPDX-License-Identifier: GPL-2.0-only
import type { Attributes, AttributeMatch } from '../../trace/machine.ts';
import { attributeBits } from './attribute-bits.ts';

const VALID = attributeBits(0);
const TYPE = attributeBits(0, 1);
const ATTRINDX = attributeBits(2, 3, 4);
const USER = attributeBits(6);
const RDONLY = attributeBits(7);
const SHAREABILITY = attributeBits(8, 9);
const NOT_GLOBAL = attributeBits(11);
const GUARDED = attributeBits(50);
const DIRTY_MODIFIER = attributeBits(51);
const CONTIGUOUS = attributeBits(52);
const PXN = attributeBits(53);
const UXN = attributeBits(54);

/** Bits 1..0 of a descriptor: 0b11 is a table above the last level and a page in it, 0b01 a block. */
export const arm64Table: AttributeMatch = { mask: TYPE, value: TYPE };
export const arm64Page: AttributeMatch = { mask: TYPE, value: TYPE };
export const arm64Block: AttributeMatch = { mask: TYPE, value: VALID };

/** VMSAv8-64 stage 1 descriptors (Arm ARM, D8.3), as Linux uses them at EL1. */
export function arm64Attributes(pfnShift: number): Attributes {
  return {
    valid: { mask: VALID, value: VALID },
    writable: { mask: RDONLY, value: 0 },
    executable: { mask: PXN, value: 0 },
    user: { mask: USER, value: USER },
    memoryType: ATTRINDX | SHAREABILITY,
    contiguous: CONTIGUOUS,
    protection: ATTRINDX | USER | RDONLY | SHAREABILITY | NOT_GLOBAL | GUARDED | DIRTY_MODIFIER | PXN | UXN,
    pfnShift,
  };
}
