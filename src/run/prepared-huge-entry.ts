// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../base/descriptor.ts';
import type { ByteCount, PageCount, Pfn, Ptr, VirtAddr } from '../base/units.ts';
import type { Kernel } from '../model/kernel.ts';
import { prepareCompound } from '../model/mm/compound-page.ts';
import type { Intent } from '../trace/events.ts';
import { orderArguments } from './kernel-call.ts';
import type {
  HugeAccessOperation,
  HugeCommitOperation,
  HugeEntryOperation,
  HugeMakeOperation,
  HugeSetOperation,
} from './huge-operations.ts';
import { runOf, type Operation } from './scenario.ts';
import {
  atPlace,
  somethingMapped,
  type HugeEntry,
  type PreparedCall,
  type ScenarioState,
  type Unreachable,
} from './scenario-state.ts';
import type { Stage } from './stage.ts';
import { entryLevel, entryPointer } from './table-entry.ts';
import { makeHugeVma, makeProcess } from './user-range.ts';

export function prepareHugeMake(
  stage: Stage,
  state: ScenarioState,
  operation: HugeMakeOperation,
): PreparedCall | Unreachable {
  const size = operation.size * stage.pageSize;
  if (!stage.isHugeSize(size)) return noHugeSize(size);
  const { pfn } = state.frames.layOut([runOf(operation.size, { compound: false })]).entries[0]!;
  const pte = stage.kernel.pfn_pte(pfn, stage.protection(operation.prot));
  return { intent: { kind: 'other' }, values: { pte, shift: Math.log2(size), flags: 0 } };
}

export function prepareHugeSet(
  stage: Stage,
  state: ScenarioState,
  operation: HugeSetOperation,
): PreparedCall | Unreachable {
  const { noted, marker = false, fresh = false, process = false } = operation;
  if (noted !== undefined && (marker || noted >= operation.size))
    return { notReached: `nothing is written through page ${noted} of it` };
  return atPlace(stage, state, operation.at, operation.size, (addr, size) => {
    // What the tree makes of other sizes is nobody's business: they are not asked for.
    if (!stage.isHugeSize(size)) return noHugeSize(size);
    if ((marker || fresh || process || noted !== undefined) && !stage.hugeUses(size).hugetlb)
      return noHugetlbSize(size);
    if (marker && !takesSize(stage))
      return { notReached: 'the tree takes the size of a marker from its page' };
    if (state.mapped.overlaps(addr, addr + size) && !mayBeReplaced(stage, state, addr, size))
      return somethingMapped;
    const mm = process ? makeProcess(stage) : stage.initMm;
    const ptep = placeOfEntry(stage, 'huge_pte_alloc', { mm, addr, size });
    if (ptep === undefined) return noLevel(size);
    const pfn = layOutHugePage(stage, state, operation.size);
    const prot = stage.protection(operation.prot);
    const pte = entryToSet(stage, operation, { pfn, size });
    const set: HugeEntry = { size, pfn, prot, entry: pte, uniform: true, marker, mm };
    state.huge.set(addr, set);
    return {
      intent: hugeIntent(addr, set, marker ? 'mark' : 'set', pte),
      values: { mm, addr, ptep, pte, size },
      mapsBy: size,
      ...(noted !== undefined && {
        after: () => {
          const through = entryPointer(stage.kernel, addr + noted * stage.pageSize, size)!;
          const { mem } = stage.kernel;
          mem.stDescriptor(through, used(stage.kernel, mem.ldDescriptor(through)));
          state.huge.set(addr, { ...set, entry: used(stage.kernel, pte), uniform: false });
        },
      }),
    };
  });
}

/**
 * Where the entry stands, or is to stand: of hugetlb's sizes the tree says so itself, as hugetlb asks it. Undefined where
 * no level has such entries.
 */
function placeOfEntry(
  stage: Stage,
  find: 'huge_pte_alloc' | 'huge_pte_offset',
  { mm, addr, size }: { readonly mm: Ptr; readonly addr: VirtAddr; readonly size: ByteCount },
): Ptr | undefined {
  const { linked } = stage;
  const isTrees = linked.bindings.find(find, undefined)?.kind === 'c' && stage.hugeUses(size).hugetlb;
  if (!isTrees) return entryPointer(stage.kernel, addr, size);
  const vma = makeHugeVma(stage, mm, addr, size);
  // A run is looked up by any of its pages.
  const at = find === 'huge_pte_offset' ? addr + size - stage.pageSize : addr;
  return Number(linked.call(find, orderArguments(linked, find, { mm, vma, addr: at, size })));
}

