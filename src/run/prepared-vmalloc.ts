// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, PageCount, Shift, VirtAddr } from '../base/units.ts';
import { __GFP_ZERO, gfpWords } from '../model/mm/gfp-bits.ts';
import type { AskedOfArea } from '../trace/asked-of-area.ts';
import type { Arguments } from './kernel-call.ts';
import { markMemory } from './marked-memory.ts';
import { alignmentAsked, CALLER, limitsOf, rangeArguments } from './prepared-area.ts';
import type {
  AllocatedSize,
  AllocMaskOperation,
  AllocOperation,
  AllocRangeOperation,
  FreeOperation,
  InSpaceOperation,
  LookUpOperation,
  ReallocOperation,
  ShowOperation,
} from './scenario.ts';
import { USUAL_GFP } from './scenario-text.ts';
import type { FreeNothingOperation } from './reader-operations.ts';
import {
  atPlace,
  noArea,
  type AreaKind,
  type OwnArea,
  type PreparedCall,
  type ScenarioState,
  type Unreachable,
} from './scenario-state.ts';
import type { Stage } from './stage.ts';
import { makeVma } from './user-range.ts';

/** No leaf is larger than any address space. */
const ANY_SHIFT = 63;
const NO_NODE = -1;
const POINTER_BYTES = 8;
/** Where user space sees what it is shown. */
const USER_START = 2 ** 30;

type Allocator = (AllocOperation | AllocMaskOperation)['call'];

/** The flags that the area bears beside VM_ALLOC, and what memory it is made of, where that is special. */
const named: Readonly<Partial<Record<Allocator, Partial<AskedOfArea>>>> = {
  __vmalloc_node: { caller: CALLER },
  vzalloc: { zeroed: true },
  vzalloc_node: { zeroed: true },
  vmalloc_user: { flagNames: ['VM_ALLOC', 'VM_USERMAP'], zeroed: true },
  vmalloc_32_user: { flagNames: ['VM_ALLOC', 'VM_USERMAP'], zeroed: true },
};

/** Where their memory has to come from. */
const places: Readonly<Partial<Record<Allocator, string>>> = {
  vmalloc_32: 'dma32',
  vmalloc_32_user: 'dma32',
  vmalloc_node: 'node0',
  vzalloc_node: 'node0',
  __vmalloc_node: 'node0',
};

export function prepareAlloc(stage: Stage, operation: AllocOperation | AllocMaskOperation): PreparedCall {
  const { call } = operation;
  const maxShift = call === 'vmalloc_huge' ? ANY_SHIFT : unaskedShift(stage);
  const gfp = stage.gfpMask(operation.gfp ?? USUAL_GFP);
  const place = places[call];
  const words = gfpWords(gfp);
  const asked = {
    gfp: place === undefined ? words : `${words} ${place}`,
    ...named[call],
  };
  const values = { align: 1, gfp_mask: gfp, node: 0, caller: CALLER };
  return allocation(stage, operation, { prot: 'rw', maxShift, values, asked });
}

export function prepareAllocRange(stage: Stage, operation: AllocRangeOperation): PreparedCall {
  const { align, prot, flags, gfp } = operation;
  const maxShift = flags.includes('VM_ALLOW_HUGE_VMAP') ? ANY_SHIFT : unaskedShift(stage);
  const mask = stage.gfpMask(gfp);
  const limits = limitsOf(stage, operation);
  const values = {
    align: align === 1 ? 1 : align * stage.pageSize,
    ...rangeArguments(stage, limits),
    gfp_mask: mask,
    prot: stage.protection(prot),
    vm_flags: stage.areaFlags(flags),
    node: operation.node ?? NO_NODE,
    caller: CALLER,
  };
  const asked = {
    flagNames: ['VM_ALLOC', ...flags],
    gfp: operation.node === undefined ? gfpWords(mask) : `${gfpWords(mask)} node${operation.node}`,
    caller: CALLER,
    ...limits,
    ...alignmentAsked(stage, align * stage.pageSize),
  };
  return allocation(stage, operation, { prot, maxShift, values, asked });
}

