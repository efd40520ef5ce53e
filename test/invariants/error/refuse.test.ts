// SPDX-License-Identifier: GPL-2.0-only
import { errorRefuse } from '../../../src/invariants/error/refuse.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { mapIntent, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;

/** A page is mapped, and somebody asks for another one in its place. */
function askedTwice(): TraceBuilder {
  const asked = (pfn: number, legal: boolean) =>
    mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn, count: 1 }], legal });
  return traceOn(arm64)
    .op('vmap_pages_range', asked(PFN, true))
    .map('pte', VMALLOC, PFN)
    .cacheVmap(VMALLOC, VMALLOC + PAGE)
    .returns()
    .op('vmap_pages_range', asked(PFN + 8, false));
}

/** vmap() of a good page with flags that are not for it. */
function wrongFlags(): TraceBuilder {
  return traceOn(arm64).op('vmap', mapIntent(arm64, { pages: [{ pfn: PFN, count: 1 }], legal: false }));
}

/** Of more pages than there are. */
function tooMuch(): TraceBuilder {
  const pages = [{ pfn: PFN, count: arm64.addresses.ramPages + 1 }];
  return traceOn(arm64).op('vmap', mapIntent(arm64, { pages, legal: false }));
}

judgeFixtures(errorRefuse, {
  good_busy_entry_kept: () => askedTwice().returns({ error: 16 }),
  bad_busy_entry_overwritten: [
    ['bbm: address changes/pte', 'overwritten'],
    () =>
      askedTwice()
        .map('pte', VMALLOC, PFN + 8)
        .returns(),
  ],
  good_too_much_refused_at_once: () => tooMuch().returns({ error: 12 }),
  bad_too_much_tried: [
    ['tried'],
    () =>
      tooMuch().event({ kind: 'alloc-failure', what: 'object', name: 'vm_struct' }).returns({ error: 12 }),
  ],
  good_flags_refused: () => wrongFlags().returns({ error: 12 }),
  bad_flags_taken: [
    ['flags'],
    () =>
      wrongFlags()
        .map('pte', VMALLOC, PFN)
        .cacheVmap(VMALLOC, VMALLOC + PAGE)
        .returns({ value: VMALLOC, addr: VMALLOC }),
  ],
  bad_busy_entry_kept_in_silence: [['success'], () => askedTwice().returns()],
});