interface HugePage {
  readonly pfn: Pfn;
  readonly size: ByteCount;
}

/** Since 6.6 set_huge_pte_at() is told the size. */
function takesSize({ linked }: Stage): boolean {
  return linked.prototypeOf('set_huge_pte_at')?.parameters.length === 5;
}

/**
 * Of runs the callee takes care that what stands there is gone first, and may tell by the first entry whether something
 * does (Linux since 6.16); a block is for the caller to clear.
 */
function mayBeReplaced(stage: Stage, state: ScenarioState, addr: VirtAddr, size: ByteCount): boolean {
  const there = state.huge.get(addr);
  if (there?.size === size && there.marker) return true;
  if (stage.isBlockSize(size)) return false;
  if (there?.size === size) return true;
  const ofPages = entryLevel(stage.machine, size)?.shift === stage.machine.pageShift;
  const end = addr + size;
  return ofPages && state.mapped.covers(addr, end) && state.mapped.isMadeOf(stage.pageSize, addr, end);
}

/** Frames of one huge page; returns the first. */
function layOutHugePage(stage: Stage, state: ScenarioState, pages: PageCount): Pfn {
  const { entries, compounds } = state.frames.layOut([runOf(pages)]);
  if (stage.seesCompounds) {
    for (const { pfn, order } of compounds) prepareCompound(stage.kernel, pfn, order);
  }
  return entries[0]!.pfn;
}

function entryToSet(
  stage: Stage,
  { prot, noted, marker, fresh }: HugeSetOperation,
  page: HugePage,
): Descriptor {
  const { kernel: k } = stage;
  // Where a frame would be, whoever reads a marker finds what it stands for.
  if (marker === true) return k.pfn_pte(page.pfn, 0);
  const made = stage.makeHugePte(page.pfn, stage.protection(prot), page.size);
  return fresh === true || noted !== undefined ? k.pte_mkclean(k.pte_mkold(made)) : made;
}

/** What hardware makes of an entry when something is written, or at least read, through it. */
function used(k: Kernel, pte: Descriptor): Descriptor {
  const young = k.pte_mkyoung(pte);
  return k.pte_write(pte) !== 0 ? k.pte_mkdirty(young) : young;
}

/** Works on what stands there. What comes of it is what the architecture's functions for single entries say. */
export function prepareHugeEntry(
  stage: Stage,
  state: ScenarioState,
  operation: HugeEntryOperation | HugeAccessOperation,
): PreparedCall | Unreachable {
  return atPlace(stage, state, operation.at, operation.size, (addr, size) => {
    const there = state.huge.get(addr);
    if (there?.size !== size || there.taken === true) return noEntry;
    const { mm } = there;
    const ptep = placeOfEntry(stage, 'huge_pte_offset', { mm, addr, size });
    if (ptep === undefined) return noLevel(size);
    const mayBeMarker = operation.call === 'huge_ptep_get' || operation.call === 'huge_pte_clear';
    if (there.marker && !mayBeMarker) return { notReached: 'a marker has no rights and no access bits' };
    if (!isToldSize(operation.call) && !stage.hugeUses(size).hugetlb) return noHugetlbSize(size);
    const intent = (change: HugeChange, entry?: Descriptor): Intent => hugeIntent(addr, there, change, entry);
    const values = { mm, addr, ptep, size };
    switch (operation.call) {
      case 'huge_ptep_get':
        return { intent: intent('read', there.entry), values };
      case 'huge_ptep_set_wrprotect': {
        const entry = stage.kernel.pte_wrprotect(there.entry);
        state.huge.set(addr, { ...there, entry, uniform: true });
        return { intent: intent('protect', entry), values };
      }
      case 'huge_ptep_set_access_flags': {
        const made = stage.makeHugePte(there.pfn, stage.protection(operation.prot), size);
        const pte = operation.read === true ? stage.kernel.pte_mkclean(made) : made;
        const entry = withAccess(stage.kernel, there, pte);
        if (entry === undefined) return { notReached: 'nobody takes a right away so' };
        state.huge.set(addr, { ...there, entry, uniform: true });
        const vma = makeHugeVma(stage, mm, addr, size);
        // Of a single entry the caller passes on all that it has read there; of a run it may have read the first alone.
        const passed = stage.isBlockSize(size) ? entry : pte;
        return { intent: intent('access', entry), values: { ...values, pte: passed, vma, dirty: 1 } };
      }
      case 'huge_ptep_get_and_clear':
      case 'huge_ptep_clear_flush': {
        state.huge.delete(addr);
        const vma = makeHugeVma(stage, mm, addr, size);
        return { intent: intent('clear', there.entry), values: { ...values, vma }, unmaps: true };
      }
      case 'huge_ptep_modify_prot_start': {
        state.huge.set(addr, { ...there, taken: true });
        const vma = makeHugeVma(stage, mm, addr, size);
        return { intent: intent('clear', there.entry), values: { ...values, vma }, unmaps: true };
      }
      case 'huge_pte_clear':
        state.huge.delete(addr);
        return { intent: intent('clear'), values, unmaps: true };
    }
  });
}

