// SPDX-License-Identifier: GPL-2.0-only
import { leafLargest } from '../../../src/invariants/leaf/largest.ts';
import type { PageRun } from '../../../src/trace/events.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { KIB64, mapIntent, MIB2, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;
const contiguous = true;

function mapping(
  asked: { addr?: number; pages: readonly PageRun[]; maxShift?: number },
  write: (builder: TraceBuilder) => TraceBuilder,
): TraceBuilder {
  const { addr = VMALLOC, pages, maxShift = 21 } = asked;
  const size = pages.reduce((sum, { count }) => sum + count, 0) * PAGE;
  const intent = mapIntent(arm64, { addr, pages, maxShift });
  return write(traceOn(arm64).op('vmap_pages_range', intent))
    .cacheVmap(addr, addr + size)
    .returns();
}

const misalignedThenBlock: PageRun[] = [
  { pfn: PFN + 1, count: 16 },
  { pfn: 0x60000 + 16, count: 496 },
  { pfn: 0x70000, count: 512 },
];

/** vmalloc_huge() of a block, mapped by one or by runs. */
function allocated(inBlock: boolean): TraceBuilder {
  const asked = mapIntent(arm64, { pages: [{ pfn: PFN, count: 512 }], maxShift: 63 });
  if (asked.kind !== 'map') throw new Error('not a map call');
  const { pages: _pages, ...intent } = asked;
  const called = traceOn(arm64).op('vmalloc_huge', intent);
  const mapped = inBlock
    ? called.map('pmd', VMALLOC, PFN)
    : called.map('pte', VMALLOC, PFN, { count: 512, contiguous });
  return mapped.cacheVmap(VMALLOC, VMALLOC + MIB2).returns({ addr: VMALLOC });
}

judgeFixtures(leafLargest, {
  good_vmalloc_in_a_block: () => allocated(true),
  bad_vmalloc_without_a_block: [['vmalloc/2 MiB'], () => allocated(false)],
  good_block_and_run: () =>
    mapping({ pages: [{ pfn: PFN, count: 528 }] }, (b) =>
      b.map('pmd', VMALLOC, PFN).map('pte', VMALLOC + MIB2, PFN + 512, { count: 16, contiguous }),
    ),
  good_misaligned_segment_between: () =>
    mapping({ pages: misalignedThenBlock }, (b) =>
      b
        .map('pte', VMALLOC, PFN + 1, { count: 16 })
        .map('pte', VMALLOC + KIB64, 0x60010, { count: 496, contiguous })
        .map('pmd', VMALLOC + MIB2, 0x70000),
    ),
  good_block_beside_misaligned_pages: () =>
    mapping(
      {
        pages: [
          { pfn: PFN, count: 16 },
          { pfn: 0x60001, count: 3 },
        ],
      },
      (b) =>
        b
          .map('pte', VMALLOC, PFN, { count: 16, contiguous })
          .map('pte', VMALLOC + KIB64, 0x60001, { count: 3 }),
    ),
  bad_pages_for_a_block: [
    ['2 MiB'],
    () =>
      mapping({ pages: [{ pfn: PFN, count: 512 }] }, (b) =>
        b.map('pte', VMALLOC, PFN, { count: 512, contiguous }),
      ),
  ],
  bad_one_misaligned_segment_stops_the_rest: [
    ['64 KiB'],
    () =>
      mapping({ pages: misalignedThenBlock }, (b) =>
        b
          .map('pte', VMALLOC, PFN + 1, { count: 16 })
          .map('pte', VMALLOC + KIB64, 0x60010, { count: 496 })
          .map('pte', VMALLOC + MIB2, 0x70000, { count: 512 }),
      ),
  ],
});
