// SPDX-License-Identifier: GPL-2.0-only
import type { AttributeMatch, Attributes } from '../../trace/machine.ts';
import { attributeBits } from './attribute-bits.ts';

const PRESENT = attributeBits(0);
const RW = attributeBits(1);
const USER = attributeBits(2);
const CACHE = attributeBits(3, 4);
const PSE = attributeBits(7);
const GLOBAL = attributeBits(8);
const NX = attributeBits(63);

/** Where there is no leaf format bit 7 is reserved: the root, and the level below it where there are five. */
export const x86TableOnly: AttributeMatch = { mask: PRESENT, value: PRESENT };
/** Bit 7 tells a table from a large page. */
export const x86Table: AttributeMatch = { mask: PRESENT | PSE, value: PRESENT };
export const x86LargePage: AttributeMatch = { mask: PRESENT | PSE, value: PRESENT | PSE };
export const x86Page: AttributeMatch = { mask: PRESENT, value: PRESENT };

/** Entries of 64 bits (Intel SDM volume 3, 4.5), as Linux uses them for the kernel. */
export const x86Attributes: Attributes = {
  valid: x86Page,
  writable: { mask: RW, value: RW },
  executable: { mask: NX, value: 0 },
  user: { mask: USER, value: USER },
  memoryType: CACHE,
  contiguous: 0,
  protection: RW | USER | CACHE | GLOBAL | NX,
  pfnShift: 12,
};
