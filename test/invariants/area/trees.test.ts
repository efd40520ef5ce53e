// SPDX-License-Identifier: GPL-2.0-only
import { areaTrees } from '../../../src/invariants/area/trees.ts';
import type { TraceEvent } from '../../../src/trace/events.ts';
import type { TreeStateEvent } from '../../../src/trace/state-events.ts';
import { arm64 } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { traceOn, type TraceBuilder } from '../trace-on.ts';

const lock: TraceEvent = { kind: 'lock', change: 'acquire', lock: 8, name: 'busy_lock' };
const unlock: TraceEvent = { ...lock, change: 'release' };
const tree: TraceEvent = { kind: 'tree', change: 'insert', root: 64, name: 'busy' };

/** A call changed a tree, and reading the trees showed that. */
function changed(...faults: readonly TreeStateEvent['fault'][]): TraceBuilder {
  const wrong = faults.map((fault): TraceEvent => {
    return { kind: 'tree-state', name: 'busy', fault, addr: 4096, expected: 8192, seen: 4096 };
  });
  return traceOn(arm64)
    .op('get_vm_area', { kind: 'other' })
    .event(lock, tree, unlock)
    .returns()
    .event(...wrong);
}

judgeFixtures(areaTrees, {
  good_nothing_wrong: () => changed(),
  bad_not_sorted: [['order'], () => changed('order')],
  bad_listed_elsewhere: [['list'], () => changed('list')],
  bad_free_and_in_use: [['shared'], () => changed('shared')],
  bad_stale_size: [['maximum'], () => changed('maximum')],
  bad_freed_node: [['freed'], () => changed('freed')],
});
