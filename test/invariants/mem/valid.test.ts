// SPDX-License-Identifier: GPL-2.0-only
import { memValid } from '../../../src/invariants/mem/valid.ts';
import type { FaultEvent } from '../../../src/trace/events.ts';
import { arm64 } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { traceOn } from '../trace-on.ts';

const AREA = arm64.addresses.pageOffset + 0x40003000;
const other = { kind: 'other' } as const;
const read: FaultEvent = {
  kind: 'fault',
  fault: 'use-after-free',
  access: 'read',
  addr: AREA + 8,
  size: 8,
  object: { name: 'vmap_area', addr: AREA, size: 72 },
};

judgeFixtures(memValid, {
  good_no_fault: () => traceOn(arm64).op('find_vm_area', other).returns(),
  bad_use_after_free: [
    ['use-after-free/vmap_area'],
    () => traceOn(arm64).op('find_vm_area', other).event(read),
  ],
  bad_null: [
    ['null/unknown'],
    () =>
      traceOn(arm64)
        .op('find_vm_area', other)
        .event({ kind: 'fault', fault: 'null', access: 'read', addr: 8, size: 8 }),
  ],
});
