// SPDX-License-Identifier: GPL-2.0-only
import { ends } from '../../src/invariants/ends.ts';
import { arm64 } from '../trace/small-machines.ts';
import { judgeFixtures } from './judge-fixtures.ts';
import { traceOn } from './trace-on.ts';

judgeFixtures(ends, {
  good_call_returns: () => traceOn(arm64).op('vm_unmap_aliases', { kind: 'other' }).returns(),
  bad_loop_without_end: [
    ['fuel'],
    () => traceOn(arm64).op('vm_unmap_aliases', { kind: 'other' }).event({ kind: 'fuel' }),
  ],
});
