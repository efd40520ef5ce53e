// SPDX-License-Identifier: GPL-2.0-only
import type { VirtAddr } from '../base/units.ts';
import type { PageRun } from '../trace/events.ts';
import type { Machine } from '../trace/machine.ts';
import { makePageArray } from './page-array.ts';
import { prepareMapMemblock, prepareMapMem, prepareSetFixmap } from './prepared-linear-map.ts';
import { prepareHugeClear, prepareHugeMake, prepareHugeSet } from './prepared-huge-entry.ts';
import { countPages, type Operation } from './scenario.ts';
import {
  atFreePlace,
  atPlace,
  noArea,
  type PreparedCall,
  type ScenarioState,
  type Unreachable,
} from './scenario-state.ts';
import type { Stage } from './stage.ts';

export const ANY_SHIFT = 63;

/** Builds the C arguments of an operation and says what its caller wants. Changes the kernel's memory only. */
export function prepareCall(
  stage: Stage,
  state: ScenarioState,
  operation: Operation,
): PreparedCall | Unreachable {
  const missing = 'flags' in operation ? stage.missingFlag(operation.flags) : undefined;
  if (missing !== undefined) return { notReached: `the tree has no ${missing}`, treeLacks: true };
  switch (operation.call) {
    case 'vmap':
      return prepareVmap(stage, state, operation);
    case 'get_vm_area':
      return {
        intent: { kind: 'other' },
        values: { size: operation.size * stage.pageSize, flags: stage.areaFlags(operation.flags) },
        choosesAddress: true,
        makesArea: true,
      };
    case 'set_nohugeiomap':
      state.ioremapShift = stage.machine.pageShift;
      return { intent: { kind: 'other' }, values: { arg: 0, str: 0 } };
    case 'vm_unmap_aliases':
      return { intent: { kind: 'other' }, values: {} };
    case 'vunmap':
      return prepareVunmap(state, operation.area);
    case 'vmap_pages_range':
      return prepareMapPages(stage, state, operation);
    case 'vmap_page_range':
    case 'ioremap_page_range':
      return prepareMapRange(stage, state, operation);
    case 'vunmap_range':
      return atPlace(stage, state, operation.at, operation.size, (addr, size) => {
        if (state.mapped.cuts(addr, addr + size))
          return { notReached: 'the range ends where a leaf may go across it' };
        return { intent: { kind: 'unmap', addr, size }, values: { addr, end: addr + size }, unmaps: true };
      });
    case 'set_huge_pte_at':
      return prepareHugeSet(stage, state, operation);
    case 'huge_ptep_get_and_clear':
      return prepareHugeClear(stage, state, operation);
    case 'arch_make_huge_pte':
      return prepareHugeMake(stage, state, operation);
    case 'map_mem':
      return prepareMapMem(stage, state, operation);
    case '__map_memblock':
      return prepareMapMemblock(stage, state, operation);
    case '__set_fixmap':
      return prepareSetFixmap(stage, state, operation);
    default:
      return atPlace(stage, state, operation.at, operation.size, (addr, size) => {
        if (!state.mapped.covers(addr, addr + size)) return { notReached: 'the range is not mapped' };
        const change = operation.call.slice('set_memory_'.length) as 'ro' | 'rw' | 'nx' | 'x';
        return {
          intent: { kind: 'protect', addr, size, change },
          values: { addr, numpages: operation.size },
        };
      });
  }
}

type Of<Call extends Operation['call']> = Extract<Operation, { readonly call: Call }>;

function prepareVmap(stage: Stage, state: ScenarioState, operation: Of<'vmap'>): PreparedCall {
  const frames = state.frames.layOut(operation.pages);
  const count = countPages(operation.pages);
  const prot = stage.protection(operation.prot);
  return {
    intent: {
      kind: 'map',
      size: count * stage.pageSize,
      pages: frames.entries,
      prot: stage.kernel.pgprot_nx(prot),
      maxShift: ANY_SHIFT,
      legal: count > 0 && !hasBad(frames.entries),
    },
    values: {
      pages: makePageArray(stage, frames, longestRun(frames.entries)),
      count,
      flags: stage.areaFlags(operation.flags),
      prot,
    },
    choosesAddress: true,
    makesArea: true,
    mapsBy: Infinity,
  };
}

