// SPDX-License-Identifier: GPL-2.0-only
import type { VirtAddr } from '../base/units.ts';
import { takesAnyRange } from './entry-points.ts';
import { countPages, type MapRangeOperation } from './scenario.ts';
import { atFreePlace, type PreparedCall, type ScenarioState, type Unreachable } from './scenario-state.ts';
import type { Stage } from './stage.ts';

/** One physical range at a given place: anywhere, or, for drivers, in an area that was made for device memory. */
export function prepareMapRange(
  stage: Stage,
  state: ScenarioState,
  operation: MapRangeOperation,
): PreparedCall | Unreachable {
  return atFreePlace(stage, state, operation.at, countPages([operation.frames]), (addr, size) => {
    const { entries } = state.frames.layOut([operation.frames]);
    const [run] = entries;
    if (run === undefined || run.bad !== undefined) return { notReached: 'no frames to map' };
    const prot = stage.protection(operation.prot);
    const legal = operation.call === 'vmap_page_range' || isWholeForDevice(stage, addr, size);
    if (!legal && takesAnyRange(stage.linked.program))
      return { notReached: 'ioremap_page_range() of this tree takes any range' };
    return {
      intent: {
        kind: 'map',
        addr,
        size,
        pages: entries,
        prot: stage.kernel.pgprot_nx(prot),
        maxShift: state.ioremapShift,
        legal,
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

/** All of an area that was made for device memory: the only thing that drivers may map by themselves. */
function isWholeForDevice(stage: Stage, addr: VirtAddr, size: number): boolean {
  const area = stage.findArea(addr);
  if (area === undefined || !stage.flagNames(area.flags).includes('VM_IOREMAP')) return false;
  return area.addr === addr && area.size - stage.pageSize === size;
}
