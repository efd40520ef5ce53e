// SPDX-License-Identifier: GPL-2.0-only
import { flushSync } from '../../../src/invariants/flush/sync.ts';
import { VMALLOC, x86 } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { mapIntent, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const END = VMALLOC + 2 * PAGE;
const mapping = (): TraceBuilder =>
  traceOn(x86).op('vmap_pages_range', mapIntent(x86, { addr: VMALLOC, pages: [{ pfn: 0x50000, count: 2 }] }));
const refused = { kind: 'alloc-failure', what: 'table', name: 'pte table' } as const;

judgeFixtures(flushSync, {
  good_new_root_entry_synced: () =>
    mapping()
      .map('pte', VMALLOC, 0x50000, { count: 2 })
      .event({ kind: 'sync', start: VMALLOC, end: END })
      .cacheVmap(VMALLOC, END)
      .returns(),
  bad_sync_forgotten: [
    ['missing'],
    () => mapping().map('pte', VMALLOC, 0x50000, { count: 2 }).cacheVmap(VMALLOC, END).returns(),
  ],
  bad_error_path_skips_it: [
    ['missing-on-error'],
    () =>
      mapping().map('pte', VMALLOC, 0x50000).event(refused).cacheVmap(VMALLOC, END).returns({ error: 12 }),
  ],
});
