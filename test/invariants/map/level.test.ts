// SPDX-License-Identifier: GPL-2.0-only
import { mapLevel } from '../../../src/invariants/map/level.ts';
import { arm64, leafEntry, pageKernel, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { mapIntent, MIB2, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;

function mapping(
  asked: { count: number; maxShift: number },
  write: (builder: TraceBuilder) => TraceBuilder,
): TraceBuilder {
  const { count, maxShift } = asked;
  const intent = mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn: PFN, count }], maxShift });
  return write(traceOn(arm64).op('vmap_pages_range', intent))
    .cacheVmap(VMALLOC, VMALLOC + count * PAGE)
    .returns();
}

judgeFixtures(mapLevel, {
  good_block_for_a_block_shift: () =>
    mapping({ count: 512, maxShift: 21 }, (b) => b.map('pmd', VMALLOC, PFN)),
  bad_block_for_a_run_shift: [
    ['pmd'],
    () => mapping({ count: 512, maxShift: 16 }, (b) => b.map('pmd', VMALLOC, PFN)),
  ],
  bad_run_for_single_pages: [
    ['run/pte'],
    () =>
      mapping({ count: 16, maxShift: 12 }, (b) =>
        b.map('pte', VMALLOC, PFN, { count: 16, contiguous: true }),
      ),
  ],
  bad_block_entry_at_the_last_level: [
    ['illegal/pte', 'map/exact: missing'],
    () =>
      mapping({ count: 1, maxShift: 12 }, (b) =>
        b.write('pte', VMALLOC, leafEntry(arm64, 'pmd', PFN, pageKernel(arm64))),
      ),
  ],
  good_two_blocks: () =>
    mapping({ count: 1024, maxShift: 30 }, (b) =>
      b.map('pmd', VMALLOC, PFN, { count: MIB2 / (512 * PAGE) + 1 }),
    ),
});
