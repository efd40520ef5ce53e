// SPDX-License-Identifier: GPL-2.0-only

// include/linux/gfp_types.h, as far as mm/vmalloc.c looks at the bits: the values of the C face in include/linux/gfp.ts.
const __GFP_DMA = 0x1;
export const __GFP_HIGHMEM = 0x2;
const __GFP_DMA32 = 0x4;
const __GFP_HIGH = 0x20;
export const __GFP_IO = 0x40;
export const __GFP_FS = 0x80;
export const __GFP_ZERO = 0x100;
const __GFP_DIRECT_RECLAIM = 0x200;
const __GFP_KSWAPD_RECLAIM = 0x400;
export const __GFP_NOWARN = 0x1000;
const __GFP_RETRY_MAYFAIL = 0x2000;
export const __GFP_NOFAIL = 0x4000;
const __GFP_NORETRY = 0x8000;
const __GFP_MEMALLOC = 0x10000;
const __GFP_NOMEMALLOC = 0x40000;
const __GFP_NOLOCKDEP = 0x2000000;
export const GFP_DMA = __GFP_DMA;
export const GFP_DMA32 = __GFP_DMA32;

const __GFP_RECLAIM = __GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM;
export const GFP_KERNEL = __GFP_RECLAIM | __GFP_IO | __GFP_FS;
export const GFP_NOWAIT = __GFP_KSWAPD_RECLAIM | __GFP_NOWARN;

/** The bits that say how hard to try (mm/internal.h). */
export const GFP_RECLAIM_MASK =
  __GFP_RECLAIM |
  __GFP_HIGH |
  __GFP_IO |
  __GFP_FS |
  __GFP_NOWARN |
  __GFP_RETRY_MAYFAIL |
  __GFP_NOFAIL |
  __GFP_NORETRY |
  __GFP_MEMALLOC |
  __GFP_NOMEMALLOC |
  __GFP_NOLOCKDEP;

/** No node preferred. */
export const NUMA_NO_NODE = -1;
