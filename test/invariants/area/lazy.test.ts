// SPDX-License-Identifier: GPL-2.0-only
import { areaLazy } from '../../../src/invariants/area/lazy.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { mapIntent, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const END = VMALLOC + 2 * PAGE;
const vmap = (builder: TraceBuilder, pfn: number): TraceBuilder =>
  builder.op('vmap', mapIntent(arm64, { pages: [{ pfn, count: 2 }] }));
const mapped = (builder: TraceBuilder, pfn: number): TraceBuilder =>
  builder.map('pte', VMALLOC, pfn, { count: 2 }).cacheVmap(VMALLOC, END).returns({ addr: VMALLOC });
const freed = (): TraceBuilder =>
  mapped(vmap(traceOn(arm64), 0x50000), 0x50000)
    .op('vunmap', { kind: 'unmap', addr: VMALLOC, size: 2 * PAGE })
    .cacheVunmap(VMALLOC, END)
    .clear('pte', VMALLOC, 2)
    .returns();

/** 4 GiB given back, of which one page was mapped. */
const muchFreed = (): TraceBuilder =>
  mapped(vmap(traceOn(arm64), 0x50000), 0x50000)
    .op('vunmap', { kind: 'unmap', addr: VMALLOC, size: 2 ** 32 })
    .cacheVunmap(VMALLOC, VMALLOC + 2 ** 32)
    .clear('pte', VMALLOC, 2)
    .returns()
    .op('flush_scheduled_work', { kind: 'other' });

const purging = (): TraceBuilder => freed().op('vm_unmap_aliases', { kind: 'other' });
const released = { kind: 'released', addr: VMALLOC, size: 3 * PAGE } as const;

judgeFixtures(areaLazy, {
  good_much_is_purged_by_a_worker: () =>
    muchFreed()
      .tlb(VMALLOC, VMALLOC + 2 ** 32)
      .returns(),
  bad_much_waits: [['piled-up'], () => muchFreed().returns()],
  good_purged_by_the_next_call: () => mapped(vmap(freed(), 0x60000).tlb(VMALLOC, END), 0x60000),
  good_purged_before: () => mapped(vmap(freed().tlbAll(), 0x60000), 0x60000),
  good_free_after_the_flush: () => purging().tlb(VMALLOC, END).event(released).returns(),
  bad_free_before_the_flush: [['released'], () => purging().event(released).tlb(VMALLOC, END).returns()],
  bad_handed_out_too_soon: [
    ['flush/tlb: reused', 'handed-out'],
    () => mapped(vmap(freed(), 0x60000), 0x60000),
  ],
});
