// SPDX-License-Identifier: GPL-2.0-only
import { highHalf, lowHalf } from '../base/u64.ts';
import type { PageCount, Ptr } from '../base/units.ts';
import { STRUCT_PAGE_BYTES } from '../model/hardware/sparse-pages.ts';
import type { Kernel } from '../model/kernel.ts';
import { prepareCompound } from '../model/mm/compound-page.ts';
import { reservePages } from '../model/mm/page-supply.ts';
import type { PageRun } from '../trace/events.ts';
import type { Frames } from './frames.ts';
import type { Place } from './scenario.ts';
import type { ScenarioState } from './scenario-state.ts';
import type { Stage } from './stage.ts';

const POINTER_BYTES = 8;
const LEAST_GUARD = 64 * 1024;

/**
 * An array of struct page pointers in the kernel's heap, with the struct pages behind it as their allocator would have
 * left them. @param stride pages that code may skip at once: an index that runs ahead must not reach the next object
 */
export function makePageArray(
  { kernel: k, seesCompounds }: Stage,
  { entries, compounds }: Frames,
  stride: number,
): Ptr {
  if (seesCompounds) for (const { pfn, order } of compounds) prepareCompound(k, pfn, order);
  const count = countOf(entries);
  const size = count * POINTER_BYTES;
  const guard = Math.max(LEAST_GUARD, size, 2 * stride * POINTER_BYTES);
  return k.mem.allocate({ name: 'pages[]', size, guard, contents: pointersTo(k, entries) });
}

/** Arrays for the largest leaves take megabytes; the one that was made last is kept, since most scenarios run often. */
let lastLarge: { readonly key: string; readonly pointers: Uint8Array } | undefined;
const LARGE = 2 ** 16;

/** The struct page pointers of the pages, one after the other. */
function pointersTo(k: Kernel, entries: readonly PageRun[]): Uint8Array {
  if (countOf(entries) < LARGE) return makePointers(k, entries);
  const key = JSON.stringify([k.machine.name, entries]);
  if (lastLarge?.key !== key) lastLarge = { key, pointers: makePointers(k, entries) };
  return lastLarge.pointers;
}

function makePointers(k: Kernel, entries: readonly PageRun[]): Uint8Array {
  const words = new Int32Array(2 * countOf(entries));
  let at = 0;
  for (const { pfn, count: run, bad } of entries) {
    let page = bad === 'null' ? 0 : k.pfn_to_page(pfn);
    const step = bad === 'null' ? 0 : STRUCT_PAGE_BYTES;
    for (const end = at + 2 * run; at < end; at += 2) {
      words[at] = lowHalf(page);
      words[at + 1] = highHalf(page);
      page += step;
    }
  }
  return new Uint8Array(words.buffer);
}

function countOf(entries: readonly PageRun[]): PageCount {
  return entries.reduce((sum, { count }) => sum + count, 0);
}

/**
 * Tells an area of VM_ALLOC the pages that are about to be mapped in it, as vmalloc() does: whoever finds the flag relies
 * on `pages[]`.
 */
export function tellPages(
  { kernel: k, pageSize }: Stage,
  { areas }: ScenarioState,
  { of, page }: Place,
  entries: readonly PageRun[],
): void {
  const area = of === 'window' ? undefined : areas.get(of);
  if (area?.vm === undefined) return;
  const fields = k.structs.vm_struct(area.vm);
  if (fields.pages === 0) {
    const size = (area.size / pageSize) * POINTER_BYTES;
    fields.pages = k.mem.allocate({ name: 'pages[]', size, zeroed: true });
  }
  k.mem.write(fields.pages + page * POINTER_BYTES, pointersTo(k, entries));
  // What lies behind a gap cannot be counted: it has no page yet.
  if (fields.nr_pages === page) fields.nr_pages += countOf(entries);
}

/** Makes the pages and their array a caller's own, as the page allocator and kmalloc() would have given them out. */
export function ownPages({ kernel: k }: Stage, { entries }: Frames, array: Ptr): void {
  for (const { pfn, count } of entries) {
    if (!reservePages(k, pfn, count)) throw new Error(`the frames from ${pfn} on are in use`);
  }
  const size = countOf(entries) * POINTER_BYTES;
  k.trace.emit({ kind: 'alloc', what: 'object', addr: array, size, name: 'pages[]' });
}

/** Gives them back. */
export function disownPages({ kernel: k }: Stage, { entries }: Frames, array: Ptr): void {
  for (const { pfn, count } of entries) {
    for (let i = 0; i < count; i++) k.__free_pages(k.pfn_to_page(pfn + i), 0);
  }
  k.kfree(array);
}
