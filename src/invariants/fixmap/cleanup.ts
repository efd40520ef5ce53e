// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { VirtAddr } from '../../base/units.ts';
import { inFixmap } from '../../trace/machine.ts';
import { leavesSlotsMapped } from '../entry-points.ts';
import type { Invariant } from '../invariant.ts';

export const fixmapCleanup: Invariant = {
  id: 'fixmap/cleanup',
  title: 'slots of the fixmap given back',
  promise:
    'A call that reaches page tables through slots of the fixmap leaves none of them mapped, and none in a TLB.',
  source:
    'arch/arm64/mm/mmu.c, where each pXd_set_fixmap() has its pXd_clear_fixmap(); the review of "arm64: mm: Lazily clear pte table mappings from fixmap".',
  why: 'Page tables that stay mapped and writable at a known address are a gift to whoever can write there; a slot that a TLB remembers leads its next user to the wrong page.',
  example: 'Slots are cleared together when all are used, and nobody clears those that are left at the end.',
  limits: '__set_fixmap() itself leaves mapped what its caller wants mapped, and is not held to it.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    /** Slots that the operation mapped: address to the event. */
    const used = new Map<VirtAddr, number>();
    return {
      operation: () => used.clear(),
      'table-write': (event, n) => {
        if (event.level !== 'pte' || event.addr === undefined || !inFixmap(run.machine, event.addr)) return;
        const { format } = run.state.tables;
        if (format.kind(format.level(event.level), event.after) === 'leaf') used.set(event.addr, n);
      },
      return: (_event, n) => {
        const { operation } = run;
        if (operation === undefined || used.size === 0 || leavesSlotsMapped(operation.event.name)) return;
        verdict.exercise();
        for (const [addr, since] of used) {
          const leaf = run.state.tables.translate(addr);
          const stale = run.state.stale.first(addr, addr + run.pageSize);
          if (leaf === undefined && stale === undefined) continue;
          const pfn = hex((leaf ?? stale!).pfn);
          verdict.violate({
            key: leaf === undefined ? 'not-flushed' : 'mapped',
            event: n,
            related: [stale?.since ?? since],
            addr,
            expected: `nothing at ${hex(addr)}, and no TLB that remembers it`,
            seen:
              leaf === undefined
                ? `the slot was cleared and the TLB may still translate it to pfn ${pfn}`
                : `the slot still maps pfn ${pfn}`,
          });
        }
      },
    };
  },
};
