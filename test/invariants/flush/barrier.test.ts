// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { flushBarrier } from '../../../src/invariants/flush/barrier.ts';
import { judge } from '../../../src/invariants/judge.ts';
import { arm64, tableEntry, VMALLOC, x86 } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { mapIntent, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const END = VMALLOC + 2 * PAGE;
const mapping = (machine = arm64): TraceBuilder =>
  traceOn(machine)
    .withoutBarriers()
    .op('vmap_pages_range', mapIntent(machine, { addr: VMALLOC, pages: [{ pfn: 0x50000, count: 2 }] }));
const mapped = (): TraceBuilder => mapping().map('pte', VMALLOC, 0x50000, { count: 2 });
const inUse = (): TraceBuilder => mapped().barriers('dsb ishst', 'isb').cacheVmap(VMALLOC, END).returns();
const unmapping = (): TraceBuilder =>
  inUse()
    .op('vunmap_range', { kind: 'unmap', addr: VMALLOC, size: 2 * PAGE })
    .cacheVunmap(VMALLOC, END)
    .clear('pte', VMALLOC, 2);
const done = (trace: TraceBuilder): TraceBuilder => trace.cacheVmap(VMALLOC, END).returns();
const uses = { kind: 'access', access: 'read', addr: VMALLOC, phys: 0x50000000 } as const;
const lazy = (change: 'enter' | 'leave') => ({ kind: 'scope', scope: 'lazy-mmu', change }) as const;

/** A page of tables that is filled before it is linked. */
const TABLE = 0x47777;
const filled = (): TraceBuilder =>
  inUse()
    .op('other', { kind: 'other' })
    .event({
      ...{ kind: 'table-write', cpu: 0, level: 'pte', addr: undefined, table: TABLE, index: 0, before: 0 },
      after: tableEntry(arm64, 0x50000),
    });
const linked = (trace: TraceBuilder): TraceBuilder =>
  trace
    .write('pmd', VMALLOC + 2 ** 21, tableEntry(arm64, TABLE))
    .barriers('dsb ishst', 'isb')
    .returns();

judgeFixtures(flushBarrier, {
  good_published: () => inUse(),
  good_published_for_all_the_system: () => done(mapped().barriers('wmb', 'isb')),
  good_barriers_wait_for_the_end_of_lazy_mode: () =>
    done(
      mapping()
        .event(lazy('enter'))
        .map('pte', VMALLOC, 0x50000, { count: 2 })
        .event(lazy('leave'))
        .barriers('dsb ishst', 'isb'),
    ),
  good_flush_function_publishes: () => done(mapped().tlb(VMALLOC, END)),
  good_used_after_the_barriers: () => done(mapped().barriers('dsb ishst', 'isb').event(uses)),
  good_whole_sequence: () =>
    unmapping().barriers('dsb ishst').tlbi(VMALLOC, END).barriers('dsb ish', 'isb').returns(),
  good_flush_function: () => unmapping().tlb(VMALLOC, END).returns(),
  good_table_linked_behind_a_barrier: () => linked(filled().barriers('smp_wmb')),
  good_call_that_fails: () =>
    mapping()
      .map('pte', VMALLOC, 0x50000)
      .event({ kind: 'alloc-failure', what: 'table', name: 'pte table' })
      .returns({ error: 12 }),
  bad_no_barrier: [['not-published'], () => done(mapped())],
  bad_no_isb: [['not-published/isb'], () => done(mapped().barriers('dsb ishst'))],
  bad_isb_before_dsb: [['not-published/isb'], () => done(mapped().barriers('isb', 'dsb ishst'))],
  bad_barriers_before_the_last_store: [
    ['not-published'],
    () =>
      done(
        mapping()
          .map('pte', VMALLOC, 0x50000)
          .barriers('dsb ishst', 'isb')
          .map('pte', VMALLOC + PAGE, 0x50001),
      ),
  ],
  bad_orders_only: [['not-published'], () => done(mapped().barriers('smp_wmb', 'isb'))],
  bad_for_loads: [['not-published'], () => done(mapped().barriers('dsb ishld', 'isb'))],
  bad_for_this_cpu_alone: [['not-published'], () => done(mapped().barriers('dsb nshst', 'isb'))],
  bad_flush_of_this_cpu_publishes_nothing: [
    ['not-published'],
    () => done(mapped().event({ kind: 'tlb-flush', scope: 'all', start: 0, end: 0, local: true })),
  ],
  bad_used_first: [['used-early'], () => done(mapped().event(uses).barriers('dsb ishst', 'isb'))],
  bad_flush_before_the_store_is_seen: [
    ['flush-before-store'],
    () => unmapping().tlbi(VMALLOC, END).barriers('dsb ish', 'isb').returns(),
  ],
  bad_flush_not_waited_for: [
    ['flush-not-done'],
    () => unmapping().barriers('dsb ishst').tlbi(VMALLOC, END).barriers('isb').returns(),
  ],
  bad_barrier_for_stores_waits_for_no_flush: [
    ['flush-not-done'],
    () => unmapping().barriers('dsb ishst').tlbi(VMALLOC, END).barriers('dsb ishst', 'isb').returns(),
  ],
  bad_waits_for_this_cpu_alone: [
    ['flush-not-done'],
    () => unmapping().barriers('dsb ishst').tlbi(VMALLOC, END).barriers('dsb nsh', 'isb').returns(),
  ],
  bad_instructions_fetched_before: [
    ['flush-not-done/isb'],
    () => unmapping().barriers('dsb ishst').tlbi(VMALLOC, END).barriers('dsb ish').returns(),
  ],
  bad_mapped_again_while_it_is_flushed: [
    ['reused-early', 'map/exact: still-mapped'],
    () =>
      unmapping()
        .barriers('dsb ishst')
        .tlbi(VMALLOC, END)
        .map('pte', VMALLOC, 0x50000, { count: 2 })
        .barriers('dsb ish', 'isb')
        .returns(),
  ],
  bad_table_freed_while_it_is_flushed: [
    ['table-freed-early'],
    () =>
      unmapping()
        .barriers('dsb ishst')
        .tlbi(VMALLOC, END)
        .event({ kind: 'free', what: 'table', addr: 0x1000 })
        .barriers('dsb ish', 'isb')
        .returns(),
  ],
  bad_table_linked_before_its_entries_are_seen: [['linked-early'], () => linked(filled())],
});

describe('flush/barrier', () => {
  it('is nothing that x86 could break', () => {
    const trace = done(mapping(x86).map('pte', VMALLOC, 0x50000, { count: 2 })).trace;
    expect(judge(trace).get('flush/barrier')).toBeUndefined();
  });

  it('leaves entries of huge pages to who sets them', () => {
    const { trace } = traceOn(arm64)
      .withoutBarriers()
      .op('set_huge_pte_at', {
        ...{ kind: 'huge', change: 'set', addr: VMALLOC, size: PAGE, pfn: 0x50000 },
        ...{ prot: 0, legal: true },
      })
      .map('pte', VMALLOC, 0x50000)
      .returns();
    expect(judge(trace).get('flush/barrier')).toMatchObject({ exercised: 0, violations: [] });
  });
});
