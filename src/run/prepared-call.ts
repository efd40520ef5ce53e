// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, VirtAddr } from '../base/units.ts';
import type { PageRun } from '../trace/events.ts';
import type { Machine } from '../trace/machine.ts';
import {
  bootCallsOf,
  entryPointIn,
  servesAtomic,
  takesAnyFlags,
  takesPagesOver,
  warnsOfFlags,
} from './entry-points.ts';
import { MORE_THAN_MEMORY } from './frames.ts';
import { disownPages, makePageArray, ownPages, tellPages } from './page-array.ts';
import { prepareMapRange } from './prepared-map-range.ts';
import { prepareIoremap, prepareIounmap } from './prepared-device.ts';
import { prepareSparseMap, prepareSparseUnmap } from './prepared-sparse.ts';
import { prepareLinearPage, prepareLinearPages, prepareLinearProtect } from './prepared-linear-page.ts';
import { prepareAddMemory, prepareCreateMapping, prepareRemoveMemory } from './prepared-memory.ts';
import { prepareMapMemblock, prepareMapMem, prepareSetFixmap } from './prepared-linear-map.ts';
import { prepareTake } from './prepared-area.ts';
import { prepareProtect } from './prepared-protect.ts';
import {
  prepareHugeCommit,
  prepareHugeEntry,
  prepareHugeMake,
  prepareHugeSet,
} from './prepared-huge-entry.ts';
import { prepareHugeSize, prepareHugeTable } from './prepared-huge-size.ts';
import {
  prepareAlloc,
  prepareAllocRange,
  prepareFree,
  prepareInSpace,
  prepareLookUp,
  prepareRealloc,
  prepareShow,
} from './prepared-vmalloc.ts';
import {
  prepareDescribe,
  prepareMapPfn,
  preparePercpu,
  preparePercpuFree,
  prepareRead,
} from './prepared-readers.ts';
import { prepareShrink } from './prepared-reclaim.ts';
import { asksForHighmem, countPages, isAtomic, type Operation } from './scenario.ts';
import {
  atPlace,
  somethingMapped,
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
  const refused = refusedCircumstances(stage, operation);
  if (refused !== undefined) return refused;
  const missing = 'flags' in operation ? stage.missingFlag(operation.flags) : undefined;
  if (missing !== undefined) return { notReached: `the tree has no ${missing}`, treeLacks: true };
  switch (operation.call) {
    case 'vmalloc':
    case 'vzalloc':
    case 'vmalloc_user':
    case 'vmalloc_huge':
    case 'vmalloc_32':
    case 'vmalloc_32_user':
    case 'vmalloc_node':
    case 'vzalloc_node':
    case '__vmalloc':
    case '__vmalloc_node':
      return prepareAlloc(stage, operation);
    case '__vmalloc_node_range':
      return prepareAllocRange(stage, operation);
    case 'vrealloc':
      return prepareRealloc(stage, state, operation);
    case 'vm_map_ram':
      return prepareMapRam(stage, state, operation);
    case 'remap_vmalloc_range':
      return prepareShow(stage, state, operation);
    case 'is_vmalloc_addr':
      return prepareInSpace(stage, operation);
    case 'vmalloc_to_page':
    case 'vmalloc_to_pfn':
      return prepareLookUp(stage, state, operation);
    case 'vmap':
      return prepareVmap(stage, state, operation);
    case 'get_vm_area':
    case '__get_vm_area_caller':
      return prepareTake(stage, operation);
    case 'set_nohugeiomap':
      if (bootCallsOf(stage.linked.program).length > 0)
        return {
          notReached: 'what set_nohugeiomap() sets is read at boot in this tree, before any call',
          treeLacks: true,
        };
      state.ioremapShift = stage.machine.pageShift;
      return { intent: { kind: 'other' }, values: { arg: 0, str: 0 } };
    case 'vmalloc_info_show':
      return { intent: { kind: 'other' }, values: { m: 0, p: 0 } };
    case 'vmap_node_shrink_count':
    case 'vmap_node_shrink_scan':
      return prepareShrink(stage, operation);
    case 'vread_iter':
      return prepareRead(stage, state, operation);
    case 'vmalloc_dump_obj':
      return prepareDescribe(stage, state, operation);
    case 'pcpu_get_vm_areas':
      return preparePercpu(stage, state, operation);
    case 'pcpu_free_vm_areas':
      return preparePercpuFree(state, operation);
    case 'vmap_pfn':
      return prepareMapPfn(stage, state, operation);
    case 'vm_unmap_aliases':
    case 'flush_scheduled_work':
      return { intent: { kind: 'other' }, values: {} };
    case 'vunmap':
    case 'vfree':
    case 'vfree_atomic':
    case 'free_vm_area':
    case 'vm_unmap_ram':
      return prepareFree(stage, state, operation);
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
    case 'ioremap_prot':
      return prepareIoremap(stage, state, operation);
    case 'iounmap':
      return prepareIounmap(state, operation);
    case 'vm_area_map_pages':
      return prepareSparseMap(stage, state, operation);
    case 'vm_area_unmap_pages':
      return prepareSparseUnmap(stage, state, operation);
    case 'set_memory_valid':
      return prepareValid(stage, state, operation);
    case 'set_huge_pte_at':
      return prepareHugeSet(stage, state, operation);
    case 'huge_ptep_get':
    case 'huge_ptep_set_wrprotect':
    case 'huge_ptep_set_access_flags':
    case 'huge_ptep_get_and_clear':
    case 'huge_ptep_clear_flush':
    case 'huge_ptep_modify_prot_start':
    case 'huge_pte_clear':
      return prepareHugeEntry(stage, state, operation);
    case 'huge_ptep_modify_prot_commit':
      return prepareHugeCommit(stage, state, operation);
    case 'huge_pte_alloc':
      return prepareHugeTable(stage, state, operation);
    case 'arch_hugetlb_valid_size':
    case 'hugetlb_mask_last_page':
      return prepareHugeSize(stage, operation);
    case 'arch_make_huge_pte':
      return prepareHugeMake(stage, state, operation);
    case 'map_mem':
      return prepareMapMem(stage, state, operation);
    case '__map_memblock':
      return prepareMapMemblock(stage, state, operation);
    case 'create_pgd_mapping':
      return prepareCreateMapping(stage, state, operation);
    case 'arch_add_memory':
      return prepareAddMemory(stage, state, operation);
    case 'arch_remove_memory':
      return prepareRemoveMemory(stage, state, operation);
    case '__set_fixmap':
      return prepareSetFixmap(stage, state, operation);
    case 'arch_parse_debug_rodata':
      return prepareLinearPages(stage, operation);
    case 'update_mapping_prot':
      return prepareLinearProtect(stage, state, operation);
    case 'set_direct_map_invalid_noflush':
    case 'set_direct_map_default_noflush':
    case 'kernel_page_present':
      return prepareLinearPage(stage, state, operation);
    default:
      return prepareProtect(stage, state, operation);
  }
}

