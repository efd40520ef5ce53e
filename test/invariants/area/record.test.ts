// SPDX-License-Identifier: GPL-2.0-only
import { areaRecord } from '../../../src/invariants/area/record.ts';
import type { AskedOfArea } from '../../../src/trace/asked-of-area.ts';
import type { AreaEvent } from '../../../src/trace/events.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { KIB64, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const CALLER = 0x100000;
const ASKED: AskedOfArea = { bytes: 100, flagNames: ['VM_ALLOC'], caller: CALLER };

/** One page asked for, and what find_vm_area() says then. */
function taken(asked: Partial<AskedOfArea>, said: Partial<AreaEvent> = {}): TraceBuilder {
  return traceOn(arm64)
    .op('__get_vm_area_caller', { kind: 'take', size: PAGE, asked: { ...ASKED, ...asked } })
    .returns({ addr: VMALLOC + PAGE })
    .event({
      kind: 'area',
      addr: VMALLOC + PAGE,
      size: 2 * PAGE,
      flags: 2,
      flagNames: ['VM_ALLOC'],
      requestedSize: 100,
      caller: CALLER,
      ...said,
    });
}

const limits = { from: VMALLOC + PAGE, to: VMALLOC + 3 * PAGE };

judgeFixtures(areaRecord, {
  good_as_asked: () => taken(limits),
  good_no_size_noted: () => {
    const { requestedSize: _, ...event } = taken({}).events.at(-1) as AreaEvent;
    return traceOn(arm64)
      .op('__get_vm_area_caller', { kind: 'take', size: PAGE, asked: ASKED })
      .returns({ addr: VMALLOC + PAGE })
      .event(event);
  },
  good_guard_kept_all_the_same: () => taken({ flagNames: ['VM_ALLOC', 'VM_NO_GUARD'] }),
  bad_guard_dropped: [['guard'], () => taken({}, { flagNames: ['VM_ALLOC', 'VM_NO_GUARD'] })],
  bad_below_the_range: [['range'], () => taken({ ...limits, from: VMALLOC + 2 * PAGE })],
  bad_guard_behind_the_range: [['range'], () => taken({ ...limits, to: VMALLOC + 2 * PAGE })],
  bad_alignment: [['alignment'], () => taken({ alignShift: Math.log2(KIB64) })],
  bad_flag_lost: [['flags'], () => taken({ flagNames: ['VM_ALLOC', 'VM_USERMAP'] })],
  bad_size_rounded: [['size'], () => taken({}, { requestedSize: PAGE })],
  bad_nobody_asked: [['caller'], () => taken({}, { caller: 0 })],
  bad_distance: [['distance'], () => taken({}, { displaced: true })],
  bad_pages_of_the_last_owner: [['pages'], () => taken({}, { strayPages: 2 })],
  bad_last_page_lost: [['lost'], () => taken({}, { lastPageLost: true })],
});
