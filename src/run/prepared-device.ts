// SPDX-License-Identifier: GPL-2.0-only
import { bitsOfDescriptor } from '../base/descriptor.ts';
import type { U64 } from '../base/u64.ts';
import type { PhysAddr } from '../base/units.ts';
import { entryPointIn } from './entry-points.ts';
import type { IoremapOperation, IounmapOperation } from './scenario.ts';
import { noArea, type PreparedCall, type ScenarioState, type Unreachable } from './scenario-state.ts';
import type { Stage } from './stage.ts';

/** Physical addresses have 48 bits on every machine. */
const END_OF_ADDRESSES: PhysAddr = 2 ** 48;

/** Device memory at a virtual address, neither of which need begin where a page does. */
export function prepareIoremap(
  stage: Stage,
  state: ScenarioState,
  operation: IoremapOperation,
): PreparedCall | Unreachable {
  const { memory, size: pages, less = 0, offset } = operation;
  if (memory !== 'device' && stage.machine.arch !== 'arm64')
    return { notReached: 'what is no device memory is for this architecture to judge' };
  const size = pages * stage.pageSize - less;
  const start = startOf(stage, state, memory);
  const count = Math.ceil((offset + size) / stage.pageSize);
  const prot = stage.protection('uncached');
  return {
    intent: {
      kind: 'map',
      size: count * stage.pageSize,
      pages: [{ pfn: Math.floor(start / stage.pageSize), count }],
      prot: stage.kernel.pgprot_nx(prot),
      maxShift: state.ioremapShift,
      legal: size > 0 && (memory === 'device' || (memory === 'end' && offset + size <= stage.pageSize)),
    },
    values: { phys_addr: start + offset, size, prot: takesBits(stage) ? bitsOfDescriptor(prot) : prot },
    choosesAddress: true,
    offset,
    makesArea: 'mapped',
    mapsBy: Infinity,
  };
}

/** A parameter of a plain integer has a protection's bits. */
function takesBits({ linked }: Stage): boolean {
  const name = entryPointIn(linked.program, 'ioremap_prot');
  const parameters = name === undefined ? undefined : linked.prototypeOf(name)?.parameters;
  return parameters?.at(-1)?.type.kind === 'integer';
}

function startOf(stage: Stage, { frames }: ScenarioState, memory: IoremapOperation['memory']): PhysAddr {
  switch (memory) {
    case 'device':
      return frames.invalidPfn * stage.pageSize;
    case 'ram':
      return stage.machine.addresses.ramStart * stage.pageSize;
    case 'end':
      return END_OF_ADDRESSES - stage.pageSize;
    case 'wrap':
      return 0 - stage.pageSize;
  }
}

export function prepareIounmap(
  state: ScenarioState,
  operation: IounmapOperation,
): PreparedCall | Unreachable {
  const area = state.areas.get(operation.area);
  if (area === undefined) return noArea(operation.area);
  state.areas.delete(operation.area);
  const { addr, size, offset = 0 } = area;
  const values: Record<string, U64> = { addr: addr + offset };
  return { intent: { kind: 'unmap', addr, size }, values, unmaps: true };
}
