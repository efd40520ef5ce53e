// SPDX-License-Identifier: GPL-2.0-only
import { flushCacheVmap } from '../../../src/invariants/flush/cache-vmap.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { mapIntent, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;
const END = VMALLOC + 4 * PAGE;

const mapped = (name = 'vmap'): TraceBuilder =>
  traceOn(arm64)
    .op(name, mapIntent(arm64, { pages: [{ pfn: PFN, count: 4 }] }))
    .map('pte', VMALLOC, PFN, { count: 4 });
const done = (builder: TraceBuilder): TraceBuilder => builder.returns({ value: VMALLOC, addr: VMALLOC });

judgeFixtures(flushCacheVmap, {
  good_whole_range: () => done(mapped().cacheVmap(VMALLOC, END)),
  good_in_two_pieces: () =>
    done(
      mapped()
        .cacheVmap(VMALLOC + PAGE, END)
        .cacheVmap(VMALLOC, VMALLOC + PAGE),
    ),
  good_more_than_mapped: () => done(mapped().cacheVmap(VMALLOC, END + PAGE)),
  good_noflush_leaves_it_to_the_caller: () =>
    done(
      done(mapped('vmap_pages_range').cacheVmap(VMALLOC, END)).op('vmap_pages_range_noflush', {
        kind: 'other',
      }),
    ),
  good_static_leaves_it_to_its_callers: () =>
    done(
      traceOn(arm64)
        .op('vmap_pages_range', mapIntent(arm64, { addr: END, pages: [{ pfn: PFN, count: 4 }] }), {
          isStatic: true,
        })
        .map('pte', END, PFN, { count: 4 })
        .returns()
        .op('vmap', mapIntent(arm64, { pages: [{ pfn: PFN, count: 4 }] }))
        .map('pte', VMALLOC, PFN, { count: 4 })
        .cacheVmap(VMALLOC, END),
    ),
  bad_not_static: [
    ['missing'],
    () =>
      traceOn(arm64)
        .op('vmap_pages_range', mapIntent(arm64, { addr: END, pages: [{ pfn: PFN, count: 4 }] }))
        .map('pte', END, PFN, { count: 4 })
        .returns(),
  ],
  bad_advanced_start: [['not-covered'], () => done(mapped().cacheVmap(END, END))],
  bad_stops_short: [['not-covered'], () => done(mapped().cacheVmap(VMALLOC, END - PAGE))],
  bad_no_flush: [['missing'], () => done(mapped())],
  bad_flush_before_the_mapping: [
    ['not-covered'],
    () =>
      done(
        traceOn(arm64)
          .op('vmap', mapIntent(arm64, { pages: [{ pfn: PFN, count: 4 }] }))
          .cacheVmap(VMALLOC, END)
          .map('pte', VMALLOC, PFN, { count: 4 }),
      ),
  ],
});
