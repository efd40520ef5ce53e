// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Memory } from '../hardware/memory.ts';

/** Bytes of a `struct page *`. */
const POINTER_BYTES = 8;

/** The element of a `struct page *[]` that starts at `pages`. */
export function pageAt({ mem }: { readonly mem: Memory }, pages: Ptr, index: number): Ptr {
  return Number(mem.ld64(pages + index * POINTER_BYTES));
}
