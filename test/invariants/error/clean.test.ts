// SPDX-License-Identifier: GPL-2.0-only
import { errorClean } from '../../../src/invariants/error/clean.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { mapIntent, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;
const refused = { kind: 'alloc-failure', what: 'table', name: 'pte table' } as const;
const vmap = (): TraceBuilder =>
  traceOn(arm64).op('vmap', mapIntent(arm64, { pages: [{ pfn: PFN, count: 2 }] }));
const half = (): TraceBuilder => vmap().map('pte', VMALLOC, PFN).event(refused);

judgeFixtures(errorClean, {
  good_half_taken_back: () =>
    half()
      .cacheVunmap(VMALLOC, VMALLOC + PAGE)
      .clear('pte', VMALLOC)
      .returns({ error: 12 }),
  good_caller_cleans_up: () =>
    traceOn(arm64)
      .op('vmap_pages_range', mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn: PFN, count: 2 }] }))
      .map('pte', VMALLOC, PFN)
      .event(refused)
      .returns({ error: 12 }),
  bad_no_retry_with_pages: [
    ['no-reason'],
    () =>
      traceOn(arm64)
        .op('vmalloc_huge', mapIntent(arm64, { pages: [{ pfn: PFN, count: 16 }] }))
        .event({ ...refused, what: 'page', name: '2^4 pages', order: 4 })
        .returns({ error: 12 }),
  ],
  bad_half_left_mapped: [['leaf'], () => half().returns({ error: 12 })],
  bad_page_left: [
    ['leak: page', 'page'],
    () =>
      traceOn(arm64)
        .op('vmalloc', { ...mapIntent(arm64, { pages: [{ pfn: PFN, count: 2 }] }) })
        .event({ kind: 'page', change: 'alloc', pfn: PFN, order: 0 }, refused)
        .returns({ error: 12 }),
  ],
  bad_error_for_null: [['error-pointer'], () => vmap().event(refused).returns({ value: -12, error: 12 })],
  bad_fails_for_no_reason: [['no-reason'], () => vmap().returns({ error: 12 })],
});
