// SPDX-License-Identifier: GPL-2.0-only
import { flushOnce } from '../../../src/invariants/flush/once.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const END = VMALLOC + 4 * PAGE;
const purge = (): TraceBuilder => traceOn(arm64).op('vm_unmap_aliases', { kind: 'other' });

const lockedAndReleased = (['acquire', 'release'] as const).map((change) => {
  return { kind: 'lock', change, lock: 64, name: 'vmap_area_lock' } as const;
});

judgeFixtures(flushOnce, {
  good_one_flush: () => purge().tlb(VMALLOC, END).returns(),
  good_entry_changed_in_between: () =>
    purge().tlb(VMALLOC, END).map('pte', VMALLOC, 0x50000).tlb(VMALLOC, END).returns(),
  good_further_than_before: () =>
    purge()
      .tlb(VMALLOC, END - PAGE)
      .tlb(VMALLOC, END)
      .returns(),
  good_by_another_call: () =>
    purge().tlb(VMALLOC, END).returns().op('vm_unmap_aliases', { kind: 'other' }).tlb(VMALLOC, END).returns(),
  good_twice_in_a_row: () => purge().tlb(VMALLOC, END).tlb(VMALLOC, END).returns(),
  bad_flushed_again: [
    ['again'],
    () => {
      const flushed = purge().tlb(VMALLOC, END);
      return flushed
        .event(...lockedAndReleased)
        .tlb(VMALLOC, END - PAGE)
        .returns();
    },
  ],
  bad_never_set: [['backwards'], () => purge().tlb(-1, 0).returns()],
});