/**
 * The largest leaf for who does not ask for large ones: a page, in trees where one can ask. Before that (5.12) nobody
 * had a say.
 */
function unaskedShift(stage: Stage): Shift {
  return stage.missingFlag(['VM_ALLOW_HUGE_VMAP']) === undefined ? stage.machine.pageShift : ANY_SHIFT;
}

interface Allocation {
  readonly prot: AllocRangeOperation['prot'];
  readonly maxShift: Shift;
  readonly values: Arguments;
  readonly asked: Partial<AskedOfArea>;
}

function allocation(
  stage: Stage,
  wanted: AllocatedSize,
  { prot, maxShift, values, asked }: Allocation,
): PreparedCall {
  const bytes = bytesOf(stage, wanted);
  return {
    intent: {
      kind: 'map',
      size: wanted.size * stage.pageSize,
      prot: stage.protection(prot),
      maxShift,
      legal: true,
      asked: { bytes, flagNames: ['VM_ALLOC'], ...asked },
    },
    values: { size: bytes, ...values },
    choosesAddress: true,
    makesArea: 'allocated',
    mapsBy: maxShift === ANY_SHIFT ? Infinity : stage.pageSize,
  };
}

function bytesOf(stage: Stage, { size, less = 0 }: AllocatedSize): ByteCount {
  return size * stage.pageSize - less;
}

export function prepareRealloc(
  stage: Stage,
  state: ScenarioState,
  operation: ReallocOperation,
): PreparedCall | Unreachable {
  const old = state.areas.get(operation.area);
  if (old === undefined) return noArea(operation.area);
  if (old.kind !== 'allocated') return madeOtherwise(operation);
  const gfp = stage.gfpMask(operation.gfp ?? USUAL_GFP);
  const bytes = bytesOf(stage, operation);
  const values = { addr: old.addr, size: bytes, align: 1, flags: gfp, nid: NO_NODE };
  const size = operation.size * stage.pageSize;
  if (size === 0) return endedBy(state, operation, old, values);
  markMemory(stage, old);
  const zeroed = (gfp & __GFP_ZERO) !== 0;
  return {
    intent: { kind: 'resize', addr: old.addr, size, bytes, ...(zeroed && { zeroed }) },
    values,
    old,
    choosesAddress: true,
    makesArea: 'allocated',
    after: (error, addr) => {
      // Where it fails the old memory stays what it was.
      if (error !== 0 || addr === undefined) return;
      state.areas.delete(operation.area);
      state.mapped.remove(old.addr, old.addr + old.size);
      const end = addr + operation.size * stage.pageSize;
      state.mapped.add({ start: addr, end, group: stage.pageSize, whole: true });
    },
  };
}

/** Memory of no size is given back. */
function endedBy(
  state: ScenarioState,
  { area }: ReallocOperation,
  { addr, size }: OwnArea,
  values: Arguments,
): PreparedCall {
  state.areas.delete(area);
  return { intent: { kind: 'unmap', addr, size }, values, unmaps: true, expectsNull: true };
}

/** What each call may end. */
const ends: Readonly<Record<FreeOperation['call'], readonly AreaKind[]>> = {
  vunmap: ['mapped', 'taken'],
  vfree: ['allocated'],
  vfree_atomic: ['allocated'],
  free_vm_area: ['taken'],
  vm_unmap_ram: ['ram'],
};

export function prepareFree(
  stage: Stage,
  state: ScenarioState,
  operation: FreeOperation | FreeNothingOperation,
): PreparedCall | Unreachable {
  if (isOfNothing(operation)) return freeNothing(stage, operation);
  const area = state.areas.get(operation.area);
  if (area === undefined) return noArea(operation.area);
  if (!ends[operation.call].includes(area.kind)) return madeOtherwise(operation);
  state.areas.delete(operation.area);
  const { addr, size } = area;
  return {
    intent: { kind: 'unmap', addr, size },
    values: { addr, count: size / stage.pageSize, ...structOf(stage, operation, area) },
    unmaps: true,
  };
}

