// SPDX-License-Identifier: GPL-2.0-only
import { errorBalance } from '../../../src/invariants/error/balance.ts';
import type { LockEvent, ScopeEvent } from '../../../src/trace/events.ts';
import { arm64 } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { traceOn } from '../trace-on.ts';

const lock = (change: LockEvent['change']): LockEvent => ({
  kind: 'lock',
  change,
  lock: -8192,
  name: 'vmap_area_lock',
});
const lazy = (change: ScopeEvent['change']): ScopeEvent => ({ kind: 'scope', scope: 'lazy-mmu', change });
const other = { kind: 'other' } as const;

judgeFixtures(errorBalance, {
  good_taken_and_released: () =>
    traceOn(arm64).op('find_vm_area', other).event(lock('acquire'), lock('release')).returns(),
  good_held_by_the_caller: () =>
    traceOn(arm64)
      .event(lock('acquire'))
      .op('apply_to_page_range', other)
      .event(lazy('enter'), lazy('leave'))
      .returns(),
  bad_lock_kept: [
    ['lock vmap_area_lock'],
    () => traceOn(arm64).op('find_vm_area', other).event(lock('acquire')).returns(),
  ],
  bad_lazy_mmu_mode_left_on: [
    ['scope lazy-mmu/error'],
    () => traceOn(arm64).op('apply_to_page_range', other).event(lazy('enter')).returns({ error: 12 }),
  ],
});
