// SPDX-License-Identifier: GPL-2.0-only
import { mapRefuse } from '../../../src/invariants/map/refuse.ts';
import type { PageRun, WarnEvent } from '../../../src/trace/events.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { mapIntent, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;
const warning: WarnEvent = { kind: 'warn', call: 'WARN', condition: '!page' };
const secondNull: PageRun[] = [
  { pfn: PFN, count: 1 },
  { pfn: 0, count: 1, bad: 'null' },
];
const calling = (pages: readonly PageRun[], maxShift = 12): TraceBuilder =>
  traceOn(arm64).op('vmap_pages_range', mapIntent(arm64, { addr: VMALLOC, pages, maxShift, legal: false }));

judgeFixtures(mapRefuse, {
  good_null_page_refused: () =>
    calling(secondNull).map('pte', VMALLOC, PFN).event(warning).returns({ error: 12 }),
  good_bad_page_inside_of_a_promised_block: () =>
    calling(
      [
        { pfn: PFN, count: 511 },
        { pfn: 0, count: 1, bad: 'null' },
      ],
      21,
    )
      .map('pmd', VMALLOC, PFN)
      .returns(),
  bad_null_page_mapped: [
    ['mapped/pte'],
    () =>
      calling(secondNull)
        .map('pte', VMALLOC, PFN)
        .map('pte', VMALLOC + PAGE, 0)
        .returns(),
  ],
  bad_block_for_an_invalid_page: [
    ['mapped/pmd'],
    () =>
      calling([{ pfn: 0x900000, count: 512, bad: 'invalid' }], 21)
        .map('pmd', VMALLOC, 0x900000)
        .returns(),
  ],
  bad_null_page_skipped: [['success'], () => calling(secondNull).map('pte', VMALLOC, PFN).returns()],
  bad_null_page_is_a_bug: [
    ['bug'],
    () =>
      calling(secondNull)
        .map('pte', VMALLOC, PFN)
        .event({ ...warning, call: 'BUG' }),
  ],
});