type Of<Call extends Operation['call']> = Extract<Operation, { readonly call: Call }>;

const MAY_BE_IN_INTERRUPTS: ReadonlySet<Operation['call']> = new Set(['vfree', 'vfree_atomic']);

/** Nothing is owed to callers on CPUs that do not exist, or to those who may not sleep and call what does. */
function refusedCircumstances(stage: Stage, operation: Operation): Unreachable | undefined {
  const { call, cpu = 0, context } = operation;
  const cpus = Number(stage.machine.config['CONFIG_NR_CPUS'] ?? 1);
  if (cpu >= cpus) return { notReached: `there is no CPU ${cpu}, only ${cpus} of them` };
  if (isAtomic(operation) && !servesAtomic(stage.linked.program))
    return { notReached: `${call}() of this tree may sleep, whatever its mask says`, treeLacks: true };
  if (asksForHighmem(operation) && warnsOfFlags(stage.linked.program))
    return { notReached: `${call}() of this tree warns of __GFP_HIGHMEM`, treeLacks: true };
  if (context === undefined) return undefined;
  if (MAY_BE_IN_INTERRUPTS.has(call)) {
    const { program } = stage.linked;
    if (entryPointIn(program, 'vfree_atomic') !== undefined) return undefined;
    return { notReached: 'the tree has no vfree_atomic(): nothing frees in interrupts', treeLacks: true };
  }
  return { notReached: `${call}() may sleep, and is not for interrupt handlers` };
}

/** For memory whose attributes its allocator changes: vmap() refuses it. */
const NOT_FOR_VMAP = 'VM_FLUSH_RESET_PERMS';

