// SPDX-License-Identifier: GPL-2.0-only
import { walkOnce } from '../../../src/invariants/walk/once.ts';
import type { AllocFailureEvent, PageRun, WalkEvent } from '../../../src/trace/events.ts';
import type { ReleasedEvent } from '../../../src/trace/state-events.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { KIB64, mapIntent, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;
const descent = (addr: number): WalkEvent => ({ kind: 'walk', level: 'pgd', addr });
const twoRuns: PageRun[] = [
  { pfn: PFN, count: 16 },
  { pfn: 0x60000, count: 16 },
];

function mapping(
  asked: { name: string; addr?: number; pages: readonly PageRun[] },
  walks: readonly (WalkEvent | AllocFailureEvent | ReleasedEvent)[],
): TraceBuilder {
  const { name, pages, addr } = asked;
  const intent = mapIntent(arm64, { pages, maxShift: 16, ...(addr === undefined ? {} : { addr }) });
  const builder = traceOn(arm64)
    .op(name, intent)
    .event(...walks);
  let at = VMALLOC;
  for (const { pfn, count } of pages) {
    builder.map('pte', at, pfn, { count, contiguous: count >= 16 });
    at += count * PAGE;
  }
  return builder.cacheVmap(VMALLOC, at).returns({ addr: VMALLOC });
}

judgeFixtures(walkOnce, {
  good_one_descent: () => mapping({ name: 'vmap', pages: twoRuns }, [descent(VMALLOC)]),
  good_orders_change: () =>
    mapping(
      {
        name: 'vmap',
        pages: [
          { pfn: PFN, count: 16 },
          { pfn: 0x60001, count: 1 },
        ],
      },
      [descent(VMALLOC), descent(VMALLOC + KIB64)],
    ),
  good_again_after_a_refusal: () =>
    mapping({ name: 'vmap_pages_range', addr: VMALLOC, pages: twoRuns }, [
      descent(VMALLOC),
      { kind: 'alloc-failure', what: 'table', name: 'pte table' },
      descent(VMALLOC),
    ]),
  good_what_was_there_was_unmapped_inside_of_the_call: () =>
    mapping({ name: 'vmap', pages: twoRuns }, [
      descent(VMALLOC),
      { kind: 'released', addr: VMALLOC, size: 33 * PAGE },
      descent(VMALLOC),
    ]),
  bad_descent_for_each_segment: [
    ['vmap'],
    () => mapping({ name: 'vmap', pages: twoRuns }, [descent(VMALLOC), descent(VMALLOC + KIB64)]),
  ],
  bad_shift_given_and_walked_twice: [
    ['vmap_pages_range'],
    () =>
      mapping({ name: 'vmap_pages_range', addr: VMALLOC, pages: twoRuns }, [
        descent(VMALLOC),
        descent(VMALLOC + KIB64),
      ]),
  ],
});
