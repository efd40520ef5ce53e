// SPDX-License-Identifier: GPL-2.0-only
import { mapContig } from '../../../src/invariants/map/contig.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { KIB64, mapIntent, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;
const contiguous = true;

function mapping(count: number, write: (builder: TraceBuilder) => TraceBuilder): TraceBuilder {
  const intent = mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn: PFN, count }], maxShift: 16 });
  return write(traceOn(arm64).op('vmap_pages_range', intent))
    .cacheVmap(VMALLOC, VMALLOC + count * PAGE)
    .returns();
}

const oneRun = (): TraceBuilder => mapping(16, (b) => b.map('pte', VMALLOC, PFN, { count: 16, contiguous }));
const unmap = (
  builder: TraceBuilder,
  size: number,
  write: (builder: TraceBuilder) => TraceBuilder,
): TraceBuilder =>
  write(
    builder.op('vunmap_range', { kind: 'unmap', addr: VMALLOC, size }).cacheVunmap(VMALLOC, VMALLOC + size),
  )
    .tlb(VMALLOC, VMALLOC + size)
    .returns();

judgeFixtures(mapContig, {
  good_two_runs_and_a_page: () =>
    mapping(33, (b) =>
      b.map('pte', VMALLOC, PFN, { count: 32, contiguous }).map('pte', VMALLOC + 2 * KIB64, PFN + 32),
    ),
  good_run_unmapped_whole: () => unmap(oneRun(), KIB64, (b) => b.clear('pte', VMALLOC, 16)),
  good_caller_unmaps_half_a_run: () => unmap(oneRun(), KIB64 / 2, (b) => b.clear('pte', VMALLOC, 8)),
  bad_last_entry_without_the_bit: [
    ['pte'],
    () =>
      mapping(16, (b) =>
        b.map('pte', VMALLOC, PFN, { count: 15, contiguous }).map('pte', VMALLOC + 15 * PAGE, PFN + 15),
      ),
  ],
  bad_run_of_twenty_entries: [
    ['pte'],
    () => mapping(20, (b) => b.map('pte', VMALLOC, PFN, { count: 20, contiguous })),
  ],
  bad_one_entry_left_behind: [
    ['map/exact: still-mapped', 'pte'],
    () => unmap(oneRun(), KIB64, (b) => b.clear('pte', VMALLOC, 15)),
  ],
});
