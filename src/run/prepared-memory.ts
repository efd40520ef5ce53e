// SPDX-License-Identifier: GPL-2.0-only
import type {
  AddMemoryOperation,
  CreateMappingOperation,
  RemoveMemoryOperation,
} from './linear-operations.ts';
import { linear, linearIntent, needFixmap, noMemory, wantsPages } from './prepared-linear-map.ts';
import { countPages } from './scenario.ts';
import {
  atFreePlace,
  noArea,
  type PreparedCall,
  type ScenarioState,
  type Unreachable,
} from './scenario-state.ts';
import type { Stage } from './stage.ts';
import { makeProcess } from './user-range.ts';

// Memory that the kernel maps when it runs already: for the firmware, or because it was plugged in.

export function prepareCreateMapping(
  stage: Stage,
  state: ScenarioState,
  { at, frames, offset, leaves }: CreateMappingOperation,
): PreparedCall | Unreachable {
  return atFreePlace(stage, state, at, countPages([frames]), (addr, size) => {
    const { entries } = state.frames.layOut([frames]);
    const [run] = entries;
    if (run === undefined || run.bad !== undefined) return noMemory;
    if (offset > 0 && run.count < 2) return { notReached: 'one page cannot begin and end inside' };
    const missing = needFixmap(stage, state);
    if (missing !== undefined) return missing;
    const prot = stage.protection('rw');
    return {
      intent: linearIntent(stage, entries, { leaves, prot, at: addr }),
      values: {
        mm: makeProcess(stage),
        phys_addr: run.pfn * stage.pageSize + offset,
        addr: addr + offset,
        size: offset > 0 ? size - stage.pageSize : size,
        prot,
        page_mappings_only: leaves === 'pages' ? 1 : 0,
      },
      mapsBy: Infinity,
    };
  });
}

export function prepareAddMemory(
  stage: Stage,
  state: ScenarioState,
  { frames }: AddMemoryOperation,
): PreparedCall | Unreachable {
  const { entries } = state.frames.layOut([frames]);
  const [run] = entries;
  if (run === undefined || run.bad !== undefined) return noMemory;
  const missing = needFixmap(stage, state);
  if (missing !== undefined) return missing;
  const { kernel: k, pageSize } = stage;
  const prot = stage.protection('rw');
  const params = k.mem.allocate({ name: 'mhp_params', size: k.sizeof('mhp_params'), zeroed: true });
  k.mem.stDescriptor(params + k.offsetof('mhp_params', 'pgprot'), prot);
  const start = run.pfn * pageSize;
  const size = run.count * pageSize;
  return {
    intent: linearIntent(stage, entries, { leaves: wantsPages(stage) ? 'pages' : 'any', prot }),
    values: { nid: 0, addr: start, size, params },
    mapsBy: Infinity,
    after: (error, _addr, { operation }) => {
      k.mem.release(params);
      if (error !== 0) return;
      state.areas.set(operation, { kind: 'memory', addr: linear(stage, run), size });
    },
  };
}

export function prepareRemoveMemory(
  stage: Stage,
  state: ScenarioState,
  { area }: RemoveMemoryOperation,
): PreparedCall | Unreachable {
  const memory = state.areas.get(area);
  if (memory?.kind !== 'memory') return noArea(area);
  state.areas.delete(area);
  const { addr, size } = memory;
  return {
    intent: { kind: 'unmap', addr, size },
    values: { addr: addr - stage.machine.addresses.pageOffset, size, altmap: 0, pgmap: 0, nid: 0 },
    unmaps: true,
  };
}
