// SPDX-License-Identifier: GPL-2.0-only
import { mapGiven } from '../../../src/invariants/map/given.ts';
import type { Intent } from '../../../src/trace/events.ts';
import { arm64 } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { MIB2, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const VMALLOC = arm64.addresses.vmallocStart;
const show = (addr: number, pages: number, legal = true): Intent => {
  return { kind: 'show', addr, size: pages * PAGE, legal };
};

/** A block of 2 MiB, and behind it two pages; the page behind those is not mapped. */
function mapped(): TraceBuilder {
  return traceOn(arm64)
    .map('pmd', VMALLOC, 0x80000)
    .map('pte', VMALLOC + MIB2, 0x90000, { count: 1 })
    .map('pte', VMALLOC + MIB2 + PAGE, 0x90007, { count: 1 });
}

const given = (index: number, pfn: number) => ({ kind: 'page-given', index, pfn }) as const;
const lookUp = (addr: number): TraceBuilder => mapped().op('vmalloc_to_page', show(addr, 1));
const range = (legal = true): TraceBuilder =>
  mapped().op('remap_vmalloc_range', show(VMALLOC + MIB2, 2, legal));

judgeFixtures(mapGiven, {
  good_page_within_a_block: () =>
    lookUp(VMALLOC + 5 * PAGE)
      .event(given(0, 0x80005))
      .returns({ value: 1 }),
  good_no_page_where_none_is_mapped: () => lookUp(VMALLOC + MIB2 + 2 * PAGE).returns({ error: 12 }),
  good_every_page: () => range().event(given(0, 0x90000), given(1, 0x90007)).returns(),
  good_refused: () => range(false).returns({ error: 22 }),
  good_no_memory_half_way: () =>
    range()
      .event(given(0, 0x90000), { kind: 'alloc-failure', what: 'page', name: 'a page' })
      .returns({ error: 12 }),
  good_all_read: () =>
    mapped()
      .op('vread_iter', { ...show(VMALLOC + MIB2, 1), bytes: 100 } as Intent)
      .event(given(0, 0x90000))
      .returns({ value: 100 }),
  bad_read_in_part: [
    ['count'],
    () =>
      mapped()
        .op('vread_iter', { ...show(VMALLOC + MIB2, 1), bytes: 100 } as Intent)
        .event(given(0, 0x90000))
        .returns({ value: 96 }),
  ],
  bad_first_page_of_the_block: [
    ['wrong-page'],
    () =>
      lookUp(VMALLOC + 5 * PAGE)
        .event(given(0, 0x80000))
        .returns({ value: 1 }),
  ],
  bad_no_struct_page: [
    ['wrong-page'],
    () =>
      lookUp(VMALLOC + MIB2)
        .event(given(0, -1))
        .returns({ value: 1 }),
  ],
  bad_page_where_none_is_mapped: [
    ['not-mapped'],
    () =>
      lookUp(VMALLOC + MIB2 + 2 * PAGE)
        .event(given(0, 0x90008))
        .returns({ value: 1 }),
  ],
  bad_last_page_left_out: [['not-given'], () => range().event(given(0, 0x90000)).returns()],
  bad_refused_without_a_reason: [['not-given'], () => range().returns({ error: 22 })],
  bad_one_page_more: [
    ['beyond'],
    () => range().event(given(0, 0x90000), given(1, 0x90007), given(2, 0x90008)).returns(),
  ],
  bad_shown_though_not_made_for_it: [
    ['not-refused'],
    () => range(false).event(given(0, 0x90000), given(1, 0x90007)).returns(),
  ],
});
