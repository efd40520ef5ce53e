// SPDX-License-Identifier: GPL-2.0-only
import { fromBig, fromHalves, hex, toBigUnsigned, type U64 } from './u64.ts';

/**
 * A page-table entry or a protection (`pte_t`, `pmd_t`, `pgprot_t`, …) as it is held in a JavaScript value: the 64
 * hardware bits rotated left by 14. Architectures keep attributes at both ends of an entry and the address between;
 * after the rotation the attributes are the low 26 bits, and with a physical address below 512 GiB the whole value
 * is a plain number. The rotation loses nothing: any 64 bits survive it.
 *
 *     hardware  63..50 attributes | 49..12 address | 11..0 attributes
 *     rotated   63..26 address    | 25..14 hardware 11..0 | 13..0 hardware 63..50
 */
export type Descriptor = U64;

export const DESCRIPTOR_ROTATION = 14;

/** The rotated form of hardware bits (`__pte(bits)`). */
export function descriptorFromBits(bits: U64): Descriptor {
  const unsigned = toBigUnsigned(bits);
  return fromBig((unsigned << 14n) | (unsigned >> 50n));
}

/** The hardware bits of a rotated form (`pte_val(pte)`). */
export function bitsOfDescriptor(descriptor: Descriptor): U64 {
  const unsigned = toBigUnsigned(descriptor);
  return fromBig((unsigned >> 14n) | (unsigned << 50n));
}

/** The rotated form from the two 32-bit halves that memory holds. */
export function descriptorFromHalves(high: number, low: number): Descriptor {
  return fromHalves((high << 14) | (low >>> 18), (low << 14) | (high >>> 18));
}

/** The attribute part: 26 bits, hardware bits 11..0 above hardware bits 63..50. */
export function attributesOf(descriptor: Descriptor): number {
  return typeof descriptor === 'number' ? (descriptor | 0) & 0x3ffffff : Number(descriptor & 0x3ffffffn);
}

/** Hardware bits as people write them. */
export function descriptorHex(descriptor: Descriptor): string {
  return hex(bitsOfDescriptor(descriptor));
}
