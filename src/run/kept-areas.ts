// SPDX-License-Identifier: GPL-2.0-only
import type { VirtAddr } from '../base/units.ts';
import { arrayEntries } from '../model/lib/array-entries.ts';
import { areasInTrees } from './area-trees.ts';
import type { ScenarioState } from './scenario-state.ts';
import type { Stage } from './stage.ts';

/** Where areas were when the boot was over. */
export function areasAtBoot({ kernel }: Stage): ReadonlySet<VirtAddr> {
  return new Set(areasInTrees(kernel).map(({ start }) => start));
}

/**
 * Tells of areas that are left in trees when all of a scenario's own are gone and purged. Blocks of vm_map_ram() may stay:
 * as many as an array of the kernel leads to, which is how their users find them.
 */
export function tellKeptAreas(stage: Stage, { areas }: ScenarioState, before: ReadonlySet<VirtAddr>): void {
  const { kernel, linked } = stage;
  if (areas.size > 0 || linked.bindings.find('alloc_vmap_area', undefined)?.kind !== 'c') return;
  const kept = areasInTrees(kernel).filter(({ start }) => !before.has(start));
  for (const { start, end } of kept.slice(arrayEntries(kernel).length)) {
    linked.emit({ kind: 'area-kept', addr: start, size: end - start });
  }
}
