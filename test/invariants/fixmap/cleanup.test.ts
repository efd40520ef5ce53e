// SPDX-License-Identifier: GPL-2.0-only
import { fixmapCleanup } from '../../../src/invariants/fixmap/cleanup.ts';
import { arm64 } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const SLOT = arm64.addresses.fixaddrTop - 16 * PAGE;
const begun = (): TraceBuilder => traceOn(arm64).op('map_mem', { kind: 'other' });

judgeFixtures(fixmapCleanup, {
  good_cleared_and_flushed: () =>
    begun()
      .map('pte', SLOT, 0x50000)
      .clear('pte', SLOT)
      .tlb(SLOT, SLOT + PAGE)
      .returns(),
  good_flushed_together: () =>
    begun()
      .map('pte', SLOT, 0x50000, { count: 3 })
      .clear('pte', SLOT, 3)
      .tlb(SLOT, SLOT + 3 * PAGE)
      .returns(),
  bad_left_mapped: [['mapped'], () => begun().map('pte', SLOT, 0x50000).returns()],
  bad_range_ends_early: [
    ['not-flushed'],
    () =>
      begun()
        .map('pte', SLOT, 0x50000, { count: 3 })
        .clear('pte', SLOT, 3)
        .tlb(SLOT, SLOT + 2 * PAGE)
        .returns(),
  ],
});
