// SPDX-License-Identifier: GPL-2.0-only
import { bbm } from '../../src/invariants/bbm.ts';
import type { Machine } from '../../src/trace/machine.ts';
import { arm64, arm64Bbml2, leafEntry, pageKernel, protection, VMALLOC } from '../trace/small-machines.ts';
import { judgeFixtures } from './judge-fixtures.ts';
import { KIB64, MIB2, traceOn, type TraceBuilder } from './trace-on.ts';

const PFN = 0x50000;
const prot = pageKernel(arm64);
const DEVICE = protection((3n << 53n) | (1n << 51n) | 0x717n);
const other = { kind: 'other' } as const;

const block = (machine: Machine = arm64): TraceBuilder =>
  traceOn(machine).op('remap', other).map('pmd', VMALLOC, PFN).returns().op('remap', other);
const huge = (builder: TraceBuilder, pfn: number): TraceBuilder =>
  builder.op('set_huge_pte_at', {
    kind: 'huge',
    change: 'set',
    addr: VMALLOC,
    size: KIB64,
    pfn,
    prot,
    legal: true,
  });
const contiguous = true;

judgeFixtures(bbm, {
  good_rights_change_in_place: () =>
    block()
      .write('pmd', VMALLOC, leafEntry(arm64, 'pmd', PFN, protection((3n << 53n) | 0x793n)))
      .returns(),
  good_split_live_where_allowed: () => block(arm64Bbml2).map('pte', VMALLOC, PFN, { count: 512 }).returns(),
  good_run_replaced_after_a_flush: () =>
    huge(huge(traceOn(arm64), PFN).map('pte', VMALLOC, PFN, { count: 16, contiguous }).returns(), PFN + 16)
      .clear('pte', VMALLOC, 16)
      .tlb(VMALLOC, VMALLOC + KIB64)
      .map('pte', VMALLOC, PFN + 16, { count: 16, contiguous })
      .returns(),
  bad_address_changes: [
    ['address changes/pmd'],
    () =>
      block()
        .map('pmd', VMALLOC, PFN + 512)
        .returns(),
  ],
  bad_memory_type_changes: [
    ['memory type changes/pmd'],
    () => block().map('pmd', VMALLOC, PFN, { prot: DEVICE }).returns(),
  ],
  bad_block_split_live: [
    ['size changes/pmd'],
    () =>
      block()
        .map('pte', VMALLOC, PFN, { count: MIB2 / 4096 })
        .returns(),
  ],
  bad_run_replaced_without_flush: [
    ['not flushed/pte'],
    () =>
      huge(huge(traceOn(arm64), PFN).map('pte', VMALLOC, PFN, { count: 16, contiguous }).returns(), PFN + 16)
        .clear('pte', VMALLOC, 16)
        .map('pte', VMALLOC, PFN + 16, { count: 16, contiguous })
        .returns(),
  ],
});
