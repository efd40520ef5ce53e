// SPDX-License-Identifier: GPL-2.0-only
import { splitFlag } from '../../../src/invariants/split/flag.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { mapIntent, MIB2, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;
const block = (): TraceBuilder =>
  traceOn(arm64)
    .op('vmap', mapIntent(arm64, { pages: [{ pfn: PFN, count: 512 }], maxShift: 21 }))
    .map('pmd', VMALLOC, PFN)
    .cacheVmap(VMALLOC, VMALLOC + MIB2)
    .returns({ addr: VMALLOC });

judgeFixtures(splitFlag, {
  good_area_says_so: () => block().area(VMALLOC, MIB2 + PAGE, 'VM_MAP', 'VM_ALLOW_HUGE_VMAP'),
  good_pages_need_no_flag: () =>
    traceOn(arm64)
      .op('vmap', mapIntent(arm64, { pages: [{ pfn: PFN, count: 1 }] }))
      .map('pte', VMALLOC, PFN)
      .cacheVmap(VMALLOC, VMALLOC + PAGE)
      .returns({ addr: VMALLOC })
      .area(VMALLOC, 2 * PAGE, 'VM_MAP'),
  bad_block_in_a_plain_vmap_area: [['VM_MAP'], () => block().area(VMALLOC, MIB2 + PAGE, 'VM_MAP')],
});
