// SPDX-License-Identifier: GPL-2.0-only
import { fixmapBatch } from '../../../src/invariants/fixmap/batch.ts';
import { arm64 } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const SLOT = arm64.addresses.fixaddrTop - 16 * PAGE;

function oneByOne(count: number): TraceBuilder {
  const builder = traceOn(arm64).op('map_mem', { kind: 'other' });
  for (let i = 0; i < count; i++) {
    builder
      .map('pte', SLOT, 0x50000 + i)
      .clear('pte', SLOT)
      .tlb(SLOT, SLOT + PAGE);
  }
  return builder.returns();
}

judgeFixtures(fixmapBatch, {
  good_together: () =>
    traceOn(arm64)
      .op('map_mem', { kind: 'other' })
      .map('pte', SLOT, 0x50000, { count: 16 })
      .clear('pte', SLOT, 16)
      .tlb(SLOT, SLOT + 16 * PAGE)
      .returns(),
  bad_one_by_one: [['each'], () => oneByOne(16)],
});
