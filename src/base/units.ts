// SPDX-License-Identifier: GPL-2.0-only

/**
 * Units as types. They are flavours rather than brands: a plain number may become any of them, so that address
 * arithmetic reads as in C, but a `PhysAddr` is never accepted for a `VirtAddr` (docs/decisions/0003-units.md).
 */
type Unit<Name extends string> = number & { readonly unit?: Name };

/** A virtual address in bytes, as the two's-complement value of its 64 bits: kernel addresses are negative. */
export type VirtAddr = Unit<'VirtAddr'>;
/** A physical address in bytes. */
export type PhysAddr = Unit<'PhysAddr'>;
/** A page-frame number. */
export type Pfn = Unit<'Pfn'>;
/** A number of base pages. */
export type PageCount = Unit<'PageCount'>;
/** A number of bytes. */
export type ByteCount = Unit<'ByteCount'>;
/** log2 of a number of bytes. */
export type Shift = Unit<'Shift'>;
/** A C pointer into the kernel's memory: a virtual address; 0 is NULL, -4095..-1 are error pointers. */
export type Ptr = VirtAddr;
