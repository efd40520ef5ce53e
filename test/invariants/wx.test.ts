// SPDX-License-Identifier: GPL-2.0-only
import { wx } from '../../src/invariants/wx.ts';
import { arm64, pageKernel, protection, VMALLOC } from '../trace/small-machines.ts';
import { judgeFixtures } from './judge-fixtures.ts';
import { mapIntent, PAGE, traceOn, type TraceBuilder } from './trace-on.ts';

const PFN = 0x50000;
const OPEN = protection((1n << 54n) | (1n << 51n) | 0x713n);
const mapping = (asked: typeof OPEN, given: typeof OPEN): TraceBuilder =>
  traceOn(arm64)
    .op('vmap_pages_range', mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn: PFN, count: 1 }], prot: asked }))
    .map('pte', VMALLOC, PFN, { prot: given })
    .cacheVmap(VMALLOC, VMALLOC + PAGE)
    .returns();

judgeFixtures(wx, {
  good_data_is_not_executable: () => mapping(pageKernel(arm64), pageKernel(arm64)),
  bad_execution_not_forbidden: [
    ['map/exact: wrong-protection', 'pte'],
    () => mapping(pageKernel(arm64), OPEN),
  ],
});
