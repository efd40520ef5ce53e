// SPDX-License-Identifier: GPL-2.0-only

// Bits of gfp_t that allocators look at, as include/linux/gfp.ts numbers them.
export const __GFP_ZERO = 0x100;
export const __GFP_DIRECT_RECLAIM = 0x200;
export const __GFP_NOFAIL = 0x4000;
export const __GFP_COMP = 0x20000;
export const __GFP_IO = 0x40;
export const __GFP_FS = 0x80;
