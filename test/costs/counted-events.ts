// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import type { CountedRun } from '../../src/costs/count.ts';
import type { TraceEvent } from '../../src/trace/events.ts';
import type { Work } from '../../src/trace/work.ts';

const page = fc.integer({ min: 0, max: 2000 }).map((at) => at * 4096);

/** One event of a kind that is counted, or of one that is not. */
const event: fc.Arbitrary<TraceEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('walk' as const),
    level: fc.constantFrom('pgd' as const, 'pte' as const),
    addr: page,
  }),
  fc.record({
    kind: fc.constant('table-write' as const),
    cpu: fc.constant(0),
    level: fc.constant('pte' as const),
    addr: page,
    table: fc.constant(7),
    index: fc.nat(511),
    before: fc.constant(0),
    after: fc.constant(1),
  }),
  fc.record({
    kind: fc.constant('tlb-flush' as const),
    scope: fc.constantFrom('range' as const, 'all' as const),
    start: fc.constant(0),
    end: page,
    local: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('lock' as const),
    change: fc.constantFrom('acquire' as const, 'release' as const),
    lock: fc.constant(64),
    name: fc.constant('vmap_area_lock'),
  }),
  fc.constantFrom<TraceEvent[]>(
    { kind: 'barrier', name: 'dsb ishst' },
    { kind: 'barrier', name: 'isb' },
    { kind: 'barrier', name: 'smp_wmb' },
    { kind: 'alloc', what: 'table', addr: 4096, size: 4096, name: 'pte table' },
    { kind: 'alloc', what: 'stack', addr: 4096, size: 8, name: 'nr' },
    { kind: 'page', change: 'free', pfn: 9, order: 0 },
    { kind: 'fuel' },
  ),
);

const work: fc.Arbitrary<Omit<Work, 'cpu' | 'event'>> = fc.record({
  iterations: fc.nat(1000),
  calls: fc.dictionary(fc.constantFrom('pfn_valid', 'atomic_add', 'pte_none', 'kmalloc'), fc.nat(50)),
});

/** A call on some CPU, with what it did. */
export const call: fc.Arbitrary<CountedRun> = fc
  .record({ cpu: fc.nat(3), events: fc.array(event, { maxLength: 12 }), work })
  .map(({ cpu, events, work: done }) => ({
    events: [
      { kind: 'operation', operation: 0, cpu, name: 'vmap', intent: { kind: 'other' } },
      ...events,
      { kind: 'return', operation: 0, value: 0, error: 0 },
    ],
    work: [{ event: events.length + 1, cpu, ...done }],
  }));

/** Both, one after the other. */
export function joined(first: CountedRun, second: CountedRun): CountedRun {
  const offset = first.events.length;
  return {
    events: [...first.events, ...second.events],
    work: [...first.work, ...second.work.map((each) => ({ ...each, event: each.event + offset }))],
  };
}
