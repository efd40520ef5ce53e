// SPDX-License-Identifier: GPL-2.0-only
import type { FaultEvent } from '../../../src/trace/events.ts';
import { boundsPages } from '../../../src/invariants/bounds/pages.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { mapIntent, PAGE, traceOn } from '../trace-on.ts';

const PAGES_ARRAY = arm64.addresses.pageOffset + 0x40001000;
const behind: FaultEvent = {
  kind: 'fault',
  fault: 'out-of-bounds',
  access: 'read',
  addr: PAGES_ARRAY + 16,
  size: 8,
  object: { name: 'pages[]', addr: PAGES_ARRAY, size: 16 },
};
const two = mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn: 0x50000, count: 2 }] });

judgeFixtures(boundsPages, {
  good_reads_both: () =>
    traceOn(arm64)
      .op('vmap_pages_range', two)
      .map('pte', VMALLOC, 0x50000, { count: 2 })
      .cacheVmap(VMALLOC, VMALLOC + 2 * PAGE)
      .returns(),
  bad_reads_behind_the_end: [
    ['pages'],
    () => traceOn(arm64).op('vmap_pages_range', two).map('pte', VMALLOC, 0x50000, { count: 2 }).event(behind),
  ],
});
