// SPDX-License-Identifier: GPL-2.0-only
import { countBalance } from '../../../src/invariants/count/balance.ts';
import type { TraceEvent } from '../../../src/trace/events.ts';
import { arm64 } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { traceOn, type TraceBuilder } from '../trace-on.ts';

function counter(value: number): TraceEvent {
  return { kind: 'counter', name: 'vmalloc pages', value };
}

/** What a counter showed, one value after the other, over a scenario that leaves nothing mapped. */
function counted(...values: readonly number[]): TraceBuilder {
  return traceOn(arm64)
    .op('find_vm_area', { kind: 'other' })
    .event(...values.map(counter))
    .returns();
}

judgeFixtures(countBalance, {
  good_back_to_zero: () => counted(1, 2, 1, 0),
  bad_one_left: [['vmalloc pages'], () => counted(1, 2, 1)],
  bad_below_zero: [['vmalloc pages'], () => counted(1, 0, -1)],
});
