// SPDX-License-Identifier: GPL-2.0-only
import { mapExact } from '../../../src/invariants/map/exact.ts';
import type { Intent } from '../../../src/trace/events.ts';
import { arm64, protection, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { mapIntent, MIB2, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;
const END = VMALLOC + 4 * PAGE;
const four = mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn: PFN, count: 4 }] });
const READ_ONLY = protection((3n << 53n) | 0x793n);

const mapFour = (): TraceBuilder =>
  traceOn(arm64)
    .op('vmap_pages_range', four)
    .map('pte', VMALLOC, PFN, { count: 4 })
    .cacheVmap(VMALLOC, END)
    .returns();
const unmapFour = (builder: TraceBuilder): TraceBuilder =>
  builder.op('vunmap_range', { kind: 'unmap', addr: VMALLOC, size: 4 * PAGE }).cacheVunmap(VMALLOC, END);

/** vmalloc() of two pages, of which the second is at that frame; the allocator has given out two that are apart. */
function allocated(second: number): TraceBuilder {
  const { kind, size, prot, maxShift, legal } = mapIntent(arm64, {
    pages: [{ pfn: PFN, count: 2 }],
  }) as Extract<Intent, { kind: 'map' }>;
  return traceOn(arm64)
    .op('vmalloc', { kind, size, prot, maxShift, legal })
    .event({ kind: 'page', change: 'alloc', pfn: PFN, order: 0 })
    .event({ kind: 'page', change: 'alloc', pfn: PFN + 2, order: 0 })
    .map('pte', VMALLOC, PFN)
    .map('pte', VMALLOC + PAGE, second)
    .cacheVmap(VMALLOC, VMALLOC + 2 * PAGE)
    .returns({ addr: VMALLOC });
}

/** ioremap() of what begins in the middle of a page. */
function device(result: number): TraceBuilder {
  return traceOn(arm64)
    .op('ioremap_prot', mapIntent(arm64, { pages: [{ pfn: PFN, count: 1 }] }))
    .map('pte', VMALLOC, PFN)
    .cacheVmap(VMALLOC, VMALLOC + PAGE)
    .returns({ value: result, addr: result - 0x800 });
}

/** One page of memory becomes two somewhere else. */
const moved = (): TraceBuilder =>
  traceOn(arm64)
    .op('vmap_pages_range', mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn: PFN, count: 1 }] }))
    .map('pte', VMALLOC, PFN)
    .cacheVmap(VMALLOC, VMALLOC + PAGE)
    .returns()
    .op('vrealloc', { kind: 'resize', addr: VMALLOC, size: 2 * PAGE })
    .map('pte', END, PFN + 4, { count: 2 });

judgeFixtures(mapExact, {
  good_pages_of_the_allocator: () => allocated(PFN + 2),
  bad_pages_of_nobody: [['strange-page'], () => allocated(PFN + 1)],
  good_inside_of_a_page: () => device(VMALLOC + 0x800),
  bad_at_the_start_of_a_page: [['offset'], () => device(VMALLOC)],
  good_moved: () => moved().clear('pte', VMALLOC).returns({ addr: END }),
  bad_old_place_kept: [['still-mapped'], () => moved().returns({ addr: END })],
  good_pages_in_order: mapFour,
  good_block_and_pages: () =>
    traceOn(arm64)
      .op(
        'vmap_pages_range',
        mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn: PFN, count: 513 }], maxShift: 21 }),
      )
      .map('pmd', VMALLOC, PFN)
      .map('pte', VMALLOC + MIB2, PFN + 512)
      .cacheVmap(VMALLOC, VMALLOC + MIB2 + PAGE)
      .returns(),
  good_chosen_address: () =>
    traceOn(arm64)
      .op(
        'vmap',
        mapIntent(arm64, {
          pages: [
            { pfn: 7 + PFN, count: 1 },
            { pfn: PFN, count: 1 },
          ],
        }),
      )
      .map('pte', VMALLOC, PFN + 7)
      .map('pte', VMALLOC + PAGE, PFN)
      .cacheVmap(VMALLOC, VMALLOC + 2 * PAGE)
      .returns({ value: VMALLOC, addr: VMALLOC }),
  good_outside_written_and_restored: () =>
    traceOn(arm64)
      .op('vmap_pages_range', four)
      .map('pte', VMALLOC, PFN, { count: 5 })
      .clear('pte', END)
      .tlb(END, END + PAGE)
      .cacheVmap(VMALLOC, END)
      .returns(),
  good_unmap: () => unmapFour(mapFour()).clear('pte', VMALLOC, 4).tlb(VMALLOC, END).returns(),
  bad_index_stuck: [
    ['wrong-page'],
    () =>
      traceOn(arm64)
        .op('vmap_pages_range', four)
        .map('pte', VMALLOC, PFN, { count: 2 })
        .map('pte', VMALLOC + 2 * PAGE, PFN + 1, { count: 2 })
        .cacheVmap(VMALLOC, END)
        .returns(),
  ],
  bad_last_page_missing: [
    ['missing'],
    () =>
      traceOn(arm64)
        .op('vmap_pages_range', four)
        .map('pte', VMALLOC, PFN, { count: 3 })
        .cacheVmap(VMALLOC, END)
        .returns(),
  ],
  bad_protection_lost: [
    ['wrong-protection'],
    () =>
      traceOn(arm64)
        .op('vmap_pages_range', four)
        .map('pte', VMALLOC, PFN, { count: 4, prot: READ_ONLY })
        .cacheVmap(VMALLOC, END)
        .returns(),
  ],
  bad_one_page_too_many: [
    ['outside'],
    () =>
      traceOn(arm64)
        .op('vmap_pages_range', four)
        .map('pte', VMALLOC, PFN, { count: 5 })
        .cacheVmap(VMALLOC, END)
        .returns(),
  ],
  bad_unmap_stops_short: [
    ['still-mapped'],
    () => unmapFour(mapFour()).clear('pte', VMALLOC, 3).tlb(VMALLOC, END).returns(),
  ],
});
