// SPDX-License-Identifier: GPL-2.0-only
import { arith } from '../../src/invariants/arith.ts';
import { arm64 } from '../trace/small-machines.ts';
import { judgeFixtures } from './judge-fixtures.ts';
import { traceOn } from './trace-on.ts';

const other = { kind: 'other' } as const;

judgeFixtures(arith, {
  good_no_fault: () => traceOn(arm64).op('vmap_batched', other).returns(),
  bad_shift_by_the_width: [
    ['shift'],
    () =>
      traceOn(arm64)
        .op('vmap_batched', other)
        .event({ kind: 'fault', fault: 'shift', access: 'none', addr: 0, size: 8 }),
  ],
});
