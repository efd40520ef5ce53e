// SPDX-License-Identifier: GPL-2.0-only
import { bitsOfDescriptor, descriptorFromBits, type Descriptor } from '../../../src/base/descriptor.ts';
import { hugeAccess } from '../../../src/invariants/huge/access.ts';
import { toBigUnsigned } from '../../../src/base/u64.ts';
import type { Intent } from '../../../src/trace/events.ts';
import { arm64, contiguousEntry, leafEntry, pageKernel, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { KIB64, MIB2, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;
const contiguous = true;
const prot = pageKernel(arm64);
/** RDONLY is bit 7. */
const readOnly = descriptorFromBits(toBigUnsigned(bitsOfDescriptor(prot)) | 0x80n);
const run = (of: Descriptor): Descriptor => contiguousEntry(arm64, 'pte', PFN, of);
const block = leafEntry(arm64, 'pmd', PFN, prot);

type Change = Extract<Intent, { kind: 'huge' }>['change'];

function huge(change: Change, size: number, entry: Descriptor): Intent {
  return { kind: 'huge', change, addr: VMALLOC, size, pfn: PFN, prot, entry, legal: true };
}
const madeRun = (): TraceBuilder =>
  traceOn(arm64)
    .op('set_huge_pte_at', huge('set', KIB64, run(prot)))
    .map('pte', VMALLOC, PFN, { count: 16, contiguous })
    .returns();

/** Cleared, flushed, and set again with another protection. */
function protectedRun(count: number): TraceBuilder {
  return madeRun()
    .op('huge_ptep_set_wrprotect', huge('protect', KIB64, run(readOnly)))
    .clear('pte', VMALLOC, 16)
    .tlb(VMALLOC, VMALLOC + KIB64)
    .map('pte', VMALLOC, PFN, { count, contiguous, prot: readOnly });
}

judgeFixtures(hugeAccess, {
  good_run_set_and_read: () =>
    madeRun()
      .op('huge_ptep_get', huge('read', KIB64, run(prot)))
      .returns({ value: bitsOfDescriptor(run(prot)) }),
  good_run_protected: () => protectedRun(16).returns(),
  good_block_cleared: () =>
    traceOn(arm64)
      .op('set_huge_pte_at', huge('set', MIB2, block))
      .map('pmd', VMALLOC, PFN)
      .returns()
      .op('huge_ptep_get_and_clear', huge('clear', MIB2, block))
      .clear('pmd', VMALLOC)
      .returns({ value: bitsOfDescriptor(block) }),
  bad_run_set_with_other_rights: [
    ['set/pte'],
    () =>
      traceOn(arm64)
        .op('set_huge_pte_at', huge('set', KIB64, run(prot)))
        .map('pte', VMALLOC, PFN, { count: 16, contiguous, prot: readOnly })
        .returns(),
  ],
  bad_run_stays_writable: [
    ['protect/pte'],
    () =>
      madeRun()
        .op('huge_ptep_set_wrprotect', huge('protect', KIB64, run(readOnly)))
        .returns(),
  ],
  bad_told_as_read_only: [
    ['told/pte'],
    () =>
      madeRun()
        .op('huge_ptep_get', huge('read', KIB64, run(prot)))
        .returns({ value: bitsOfDescriptor(run(readOnly)) }),
  ],
  bad_change_not_told: [
    ['untold/pte'],
    () =>
      madeRun()
        .op('huge_ptep_set_access_flags', huge('access', KIB64, run(readOnly)))
        .clear('pte', VMALLOC, 16)
        .tlb(VMALLOC, VMALLOC + KIB64)
        .map('pte', VMALLOC, PFN, { count: 16, contiguous, prot: readOnly })
        .returns(),
  ],
});