function isOfNothing(operation: FreeOperation | FreeNothingOperation): operation is FreeNothingOperation {
  return typeof operation.area === 'string';
}

/** NULL is nothing to do; an address that is nobody's is refused with a warning, and nothing else. */
function freeNothing({ windowStart }: Stage, { area }: FreeNothingOperation): PreparedCall {
  return area === 'null'
    ? { intent: { kind: 'other' }, values: { addr: 0 } }
    : { intent: { kind: 'other', legal: false }, values: { addr: windowStart } };
}

function structOf(stage: Stage, { call }: FreeOperation, { addr }: OwnArea): Arguments {
  return call === 'free_vm_area' ? { area: stage.linked.call('find_vm_area', [addr]) } : {};
}

function madeOtherwise({ call, area }: FreeOperation | ReallocOperation): Unreachable {
  return { notReached: `${call}() is not for what #${area} made` };
}

/** Shows pages to a process that unmaps them at once, so that only the area holds them afterwards. */
export function prepareShow(
  stage: Stage,
  state: ScenarioState,
  operation: ShowOperation,
): PreparedCall | Unreachable {
  return atPlace(stage, state, { ...operation.at, page: 0 }, 0, (addr) => {
    const size = operation.size * stage.pageSize;
    const first = addr + operation.at.page * stage.pageSize;
    const inside = operation.from === 'inside' ? POINTER_BYTES : 0;
    const legal = operation.from === undefined && mayBeShown(stage, addr, first + size);
    const vma = makeVma(stage, USER_START, USER_START + size);
    return {
      intent: { kind: 'show', addr: first, size, legal },
      values: { vma, addr: addr + inside, pgoff: offsetOf(stage, operation) },
      after: () => {
        stage.kernel.zap_vma_ptes(vma, USER_START, size);
        stage.kernel.mem.release(vma);
      },
    };
  });
}

/** Where to begin, in pages of the area: of offsets that wrap, the nearest to the page that is named. */
function offsetOf({ pageSize }: Stage, { from, at }: ShowOperation): PageCount {
  const wrap = 2 ** 64 / pageSize;
  if (from === 'wrapped') return wrap + at.page;
  return from === 'before' ? wrap - 1 - at.page : at.page;
}

/** Only areas that were made for it are shown to user space, and not their guard page. */
function mayBeShown(stage: Stage, addr: VirtAddr, end: VirtAddr): boolean {
  const area = stage.findArea(addr);
  if (area === undefined || end > area.addr + area.size - stage.pageSize) return false;
  const flags = stage.flagNames(area.flags);
  return flags.includes('VM_USERMAP') || flags.includes('VM_DMA_COHERENT');
}

export function prepareLookUp(
  stage: Stage,
  state: ScenarioState,
  operation: LookUpOperation,
): PreparedCall | Unreachable {
  return atPlace(stage, state, operation.at, 1, (addr: VirtAddr) => ({
    intent: { kind: 'show', addr, size: stage.pageSize, legal: true },
    values: { addr },
    returns: operation.call === 'vmalloc_to_pfn' ? 'frame' : 'page',
  }));
}

export function prepareInSpace({ machine, pageSize }: Stage, { address }: InSpaceOperation): PreparedCall {
  const { vmallocStart, vmallocEnd } = machine.addresses;
  const at = {
    before: vmallocStart - pageSize,
    first: vmallocStart,
    last: vmallocEnd - pageSize,
    behind: vmallocEnd,
  };
  const isInside = address === 'first' || address === 'last';
  return { intent: { kind: 'ask', answers: [isInside ? 1 : 0] }, values: { addr: at[address] } };
}
