// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, Pfn } from '../../base/units.ts';
import { STRUCT_PAGE_BYTES } from '../hardware/sparse-pages.ts';
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
  for (let i = 1; i < 2 ** order; i++) k.mem.st64(pageAt(k, pfn + i) + COMPOUND_HEAD, head + 1);
  k.mem.st64(pageAt(k, pfn + 1), order & ORDER_MASK);
}

/** The order that a head's first tail keeps. */
export function orderOfHead(k: KernelWorld, head: number): number {
  return Number(k.mem.ld64(head + STRUCT_PAGE_BYTES)) & ORDER_MASK;
}
