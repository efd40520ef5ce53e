// SPDX-License-Identifier: GPL-2.0-only
import { errorText } from '../../trace/error-names.ts';
import type { VirtAddr } from '../../base/units.ts';
import { AddressRanges } from '../../trace/address-ranges.ts';
import type { Intent } from '../../trace/events.ts';
import { sizeText } from '../../trace/size-text.ts';
import { keepsArea, mayDefer } from '../entry-points.ts';
import type { Invariant } from '../invariant.ts';
import type { JudgedRun } from '../judged-run.ts';
import { quoteRange } from '../quoting.ts';

export const areaSpace: Invariant = {
  id: 'area/space',
  title: 'address space comes back',
  promise:
    'A call that finds no address fails only where no area of its size would fit into what earlier areas have given back, or what others give back when they are asked or waited for.',
  source:
    'mm/vmalloc.c, alloc_vmap_area(): where there is no room, lazily freed areas are purged and the search is done again, then those who registered for purges are asked; __vmalloc_node_range() waits for what must not fail; the maxima of the free tree lead to every piece that is large enough.',
  why: 'Address space that is lost, not merged or not found again runs out after days or months, on a machine with plenty of memory.',
  example: 'The free tree does not learn that a piece has grown, so that a request that fits is turned down.',
  limits:
    'Knows of room where areas of the scenario have been, until something else lies there; beside newer areas a page is left out. Requests with an alignment of more than a page, and those after vm_map_ram(), whose blocks are in no event, are not judged.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    /** In use: where each ends, and what it took of the free space, the pages beside it included. */
    const areas = new Map<VirtAddr, { readonly end: VirtAddr; readonly took: readonly Range[] }>();
    const free = new AddressRanges();
    let lastFreed: number | undefined;
    let usesBlocks = false;
    const release = (addr: VirtAddr): void => {
      const area = areas.get(addr);
      if (area === undefined) return;
      areas.delete(addr);
      free.add(addr, area.end);
      for (const { start, end } of area.took) free.add(start, end);
      for (const [start, { end }] of areas) free.remove(start, end);
    };
    return {
      operation: (event) => {
        const { intent } = event;
        usesBlocks ||=
          event.name === 'vm_map_ram' && 'size' in intent && intent.size <= MOST_OF_A_BLOCK * run.pageSize;
      },
      area: (event) => {
        const end = event.addr + event.size;
        const from = event.addr - run.pageSize;
        const to = end + run.pageSize;
        const took = [...free]
          .filter((range) => range.start < to && from < range.end)
          .map((range) => ({ start: Math.max(from, range.start), end: Math.min(to, range.end) }));
        areas.set(event.addr, { end, took });
        free.remove(from, to);
      },
      'given-back': ({ addr }, n) => {
        release(addr);
        lastFreed = n;
      },
      return: (event, n) => {
        const { operation } = run;
        if (operation === undefined) return;
        const { intent } = operation;
        if (intent.kind === 'unmap') {
          const area = areas.get(intent.addr);
          if (area === undefined || event.error !== 0 || keepsArea(operation.event.name)) return;
          if (mayDefer(operation.event)) {
            areas.delete(intent.addr);
            return;
          }
          release(intent.addr);
          lastFreed = n;
          return;
        }
        if ((intent.kind !== 'map' && intent.kind !== 'take') || usesBlocks) return;
        if (intent.size === 0 || !isLegal(intent) || operation.refusals > 0 || operation.warned) return;
        const limits = limitsOf(intent);
        // What another task would have given back is as good as free: nobody has asked, or nobody has waited.
        const { offer } = operation.event;
        if (event.error !== 0 && offer !== undefined) release(offer);
        if (limits === undefined && (free.isEmpty || isAligned(run, intent))) return;
        verdict.exercise();
        if (event.error === 0) return;
        const size = intent.size + (operation.event.name === 'vm_map_ram' ? 0 : run.pageSize);
        const places = limits === undefined ? [...free] : [limits].filter((place) => isNobodys(areas, place));
        const align = 2 ** (intent.asked?.alignShift ?? run.machine.pageShift);
        const room = places.find(({ start, end }) => {
          return Math.ceil(start / align) * align + size <= end && isEmpty(run, start, end);
        });
        if (room === undefined) return;
        verdict.violate({
          key: 'not-found',
          event: n,
          related: lastFreed === undefined ? [operation.n] : [lastFreed, operation.n],
          addr: room.start,
          expected: `${sizeText(size)} found in ${quoteRange(room.start, room.end)}, which is free`,
          seen: `${errorText(event.error)}, and no allocation was refused`,
        });
      },
    };
  },
};

/** Pages; larger ones get an area of their own. */
const MOST_OF_A_BLOCK = 64;

type Wanted = Extract<Intent, { kind: 'map' | 'take' }>;

function isLegal(intent: Wanted): boolean {
  return intent.kind === 'take' || (intent.legal && intent.addr === undefined);
}

/** The range in which the caller wants it, if it says both ends: those of scenarios begin where any area may. */
function limitsOf({ asked }: Wanted): Range | undefined {
  const { from, to } = asked ?? {};
  return from === undefined || to === undefined ? undefined : { start: from, end: to };
}

/** More has to be free than the area takes, or in another place than where areas were. */
function isAligned(run: JudgedRun, { size, asked }: Wanted): boolean {
  const { flagNames = [], from, to, alignShift } = asked ?? {};
  if (from !== undefined || to !== undefined || alignShift !== undefined) return true;
  return flagNames.includes('VM_IOREMAP') && size > run.pageSize;
}

function isNobodys(areas: ReadonlyMap<VirtAddr, { readonly end: VirtAddr }>, place: Range): boolean {
  return [...areas].every(([start, { end }]) => end <= place.start || start >= place.end);
}

interface Range {
  readonly start: VirtAddr;
  readonly end: VirtAddr;
}

function isEmpty(run: JudgedRun, start: VirtAddr, end: VirtAddr): boolean {
  return run.leafRuns(start, end).length === 0;
}
