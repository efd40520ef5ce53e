// SPDX-License-Identifier: GPL-2.0-only
import { makePageArray } from './page-array.ts';
import { countPages, type SparseMapOperation, type SparseUnmapOperation } from './scenario.ts';
import {
  atPlace,
  somethingMapped,
  type PreparedCall,
  type ScenarioState,
  type Unreachable,
} from './scenario-state.ts';
import type { Stage } from './stage.ts';

/** Pages into a part of an area that its owner fills as it likes. */
export function prepareSparseMap(
  stage: Stage,
  state: ScenarioState,
  { at, pages }: SparseMapOperation,
): PreparedCall | Unreachable {
  const count = countPages(pages);
  return inSparseArea(stage, state, at, (area, start) => {
    const size = count * stage.pageSize;
    if (state.mapped.overlaps(start, start + size)) return somethingMapped;
    const frames = state.frames.layOut(pages);
    const prot = stage.protection('rw');
    const maxShift = stage.machine.pageShift;
    const legal = start >= area.addr && start + size <= area.addr + area.size;
    return {
      intent: { kind: 'map', addr: start, size, pages: frames.entries, prot, maxShift, legal },
      values: { area: area.struct, addr: start, end: start + size, pages: makePageArray(stage, frames, 1) },
      mapsBy: stage.pageSize,
    };
  });
}

export function prepareSparseUnmap(
  stage: Stage,
  state: ScenarioState,
  { at, size: count }: SparseUnmapOperation,
): PreparedCall | Unreachable {
  return inSparseArea(stage, state, at, (area, start) => {
    const size = count * stage.pageSize;
    if (start < area.addr || start + size > area.addr + area.size)
      return { notReached: 'the range goes beyond the area' };
    return {
      intent: { kind: 'unmap', addr: start, size },
      values: { area: area.struct, addr: start, end: start + size },
      unmaps: true,
    };
  });
}

interface SparseArea {
  readonly struct: number;
  readonly addr: number;
  /** Without the guard page. */
  readonly size: number;
}

/** The first address of the place, which may lie behind the area's end. */
function inSparseArea(
  stage: Stage,
  state: ScenarioState,
  { of, page }: SparseMapOperation['at'],
  prepare: (area: SparseArea, start: number) => PreparedCall | Unreachable,
): PreparedCall | Unreachable {
  return atPlace(stage, state, { of, page: 0 }, 0, (addr) => {
    const found = stage.findArea(addr);
    if (found === undefined || !stage.flagNames(found.flags).includes('VM_SPARSE'))
      return { notReached: 'the area is none of VM_SPARSE' };
    const struct = Number(stage.linked.call('find_vm_area', [addr]));
    const area = { struct, addr: found.addr, size: found.size - stage.pageSize };
    return prepare(area, addr + page * stage.pageSize);
  });
}
