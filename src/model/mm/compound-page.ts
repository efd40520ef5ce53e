// SPDX-License-Identifier: GPL-2.0-only
import { highHalf, lowHalf } from '../../base/u64.ts';
import type { PageCount, Pfn, Ptr } from '../../base/units.ts';
import { SPARSE_PAGE_BYTES, STRUCT_PAGE_BYTES } from '../hardware/sparse-pages.ts';
import type { KernelWorld } from '../kernel.ts';

/** PG_head of page->flags. */
export const PG_HEAD = 0x40;
/** struct page: flags, then compound_head (shared with lru), then the counts. */
export const COMPOUND_HEAD = 8;
export const REFCOUNT = 52;
/** The first tail's flags hold the order in their low byte. */
const ORDER_MASK = 0xff;

function pageAt(k: KernelWorld, pfn: Pfn): number {
  return k.machine.addresses.vmemmapStart + pfn * STRUCT_PAGE_BYTES;
}

/** Sets the reference count of single pages to 1, all at once. */
export function holdPages(k: KernelWorld, pfn: Pfn, count: PageCount): void {
  const pages = new Uint8Array(count * STRUCT_PAGE_BYTES);
  for (let at = REFCOUNT; at < pages.length; at += STRUCT_PAGE_BYTES) pages[at] = 1;
  k.mem.write(pageAt(k, pfn), pages);
}

/** @kernel mm/page_alloc.c prep_compound_page */
export function prepareCompound(k: KernelWorld, pfn: Pfn, order: number): void {
  const head = pageAt(k, pfn);
  k.mem.st64(head, PG_HEAD);
  tellTails(k, head, pageAt(k, pfn + 2 ** order));
  k.mem.st64(pageAt(k, pfn + 1), order & ORDER_MASK);
}

/** Each tail, up to the one that ends at `end`, says where its head is. */
function tellTails({ mem }: KernelWorld, head: Ptr, end: Ptr): void {
  const told = head + 1;
  let tail = head + STRUCT_PAGE_BYTES;
  const tellUntil = (border: Ptr): void => {
    for (; tail < border; tail += STRUCT_PAGE_BYTES) mem.st64(tail + COMPOUND_HEAD, told);
  };
  tellUntil(Math.min(end, Math.ceil(tail / SPARSE_PAGE_BYTES) * SPARSE_PAGE_BYTES));
  const whole = Math.floor(end / SPARSE_PAGE_BYTES) * SPARSE_PAGE_BYTES;
  if (tail < whole) {
    mem.fillSparse(tail, whole, (words) => {
      for (let at = COMPOUND_HEAD / 4; at < words.length; at += STRUCT_PAGE_BYTES / 4) {
        words[at] = lowHalf(told);
        words[at + 1] = highHalf(told);
      }
    });
    tail = whole;
  }
  tellUntil(end);
}

/** The order that a head's first tail keeps. */
export function orderOfHead(k: KernelWorld, head: number): number {
  return Number(k.mem.ld64(head + STRUCT_PAGE_BYTES)) & ORDER_MASK;
}
