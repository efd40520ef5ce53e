// SPDX-License-Identifier: GPL-2.0-only
import { splitSetMemory } from '../../../src/invariants/split/set_memory.ts';
import type { Machine } from '../../../src/trace/machine.ts';
import { arm64, arm64Bbml2, protection, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { KIB64, mapIntent, MIB2, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;
const HALF = MIB2 / 2;
const READ_ONLY = protection((3n << 53n) | (1n << 51n) | 0x793n);
const contiguous = true;

function block(machine: Machine = arm64): TraceBuilder {
  const intent = mapIntent(machine, { addr: VMALLOC, pages: [{ pfn: PFN, count: 512 }], maxShift: 21 });
  return traceOn(machine)
    .op('vmap_pages_range', intent)
    .map('pmd', VMALLOC, PFN)
    .cacheVmap(VMALLOC, VMALLOC + MIB2)
    .returns();
}
const run = (): TraceBuilder =>
  traceOn(arm64)
    .op(
      'vmap_pages_range',
      mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn: PFN, count: 16 }], maxShift: 16 }),
    )
    .map('pte', VMALLOC, PFN, { count: 16, contiguous })
    .cacheVmap(VMALLOC, VMALLOC + KIB64)
    .returns();
const readOnly = (builder: TraceBuilder, size: number): TraceBuilder =>
  builder.op('set_memory_ro', { kind: 'protect', addr: VMALLOC, size, change: 'ro' });
const flushed = (builder: TraceBuilder): TraceBuilder => builder.tlb(VMALLOC, VMALLOC + MIB2);
const splitHalf = (builder: TraceBuilder): TraceBuilder =>
  flushed(
    readOnly(builder, HALF)
      .map('pte', VMALLOC, PFN, { count: 512 })
      .map('pte', VMALLOC, PFN, { count: 256, prot: READ_ONLY }),
  ).returns();

judgeFixtures(splitSetMemory, {
  good_half_a_block_refused: () => readOnly(block(), HALF).returns({ error: 22 }),
  good_half_a_block_split_where_allowed: () => splitHalf(block(arm64Bbml2)),
  good_whole_block: () =>
    flushed(readOnly(block(), MIB2).map('pmd', VMALLOC, PFN, { prot: READ_ONLY })).returns(),
  good_no_page: () =>
    readOnly(
      flushed(readOnly(block(), MIB2).map('pmd', VMALLOC, PFN, { prot: READ_ONLY })).returns(),
      0,
    ).returns(),
  bad_no_page_refused: [
    ['nothing'],
    () =>
      readOnly(
        flushed(readOnly(block(), MIB2).map('pmd', VMALLOC, PFN, { prot: READ_ONLY })).returns(),
        0,
      ).returns({ error: 22 }),
  ],
  bad_neighbours_change_too: [
    ['outside'],
    () => flushed(readOnly(block(), HALF).map('pmd', VMALLOC, PFN, { prot: READ_ONLY })).returns(),
  ],
  bad_split_of_a_live_block: [['live-split'], () => splitHalf(block())],
  bad_changed_and_then_refused: [
    ['changed-and-refused'],
    () => readOnly(block(), MIB2).map('pmd', VMALLOC, PFN, { prot: READ_ONLY }).returns({ error: 22 }),
  ],
  bad_run_torn: [
    ['run-torn'],
    () =>
      flushed(
        readOnly(run(), 8 * PAGE).map('pte', VMALLOC, PFN, { count: 8, contiguous, prot: READ_ONLY }),
      ).returns(),
  ],
  bad_last_page_forgotten: [
    ['no-effect/ro'],
    () =>
      flushed(
        readOnly(
          traceOn(arm64)
            .op('vmap_pages_range', mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn: PFN, count: 4 }] }))
            .map('pte', VMALLOC, PFN, { count: 4 })
            .cacheVmap(VMALLOC, VMALLOC + 4 * PAGE)
            .returns(),
          4 * PAGE,
        ).map('pte', VMALLOC, PFN, { count: 3, prot: READ_ONLY }),
      ).returns(),
  ],
});
