// SPDX-License-Identifier: GPL-2.0-only
import { hugeSize } from '../../../src/invariants/huge/size.ts';
import type { Intent } from '../../../src/trace/events.ts';
import { arm64, pageKernel, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { KIB64, MIB2, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;
const contiguous = true;
const prot = pageKernel(arm64);

function huge(change: 'set' | 'clear', size: number, legal = true): Intent {
  return { kind: 'huge', change, addr: VMALLOC, size, pfn: PFN, prot, legal };
}
const setting = (size: number, legal = true): TraceBuilder =>
  traceOn(arm64).op('set_huge_pte_at', huge('set', size, legal));

judgeFixtures(hugeSize, {
  good_block: () => setting(MIB2).map('pmd', VMALLOC, PFN).returns(),
  good_run: () => setting(KIB64).map('pte', VMALLOC, PFN, { count: 16, contiguous }).returns(),
  good_run_of_blocks: () =>
    setting(16 * MIB2)
      .map('pmd', VMALLOC, PFN, { count: 16, contiguous })
      .returns(),
  good_three_runs: () =>
    setting(3 * KIB64)
      .map('pte', VMALLOC, PFN, { count: 48, contiguous })
      .returns(),
  good_unknown_size_sets_one_page: () =>
    setting(8 * PAGE, false)
      .map('pte', VMALLOC, PFN)
      .returns(),
  good_run_cleared: () =>
    setting(KIB64)
      .map('pte', VMALLOC, PFN, { count: 16, contiguous })
      .returns()
      .op('huge_ptep_get_and_clear', huge('clear', KIB64))
      .clear('pte', VMALLOC, 16)
      .returns(),
  bad_block_counted_as_pages: [
    ['outside/2 MiB'],
    () => setting(MIB2).map('pmd', VMALLOC, PFN, { count: 32, contiguous }).returns(),
  ],
  bad_run_without_the_bit: [
    ['entries/64 KiB'],
    () => setting(KIB64).map('pte', VMALLOC, PFN, { count: 16 }).returns(),
  ],
  bad_run_cleared_in_part: [
    ['left/64 KiB', 'map/contig: pte'],
    () =>
      setting(KIB64)
        .map('pte', VMALLOC, PFN, { count: 16, contiguous })
        .returns()
        .op('huge_ptep_get_and_clear', huge('clear', KIB64))
        .clear('pte', VMALLOC)
        .returns(),
  ],
});
