// SPDX-License-Identifier: GPL-2.0-only
import { mapAlign } from '../../../src/invariants/map/align.ts';
import { arm64, leafEntry, pageKernel, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { KIB64, mapIntent, MIB2, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;

function mapping(
  addr: number,
  pfn: number,
  count: number,
  write: (builder: TraceBuilder) => TraceBuilder,
): TraceBuilder {
  const builder = traceOn(arm64).op(
    'vmap_pages_range',
    mapIntent(arm64, { addr, pages: [{ pfn, count }], maxShift: 21 }),
  );
  return write(builder)
    .cacheVmap(addr, addr + count * PAGE)
    .returns();
}

judgeFixtures(mapAlign, {
  good_block: () => mapping(VMALLOC, PFN, 512, (b) => b.map('pmd', VMALLOC, PFN)),
  good_runs: () =>
    mapping(VMALLOC + KIB64, PFN + 16, 32, (b) =>
      b.map('pte', VMALLOC + KIB64, PFN + 16, { count: 32, contiguous: true }),
    ),
  bad_block_to_misaligned_frame: [
    ['block-frame/pmd', 'map/exact: wrong-page'],
    () =>
      mapping(VMALLOC, PFN + 1, 512, (b) =>
        b.write('pmd', VMALLOC, leafEntry(arm64, 'pmd', PFN + 1, pageKernel(arm64))),
      ),
  ],
  bad_run_to_misaligned_frame: [
    ['run-frame/pte'],
    () =>
      mapping(VMALLOC, PFN + 1, 16, (b) => b.map('pte', VMALLOC, PFN + 1, { count: 16, contiguous: true })),
  ],
  bad_run_at_misaligned_address: [
    ['run-address/pte'],
    () =>
      mapping(VMALLOC + PAGE, PFN + 1, 16, (b) =>
        b.map('pte', VMALLOC + PAGE, PFN + 1, { count: 16, contiguous: true }),
      ),
  ],
  bad_second_block_misaligned: [
    ['block-frame/pmd', 'map/exact: wrong-page'],
    () =>
      traceOn(arm64)
        .op(
          'vmap_pages_range',
          mapIntent(arm64, {
            addr: VMALLOC,
            pages: [
              { pfn: PFN, count: 512 },
              { pfn: PFN + 0x1010, count: 512 },
            ],
            maxShift: 21,
          }),
        )
        .map('pmd', VMALLOC, PFN)
        .write('pmd', VMALLOC + MIB2, leafEntry(arm64, 'pmd', PFN + 0x1010, pageKernel(arm64)))
        .cacheVmap(VMALLOC, VMALLOC + 2 * MIB2)
        .returns(),
  ],
});
