// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount } from '../base/units.ts';
import { runOf, type HugeClearOperation, type HugeMakeOperation, type HugeSetOperation } from './scenario.ts';
import {
  atPlace,
  somethingMapped,
  type PreparedCall,
  type ScenarioState,
  type Unreachable,
} from './scenario-state.ts';
import type { Stage } from './stage.ts';
import { entryPointer } from './table-entry.ts';

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
  return atPlace(stage, state, operation.at, operation.size, (addr, size) => {
    // What the tree makes of other sizes is nobody's business: they are not asked for.
    if (!stage.isHugeSize(size)) return noHugeSize(size);
    // Of runs it takes care that the old one is gone first; a block is for the caller to clear.
    const replacesRun = state.huge.get(addr)?.size === size && !stage.isBlockSize(size);
    if (!replacesRun && state.mapped.overlaps(addr, addr + size)) return somethingMapped;
    const ptep = entryPointer(stage.kernel, addr, size);
    if (ptep === undefined) return { notReached: `no level has entries for ${size} bytes` };
    const { pfn } = state.frames.layOut([runOf(operation.size, { compound: false })]).entries[0]!;
    const prot = stage.protection(operation.prot);
    const pte = stage.makeHugePte(pfn, prot, size);
    state.huge.set(addr, { size, pfn, prot });
    return {
      intent: { kind: 'huge', change: 'set', addr, size, pfn, prot, legal: true },
      values: { mm: stage.initMm, addr, ptep, pte, size },
      mapsBy: size,
    };
  });
}

export function prepareHugeClear(
  stage: Stage,
  state: ScenarioState,
  operation: HugeClearOperation,
): PreparedCall | Unreachable {
  return atPlace(stage, state, operation.at, operation.size, (addr, size) => {
    const set = state.huge.get(addr);
    if (set?.size !== size) return { notReached: 'no huge entry of that size was set there' };
    const ptep = entryPointer(stage.kernel, addr, size);
    if (ptep === undefined) return { notReached: `no level has entries for ${size} bytes` };
    state.huge.delete(addr);
    return {
      intent: { kind: 'huge', change: 'clear', addr, legal: true, ...set },
      values: { mm: stage.initMm, addr, ptep, size },
      unmaps: true,
    };
  });
}

function noHugeSize(size: ByteCount): Unreachable {
  return { notReached: `${size} bytes are no huge size of this tree`, treeLacks: true };
}