function prepareVmap(stage: Stage, state: ScenarioState, operation: Of<'vmap'>): PreparedCall | Unreachable {
  const count = countPages(operation.pages);
  if (count === MORE_THAN_MEMORY) return prepareTooMuch(stage, operation, count);
  const frames = state.frames.layOut(operation.pages);
  const prot = stage.protection(operation.prot);
  const pages = makePageArray(stage, frames, longestRun(frames.entries));
  const givesPages = operation.flags.includes('VM_MAP_PUT_PAGES');
  if (givesPages && !takesPagesOver(stage.linked.program))
    return { notReached: 'vmap() of this tree does not take pages over', treeLacks: true };
  if (operation.flags.includes(NOT_FOR_VMAP) && takesAnyFlags(stage.linked.program))
    return { notReached: 'vmap() of this tree refuses no flags', treeLacks: true };
  if (givesPages && hasBad(frames.entries)) return { notReached: 'nobody has such pages to give away' };
  if (givesPages) ownPages(stage, frames, pages);
  return {
    intent: {
      kind: 'map',
      size: count * stage.pageSize,
      pages: frames.entries,
      prot: stage.kernel.pgprot_nx(prot),
      maxShift: ANY_SHIFT,
      legal: count > 0 && !hasBad(frames.entries) && !operation.flags.includes(NOT_FOR_VMAP),
      asked: { bytes: count * stage.pageSize, flagNames: operation.flags },
    },
    values: { pages, count, flags: stage.areaFlags(operation.flags), prot },
    choosesAddress: true,
    makesArea: givesPages ? 'allocated' : 'mapped',
    mapsBy: Infinity,
    // What was not taken over is its caller's to free.
    ...(givesPages && { after: (error) => void (error !== 0 && disownPages(stage, frames, pages)) }),
  };
}

/** Nobody has so many pages: there are none in the array. */
function prepareTooMuch(stage: Stage, operation: Of<'vmap'>, count: PageCount): PreparedCall {
  const prot = stage.protection(operation.prot);
  const size = count * stage.pageSize;
  return {
    intent: { kind: 'map', size, prot: stage.kernel.pgprot_nx(prot), maxShift: ANY_SHIFT, legal: false },
    values: {
      pages: makePageArray(stage, { entries: [], compounds: [] }, 1),
      count,
      flags: stage.areaFlags(operation.flags),
      prot,
    },
    choosesAddress: true,
    makesArea: 'mapped',
    mapsBy: Infinity,
  };
}

function prepareMapRam(
  stage: Stage,
  state: ScenarioState,
  operation: Of<'vm_map_ram'>,
): PreparedCall | Unreachable {
  const count = countPages(operation.pages);
  if (count === 0) return { notReached: 'vm_map_ram() is for at least one page' };
  const frames = state.frames.layOut(operation.pages);
  const prot = stage.protection('rw');
  return {
    intent: {
      kind: 'map',
      size: count * stage.pageSize,
      pages: frames.entries,
      prot,
      maxShift: ANY_SHIFT,
      legal: !hasBad(frames.entries),
    },
    values: { pages: makePageArray(stage, frames, longestRun(frames.entries)), count, node: -1, prot },
    choosesAddress: true,
    makesArea: 'ram',
    mapsBy: Infinity,
  };
}

function prepareMapPages(
  stage: Stage,
  state: ScenarioState,
  operation: Of<'vmap_pages_range'>,
): PreparedCall | Unreachable {
  return atPlace(stage, state, operation.at, countPages(operation.pages), (addr, size) => {
    const { shift } = operation;
    const isBusy = state.mapped.overlaps(addr, addr + size);
    // A walk of single pages looks at each entry before it writes; nothing is owed to callers that map over leaves.
    const mayAsk =
      shift === stage.machine.pageShift && state.mapped.isMadeOf(stage.pageSize, addr, addr + size);
    if (isBusy && !mayAsk) return somethingMapped;
    const frames = state.frames.layOut(operation.pages);
    const prot = stage.protection(operation.prot);
    const lie = brokenPromise(stage.machine, { addr, size, shift, pages: frames.entries });
    if (lie !== undefined) return { notReached: lie };
    const legal = size > 0 && !hasBad(frames.entries) && !isBusy;
    if (legal) tellPages(stage, state, operation.at, frames.entries);
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
      ...(!isBusy && { mapsBy: 2 ** shift }),
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

/** Only pages can be made invalid: nothing splits a leaf for it. */
function prepareValid(
  stage: Stage,
  state: ScenarioState,
  { at, size: numpages, enable }: Of<'set_memory_valid'>,
): PreparedCall | Unreachable {
  return atPlace(stage, state, at, numpages, (addr, size) => {
    const { mapped } = state;
    if (!mapped.covers(addr, addr + size) || !mapped.isMadeOf(stage.pageSize, addr, addr + size))
      return { notReached: 'the range is not mapped by pages' };
    return {
      intent: { kind: 'protect', addr, size, change: enable ? 'valid' : 'invalid' },
      values: { addr, numpages, enable: enable ? 1 : 0 },
    };
  });
}

function hasBad(entries: readonly PageRun[]): boolean {
  return entries.some(({ bad }) => bad !== undefined);
}

function longestRun(entries: readonly PageRun[]): number {
  return Math.max(1, ...entries.map(({ count }) => count));
}
