// SPDX-License-Identifier: GPL-2.0-only
import { flushCacheVunmap } from '../../../src/invariants/flush/cache-vunmap.ts';
import { arm64, VMALLOC, x86 } from '../../trace/small-machines.ts';
import type { Machine } from '../../../src/trace/machine.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { mapIntent, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const END = VMALLOC + 4 * PAGE;
const unmapping = (name = 'vunmap_range', machine: Machine = arm64): TraceBuilder =>
  traceOn(machine)
    .op('vmap_pages_range', mapIntent(machine, { addr: VMALLOC, pages: [{ pfn: 0x50000, count: 4 }] }))
    .map('pte', VMALLOC, 0x50000, { count: 4 })
    .cacheVmap(VMALLOC, END)
    .returns()
    .op(name, { kind: 'unmap', addr: VMALLOC, size: 4 * PAGE });
const done = (builder: TraceBuilder): TraceBuilder => builder.tlb(VMALLOC, END).returns();

const vivt: Machine = { ...x86, syncMask: 0, cachesVirtuallyIndexed: true };
const again = (builder: TraceBuilder): TraceBuilder =>
  builder
    .op('vmap_pages_range', mapIntent(vivt, { addr: VMALLOC, pages: [{ pfn: 0x60000, count: 4 }] }))
    .map('pte', VMALLOC, 0x60000, { count: 4 })
    .cacheVmap(VMALLOC, END)
    .returns();
const freed = { kind: 'page', change: 'free', pfn: 0x50002, order: 0 } as const;

judgeFixtures(flushCacheVunmap, {
  good_lines_are_gone_when_the_address_is_mapped_anew: () =>
    again(done(unmapping('vunmap_range', vivt).cacheVunmap(VMALLOC, END).clear('pte', VMALLOC, 4))),
  bad_lines_are_left_when_the_address_is_mapped_anew: [
    ['address-reused', 'not-covered'],
    () => again(done(unmapping('vunmap_range', vivt).clear('pte', VMALLOC, 4))),
  ],
  bad_lines_are_left_when_a_page_is_freed: [
    ['not-covered', 'page-freed'],
    () =>
      done(
        unmapping('vunmap_range', vivt)
          .cacheVunmap(VMALLOC, END - 2 * PAGE)
          .clear('pte', VMALLOC, 4),
      ).event(freed),
  ],
  bad_a_call_that_is_not_judged_by_itself_leaves_lines: [
    ['address-reused'],
    () => again(done(unmapping('free_unmap_area', vivt).clear('pte', VMALLOC, 4))),
  ],
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
