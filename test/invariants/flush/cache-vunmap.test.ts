// SPDX-License-Identifier: GPL-2.0-only
import { flushCacheVunmap } from '../../../src/invariants/flush/cache-vunmap.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { mapIntent, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const END = VMALLOC + 4 * PAGE;
const unmapping = (name = 'vunmap_range'): TraceBuilder =>
  traceOn(arm64)
    .op('vmap_pages_range', mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn: 0x50000, count: 4 }] }))
    .map('pte', VMALLOC, 0x50000, { count: 4 })
    .cacheVmap(VMALLOC, END)
    .returns()
    .op(name, { kind: 'unmap', addr: VMALLOC, size: 4 * PAGE });
const done = (builder: TraceBuilder): TraceBuilder => builder.tlb(VMALLOC, END).returns();

judgeFixtures(flushCacheVunmap, {
  good_flush_first: () => done(unmapping().cacheVunmap(VMALLOC, END).clear('pte', VMALLOC, 4)),
  good_flush_of_the_whole_area: () =>
    done(
      unmapping('vunmap')
        .cacheVunmap(VMALLOC, END + PAGE)
        .clear('pte', VMALLOC, 4),
    ),
  bad_flush_afterwards: [
    ['not-covered'],
    () => done(unmapping().clear('pte', VMALLOC, 4).cacheVunmap(VMALLOC, END)),
  ],
  bad_flush_stops_short: [
    ['not-covered'],
    () =>
      done(
        unmapping()
          .cacheVunmap(VMALLOC, END - PAGE)
          .clear('pte', VMALLOC, 4),
      ),
  ],
});
