// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../base/descriptor.ts';
import type { VirtAddr } from '../base/units.ts';
import { memoryBanks } from '../model/mm/memory-banks.ts';
import type { Intent, PageRun } from '../trace/events.ts';
import type {
  FixmapOperation,
  LinearLeaves,
  LinearMapOperation,
  MapMemblockOperation,
} from './linear-operations.ts';
import { countPages } from './scenario.ts';
import type { PreparedCall, ScenarioState, Unreachable } from './scenario-state.ts';
import type { Stage } from './stage.ts';

const ANY_SHIFT = 63;

/** Flags of arch/arm64/mm/mmu.c, the same in every kernel that has them. */
const NO_BLOCK_MAPPINGS = 1;
const NO_CONT_MAPPINGS = 2;
const NO_EXEC_MAPPINGS = 4;

const ruledOut: Readonly<Record<LinearLeaves, number>> = {
  any: 0,
  blocks: NO_CONT_MAPPINGS,
  pages: NO_BLOCK_MAPPINGS | NO_CONT_MAPPINGS,
};

/** The whole linear map, of as much memory as the scenario says there is. */
export function prepareMapMem(
  stage: Stage,
  state: ScenarioState,
  operation: LinearMapOperation,
): PreparedCall | Unreachable {
  const { entries } = state.frames.layOut(operation.pages);
  if (entries.length === 0 || entries.some(({ bad }) => bad !== undefined)) return noMemory;
  const missing = needFixmap(stage, state);
  if (missing !== undefined) return missing;
  const bytes = (pages: number): number => pages * stage.pageSize;
  stage.kernel.state(memoryBanks).banks = entries.map(({ pfn, count }) => ({
    start: bytes(pfn),
    end: bytes(pfn + count),
    isMapped: true,
  }));
  stage.kernel.mem.st8(stage.kernel.globals['rodata_full']!, operation.leaves === 'pages' ? 1 : 0);
  if (operation.leaves === 'pages' && !wantsPages(stage))
    return { notReached: 'the tree itself decides what the linear map is made of' };
  const prot = stage.kernel.pgprot_tagged(stage.protection('rw'));
  const pgdp = stage.kernel.structs.mm_struct(stage.initMm).pgd;
  return { intent: linearIntent(stage, entries, { ...operation, prot }), values: { pgdp } };
}

/** One range of memory, with what its leaves may be. */
export function prepareMapMemblock(
  stage: Stage,
  state: ScenarioState,
  operation: MapMemblockOperation,
): PreparedCall | Unreachable {
  const { entries } = state.frames.layOut([operation.frames]);
  const [run] = entries;
  if (run === undefined || run.bad !== undefined) return noMemory;
  const missing = needFixmap(stage, state);
  if (missing !== undefined) return missing;
  const prot = stage.protection('rw');
  return {
    intent: linearIntent(stage, entries, { ...operation, prot }),
    values: {
      pgdp: stage.kernel.structs.mm_struct(stage.initMm).pgd,
      addr: run.pfn * stage.pageSize,
      end: (run.pfn + run.count) * stage.pageSize,
      prot,
      flags: ruledOut[operation.leaves] | NO_EXEC_MAPPINGS,
    },
  };
}

/** A page into a slot of the fixmap, or the slot cleared. */
export function prepareSetFixmap(
  stage: Stage,
  state: ScenarioState,
  operation: FixmapOperation,
): PreparedCall | Unreachable {
  const idx = stage.constantOf(operation.slot);
  if (idx === undefined) return { notReached: `the tree has no slot ${operation.slot}`, treeLacks: true };
  const addr = stage.machine.addresses.fixaddrTop - idx * stage.pageSize;
  const missing = needFixmap(stage, state);
  if (missing !== undefined) return missing;
  if (countPages(operation.pages) === 0) {
    const intent: Intent = { kind: 'unmap', addr, size: stage.pageSize };
    return { intent, values: { idx, phys_addr: 0, flags: 0 }, unmaps: true };
  }
  const { entries } = state.frames.layOut(operation.pages);
  const [run] = entries;
  if (run === undefined || run.bad !== undefined || run.count !== 1)
    return { notReached: 'a slot holds one page' };
  if (state.mapped.overlaps(addr, addr + stage.pageSize)) return { notReached: 'the slot is in use' };
  const prot = stage.protection(operation.prot);
  const maxShift = stage.machine.pageShift;
  return {
    intent: { kind: 'map', addr, size: stage.pageSize, pages: entries, prot, maxShift, legal: true },
    values: { idx, phys_addr: run.pfn * stage.pageSize, flags: prot },
    mapsBy: stage.pageSize,
  };
}

/** Does the tree make the linear map of pages, here and now? Since 6.18 it has a function that says so. */
export function wantsPages({ linked }: Stage): boolean {
  const asked = linked.bindings.find('force_pte_mapping', undefined)?.kind === 'c';
  return linked.call(asked ? 'force_pte_mapping' : 'can_set_direct_map', []) !== 0;
}

export const noMemory: Unreachable = { notReached: 'no memory to map' };

/** What the caller of a linear map, or of such a map elsewhere, wants: one range can be held against it, of several only what they have in common. */
export function linearIntent(
  stage: Stage,
  entries: readonly PageRun[],
  { leaves, prot, at }: { readonly leaves: LinearLeaves; readonly prot: Descriptor; readonly at?: VirtAddr },
): Intent {
  const [run] = entries;
  if (run === undefined || entries.length > 1) return { kind: 'other' };
  return {
    kind: 'map',
    addr: at ?? linear(stage, run),
    size: run.count * stage.pageSize,
    pages: entries,
    prot,
    maxShift: leaves === 'pages' ? stage.machine.pageShift : ANY_SHIFT,
    ...(leaves === 'blocks' && { runs: false }),
    legal: true,
  };
}

export function linear(stage: Stage, { pfn }: PageRun): VirtAddr {
  return stage.machine.addresses.pageOffset + pfn * stage.pageSize;
}

/** Before anything is mapped through the fixmap, its tables are linked; once a boot. */
export function needFixmap(stage: Stage, state: ScenarioState): Unreachable | undefined {
  if (state.hasFixmap) return undefined;
  const name = 'early_fixmap_init';
  if (stage.linked.bindings.find(name, undefined) === undefined)
    return { notReached: `the tree has no ${name}()`, treeLacks: true };
  stage.linked.call(name, []);
  state.hasFixmap = true;
  return undefined;
}
