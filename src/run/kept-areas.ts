// SPDX-License-Identifier: GPL-2.0-only
import type { VirtAddr } from '../base/units.ts';
import { hasWork } from '../model/kernel/queued-work.ts';
import { arrayEntries, knownArrays } from '../model/lib/array-entries.ts';
import { areasInTrees } from './area-trees.ts';
import type { Scenario } from './scenario.ts';
import type { ScenarioState } from './scenario-state.ts';
import type { Stage } from './stage.ts';

/** Where areas were when the boot was over. */
export function areasAtBoot({ kernel }: Stage): ReadonlySet<VirtAddr> {
  return new Set(areasInTrees(kernel).map(({ start }) => start));
}

/**
 * Tells of areas that are left in trees when all of a scenario's own are gone and purged, and no worker has any to free.
 * Blocks of vm_map_ram() may stay: as many as an array of the kernel leads to, which is how their users find them. Where
 * there is no such array, nothing tells them from others.
 */
export function tellKeptAreas(
  stage: Stage,
  { operations }: Scenario,
  { areas }: ScenarioState,
  before: ReadonlySet<VirtAddr>,
): void {
  const { kernel, linked } = stage;
  if (areas.size > 0 || hasWork(kernel)) return;
  if (linked.bindings.find('alloc_vmap_area', undefined)?.kind !== 'c') return;
  const usesBlocks = operations.some(({ call }) => call === 'vm_map_ram');
  if (usesBlocks && kernel.state(knownArrays).size === 0) return;
  const kept = areasInTrees(kernel).filter(({ start }) => !before.has(start));
  for (const { start, end } of kept.slice(arrayEntries(kernel).length)) {
    linked.emit({ kind: 'area-kept', addr: start, size: end - start });
  }
}
