// SPDX-License-Identifier: GPL-2.0-only

// Bits of gfp_t that allocators look at, as include/linux/gfp.ts numbers them.
export const __GFP_ZERO = 0x100;
export const __GFP_DIRECT_RECLAIM = 0x200;
export const __GFP_NOFAIL = 0x4000;
export const __GFP_COMP = 0x20000;
export const __GFP_ACCOUNT = 0x200000;
export const __GFP_IO = 0x40;
export const __GFP_FS = 0x80;
/** Zones, of which a mask may name one: none for usual memory. */
export const GFP_ZONEMASK = 0x7;
/** What slab allocators take no orders about: pages of theirs come from any zone that is mapped. */
export const GFP_SLAB_BUG_MASK = 0x6;

const words: readonly (readonly [bit: number, word: string])[] = [
  [__GFP_DIRECT_RECLAIM, 'wait'],
  [__GFP_IO, 'io'],
  [__GFP_FS, 'fs'],
  [0x1, 'dma'],
  [0x2, 'highmem'],
  [0x4, 'dma32'],
  [__GFP_NOFAIL, 'nofail'],
];
const texts = new Map<number, string>();
const KNOWN = words.reduce((all, [bit]) => all | bit, 0);

/** A mask as events have it. */
export function gfpWords(gfp: number): string {
  const known = gfp & KNOWN;
  let text = texts.get(known);
  if (text === undefined) {
    text = words
      .filter(([bit]) => (known & bit) !== 0)
      .map(([, word]) => word)
      .join(' ');
    texts.set(known, text);
  }
  return text;
}