/** The page that was taken away comes back, with that protection. */
export function prepareHugeCommit(
  stage: Stage,
  state: ScenarioState,
  operation: HugeCommitOperation,
): PreparedCall | Unreachable {
  return atPlace(stage, state, operation.at, operation.size, (addr, size) => {
    const there = state.huge.get(addr);
    if (there?.size !== size || there.taken !== true) return noEntry;
    const { mm, pfn, entry: old_pte } = there;
    const ptep = placeOfEntry(stage, 'huge_pte_offset', { mm, addr, size });
    if (ptep === undefined) return noLevel(size);
    const prot = stage.protection(operation.prot);
    const pte = stage.makeHugePte(pfn, prot, size);
    const set: HugeEntry = { size, pfn, prot, entry: pte, uniform: true, marker: false, mm };
    state.huge.set(addr, set);
    return {
      intent: hugeIntent(addr, set, 'set', pte),
      values: { vma: makeHugeVma(stage, mm, addr, size), addr, ptep, old_pte, pte },
      mapsBy: size,
    };
  });
}

const noEntry: Unreachable = { notReached: 'no huge entry of that size was set there' };

/** Functions that find the size out by themselves know those of hugetlb alone, as only hugetlb calls them. */
function isToldSize(call: Operation['call']): boolean {
  return call === 'huge_ptep_get_and_clear' || call === 'huge_pte_clear';
}

type HugeChange = Extract<Intent, { kind: 'huge' }>['change'];

function hugeIntent(
  addr: VirtAddr,
  { size, pfn, prot }: HugeEntry,
  change: HugeChange,
  entry: Descriptor | undefined,
): Intent {
  return { kind: 'huge', change, addr, size, pfn, prot, legal: true, ...(entry !== undefined && { entry }) };
}

/** What every entry holds when `pte` gave what it has; undefined where it has less than is there. */
function withAccess(k: Kernel, { entry, uniform }: HugeEntry, pte: Descriptor): Descriptor | undefined {
  if (k.pte_write(entry) !== 0 && k.pte_write(pte) === 0) return undefined;
  const bits = (of: Descriptor): string => [k.pte_write(of), k.pte_dirty(of), k.pte_young(of)].join('');
  if (uniform && bits(pte) === bits(entry)) return entry;
  const young = k.pte_young(entry) !== 0 ? k.pte_mkyoung(pte) : pte;
  return k.pte_dirty(entry) !== 0 ? k.pte_mkdirty(young) : young;
}

function noLevel(size: ByteCount): Unreachable {
  return { notReached: `no level has entries for ${size} bytes` };
}

export function noHugetlbSize(size: ByteCount): Unreachable {
  return { notReached: `${size} bytes are no huge size of hugetlb` };
}

function noHugeSize(size: ByteCount): Unreachable {
  return { notReached: `${size} bytes are no huge size of this tree`, treeLacks: true };
}