function prepareVunmap(state: ScenarioState, operation: number): PreparedCall | Unreachable {
  const area = state.areas.get(operation);
  if (area === undefined) return noArea(operation);
  state.areas.delete(operation);
  const { addr, size } = area;
  return { intent: { kind: 'unmap', addr, size }, values: { addr }, unmaps: true };
}

function prepareMapPages(
  stage: Stage,
  state: ScenarioState,
  operation: Of<'vmap_pages_range'>,
): PreparedCall | Unreachable {
  return atFreePlace(stage, state, operation.at, countPages(operation.pages), (addr, size) => {
    const frames = state.frames.layOut(operation.pages);
    const { shift } = operation;
    const prot = stage.protection(operation.prot);
    const lie = brokenPromise(stage.machine, { addr, size, shift, pages: frames.entries });
    if (lie !== undefined) return { notReached: lie };
    const legal = size > 0 && !hasBad(frames.entries);
    return {
      intent: { kind: 'map', addr, size, pages: frames.entries, prot, maxShift: shift, legal },
      values: {
        addr,
        end: addr + size,
        prot,
        pages: makePageArray(stage, frames, 2 ** (shift - stage.machine.pageShift)),
        shift,
        gfp_mask: stage.constant('GFP_KERNEL'),
      },
      mapsBy: 2 ** shift,
    };
  });
}

/**
 * What a caller of vmap_pages_range() promises with a page_shift: the range begins and ends at a multiple of it, as
 * every area that vmalloc() takes for it does, and each group of pages of that size is contiguous, or bad as a whole.
 * Nothing is owed to callers that lie; the text says how this one does.
 */
function brokenPromise(
  machine: Machine,
  asked: {
    readonly addr: VirtAddr;
    readonly size: number;
    readonly shift: number;
    readonly pages: readonly PageRun[];
  },
): string | undefined {
  if (asked.shift === machine.pageShift) return undefined;
  const group = 2 ** (asked.shift - machine.pageShift);
  const isAligned = asked.addr % 2 ** asked.shift === 0 && asked.size % 2 ** asked.shift === 0;
  if (!isAligned) return `the range is not made of whole groups of 1 << ${asked.shift} bytes`;
  let page = 0;
  for (const { count } of asked.pages) {
    page += count;
    if (page % group !== 0) return `a group of 1 << ${asked.shift} bytes is not contiguous`;
  }
  return undefined;
}

function prepareMapRange(
  stage: Stage,
  state: ScenarioState,
  operation: Of<'vmap_page_range' | 'ioremap_page_range'>,
): PreparedCall | Unreachable {
  return atFreePlace(stage, state, operation.at, countPages([operation.frames]), (addr, size) => {
    const { entries } = state.frames.layOut([operation.frames]);
    const [run] = entries;
    if (run === undefined || run.bad !== undefined) return { notReached: 'no frames to map' };
    const prot = stage.protection(operation.prot);
    return {
      intent: {
        kind: 'map',
        addr,
        size,
        pages: entries,
        prot: stage.kernel.pgprot_nx(prot),
        maxShift: state.ioremapShift,
        legal: true,
      },
      values: {
        addr,
        end: addr + size,
        phys_addr: run.pfn * stage.pageSize,
        prot,
        shift: state.ioremapShift,
      },
      mapsBy: Infinity,
    };
  });
}

function hasBad(entries: readonly PageRun[]): boolean {
  return entries.some(({ bad }) => bad !== undefined);
}

function longestRun(entries: readonly PageRun[]): number {
  return Math.max(1, ...entries.map(({ count }) => count));
}
