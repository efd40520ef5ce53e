// SPDX-License-Identifier: GPL-2.0-only
import type { VirtAddr } from '../../base/units.ts';
import type { AreaEvent } from '../../trace/events.ts';
import { keepsArea } from '../entry-points.ts';
import type { Invariant } from '../invariant.ts';
import { quoteRange } from '../quoting.ts';

export const areaDisjoint: Invariant = {
  id: 'area/disjoint',
  title: 'areas do not overlap',
  promise:
    'Areas in use do not overlap, lie in vmalloc space, and each ends with a guard page that nothing maps.',
  source:
    'mm/vmalloc.c, alloc_vmap_area() and __get_vm_area_node(): a page is added to each size, unless VM_NO_GUARD.',
  why: 'Two users of one address write into each other; without the guard a run past the end is not noticed.',
  example: 'The gap is measured without the guard page of the area before it.',
  limits:
    'Sees the areas that the scenario looked up, from then on until they are unmapped. The free tree and its maxima are in no event, so an area lost from both trees is not seen.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    const areas = new Map<VirtAddr, { event: AreaEvent; n: number }>();
    return {
      return: (event) => {
        const { operation } = run;
        if (operation?.intent.kind !== 'unmap' || event.error !== 0) return;
        if (!keepsArea(operation.event.name)) areas.delete(operation.intent.addr);
      },
      area: (event, n) => {
        const known = areas.get(event.addr);
        areas.set(event.addr, { event, n });
        if (known !== undefined && known.event.size === event.size) return;
        verdict.exercise();
        const end = event.addr + event.size;
        const seen = quoteRange(event.addr, end);
        if (!run.inVmallocSpace(event.addr) || !run.inVmallocSpace(end - 1)) {
          const { vmallocStart, vmallocEnd } = run.machine.addresses;
          const expected = `an area in ${quoteRange(vmallocStart, vmallocEnd)}`;
          verdict.violate({ key: 'outside', event: n, addr: event.addr, expected, seen });
          return;
        }
        for (const { event: other, n: since } of areas.values()) {
          if (other === event || other.addr >= end || other.addr + other.size <= event.addr) continue;
          const expected = `no overlap with ${quoteRange(other.addr, other.addr + other.size)}`;
          verdict.violate({ key: 'overlap', event: n, related: [since], addr: event.addr, expected, seen });
          return;
        }
        const guard = end - run.pageSize;
        if (event.flagNames.includes('VM_NO_GUARD') || run.state.tables.translate(guard) === undefined)
          return;
        verdict.violate({
          key: 'guard',
          event: n,
          addr: guard,
          expected: 'an unmapped guard page',
          seen: `${seen} is mapped to its end`,
        });
      },
    };
  },
};
