// SPDX-License-Identifier: GPL-2.0-only
import { areaReady } from '../../../src/invariants/area/ready.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const taken = (...flags: readonly string[]): TraceBuilder =>
  traceOn(arm64)
    .op('get_vm_area', { kind: 'other' })
    .returns({ addr: VMALLOC })
    .area(VMALLOC, 2 * PAGE, ...flags);

judgeFixtures(areaReady, {
  good_flag_cleared: () => taken('VM_ALLOC'),
  bad_flag_kept: [['uninitialised'], () => taken('VM_ALLOC', 'VM_UNINITIALIZED')],
});
