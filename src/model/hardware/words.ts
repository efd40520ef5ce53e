// SPDX-License-Identifier: GPL-2.0-only
import { DESCRIPTOR_ROTATION } from '../../base/descriptor.ts';
import type { Ptr } from '../../base/units.ts';
import { SPARSE_PAGE_BYTES as PAGE_BYTES } from './sparse-pages.ts';

/** Index of a byte in its sparse page. */
export function byteInPage(addr: Ptr): number {
  return addr & (PAGE_BYTES - 1);
}

/** Index of an aligned word in its sparse page. */
export function wordInPage(addr: Ptr): number {
  return (addr & (PAGE_BYTES - 1)) >> 2;
}

/** Four bytes, little endian, as a signed word. */
export function wordOf(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** Eight bytes, little endian. */
export function bytesOf(high: number, low: number): Uint8Array {
  return Uint8Array.of(low, low >>> 8, low >>> 16, low >>> 24, high, high >>> 8, high >>> 16, high >>> 24);
}

/** A half of a descriptor's hardware bits, from the same half and the other one of its rotated form. */
export function unrotated(half: number, other: number): number {
  return (half >>> DESCRIPTOR_ROTATION) | (other << (32 - DESCRIPTOR_ROTATION));
}
