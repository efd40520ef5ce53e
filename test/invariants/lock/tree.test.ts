// SPDX-License-Identifier: GPL-2.0-only
import { lockTree } from '../../../src/invariants/lock/tree.ts';
import type { TraceEvent } from '../../../src/trace/events.ts';
import { arm64 } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { traceOn, type TraceBuilder } from '../trace-on.ts';

const tree: TraceEvent = { kind: 'tree', change: 'insert', root: 64, name: 'busy' };

function lock(change: 'acquire' | 'release', name = 'busy_lock'): TraceEvent {
  return { kind: 'lock', change, lock: name.length, name };
}

/** A tree changes with those locks held. */
function changed(builder: TraceBuilder, ...names: readonly string[]): TraceBuilder {
  return builder
    .op('get_vm_area', { kind: 'other' })
    .event(...names.map((name) => lock('acquire', name)), tree, ...names.map((name) => lock('release', name)))
    .returns();
}

/** As the run tells of a search that begins with none of the locks. */
const search: TraceEvent = { ...tree, change: 'read' };

/** As `changed()`, of a tree that stands beside a lock. */
function lazyChanged(builder: TraceBuilder, name: string): TraceBuilder {
  const lazy: TraceEvent = { kind: 'tree', change: 'insert', root: 65, name: 'lazy.root' };
  return builder
    .op('vunmap', { kind: 'other' })
    .event(lock('acquire', name), lazy, lock('release', name))
    .returns();
}

const purged = (): TraceBuilder =>
  traceOn(arm64)
    .op('vm_unmap_aliases', { kind: 'other' })
    .event(lock('acquire', 'lazy.lock'), lock('release', 'lazy.lock'))
    .returns();

judgeFixtures(lockTree, {
  good_lock_beside_the_root: () => lazyChanged(purged(), 'lazy.lock'),
  good_lock_beside_the_root_taken_by_nobody: () => lazyChanged(traceOn(arm64), 'busier.lock'),
  bad_lock_of_another_tree: [['lazy.root'], () => lazyChanged(purged(), 'busier.lock')],
  good_searched_before_it_changes: () => changed(traceOn(arm64).event(search), 'busy_lock'),
  bad_searched_without_lock: [
    ['search/busy'],
    () => changed(traceOn(arm64), 'busy_lock').op('find_vm_area', { kind: 'other' }).event(search).returns(),
  ],
  good_searched_with_one_of_two: () =>
    changed(traceOn(arm64), 'mutex', 'busy_lock')
      .op('find_vm_area', { kind: 'other' })
      .event(lock('acquire', 'mutex'), search, lock('release', 'mutex'))
      .returns(),
  good_always_the_same: () => changed(changed(traceOn(arm64), 'busy_lock'), 'mutex', 'busy_lock'),
  good_boot_locks_nothing: () => changed(traceOn(arm64).event(tree), 'busy_lock'),
  bad_no_lock: [['busy'], () => changed(traceOn(arm64))],
  bad_lock_lost_on_one_path: [['busy'], () => changed(changed(traceOn(arm64), 'busy_lock'))],
  bad_another_lock: [['busy'], () => changed(changed(traceOn(arm64), 'busy_lock'), 'mutex')],
});
