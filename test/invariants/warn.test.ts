// SPDX-License-Identifier: GPL-2.0-only
import type { WarnEvent } from '../../src/trace/events.ts';
import { warn } from '../../src/invariants/warn.ts';
import { arm64, VMALLOC } from '../trace/small-machines.ts';
import { judgeFixtures } from './judge-fixtures.ts';
import { mapIntent, PAGE, traceOn } from './trace-on.ts';

const warning: WarnEvent = { kind: 'warn', call: 'WARN', condition: '!page' };
const bug: WarnEvent = { kind: 'warn', call: 'BUG', condition: 'addr >= end' };
const one = mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn: 0x50000, count: 1 }] });
const bad = mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn: 0, count: 1, bad: 'null' }], legal: false });

judgeFixtures(warn, {
  good_warns_of_what_it_refuses: () =>
    traceOn(arm64)
      .op('vmap_pages_range', bad)
      .event(warning)
      .returns({ error: 12 })
      .op('vmap_pages_range', one)
      .map('pte', VMALLOC, 0x50000)
      .cacheVmap(VMALLOC, VMALLOC + PAGE)
      .returns(),
  good_warns_of_attributes_for_a_hole: () =>
    traceOn(arm64)
      .op('vmap_pages_range', one)
      .map('pte', VMALLOC, 0x50000)
      .cacheVmap(VMALLOC, VMALLOC + PAGE)
      .returns()
      .op('set_memory_ro', { kind: 'protect', addr: VMALLOC, size: 2 * PAGE, change: 'ro' })
      .event(warning)
      .returns({ error: 14 })
      .op('vunmap_range', { kind: 'unmap', addr: VMALLOC, size: PAGE })
      .event(warning)
      .cacheVunmap(VMALLOC, VMALLOC + PAGE)
      .clear('pte', VMALLOC)
      .tlb(VMALLOC, VMALLOC + PAGE)
      .returns(),
  bad_warns_of_good_pages: [
    ['!page'],
    () =>
      traceOn(arm64)
        .op('vmap_pages_range', one)
        .event(warning)
        .map('pte', VMALLOC, 0x50000)
        .cacheVmap(VMALLOC, VMALLOC + PAGE)
        .returns(),
  ],
  bad_bug_ends_the_call: [['addr >= end'], () => traceOn(arm64).op('vmap_pages_range', one).event(bug)],
});
