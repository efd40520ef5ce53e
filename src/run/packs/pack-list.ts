// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../trace/machine.ts';
import { SERVES_ATOMIC } from '../entry-points.ts';
import { isAtomic, type Operation, type Scenario } from '../scenario.ts';
import { areaScenarios } from './areas.ts';
import { askedScenarios } from './asked.ts';
import { cornerScenarios } from './corners.ts';
import { deviceMemoryScenarios, sparseAreaScenarios } from './device-memory.ts';
import { failureScenarios } from './failures.ts';
import { fullSpaceScenarios, noSpaceScenarios } from './full-space.ts';
import { linearAliasScenarios } from './linear-alias.ts';
import { linearMapScenarios } from './linear-map.ts';
import { hugeEntryScenarios } from './huge-entries.ts';
import { mapPagesScenarios } from './map-pages.ts';
import { mapRamScenarios } from './map-ram.ts';
import { mapRangeScenarios } from './map-range.ts';
import { randomScenarios } from './random.ts';
import { readerScenarios } from './readers.ts';
import { remapScenarios } from './remap.ts';
import { setMemoryScenarios } from './set-memory.ts';
import { shapesOf, type Shapes } from './shapes.ts';
import { textScenarios } from './text.ts';
import { vmallocScenarios } from './vmalloc.ts';
import { vmapScenarios } from './vmap.ts';

/** Systematic scenarios around some entry points. */
export interface Pack {
  readonly name: string;
  /** What it exercises, for people. */
  readonly title: string;
  /** A tree without this file has nothing for it; mm/vmalloc.c if it is left out. */
  readonly file?: string;
  /** Calls that it is there for: where what changes is in none of them, others say more about it. Absent: any. */
  readonly about?: readonly Operation['call'][];
  scenarios(shapes: Shapes): readonly Scenario[];
}

const VMALLOC = 'mm/vmalloc.c';

export const packs: readonly Pack[] = [
  { name: 'vmap', title: 'vmap() and vunmap() of arrays of every shape', scenarios: vmapScenarios },
  { name: 'map-pages', title: 'vmap_pages_range() with every page_shift', scenarios: mapPagesScenarios },
  { name: 'map-range', title: 'vmap_page_range() and ioremap_page_range()', scenarios: mapRangeScenarios },
  {
    name: 'set-memory',
    title: 'set_memory_*() over mappings and parts of them',
    scenarios: setMemoryScenarios,
  },
  {
    name: 'text',
    title: 'memory for code: read-only and executable at once',
    file: 'arch/x86/mm/pat/set_memory.c',
    scenarios: textScenarios,
  },
  {
    name: 'huge-entries',
    title: 'set_huge_pte_at() and its relatives, every size',
    scenarios: hugeEntryScenarios,
  },
  { name: 'device-memory', title: 'ioremap() and iounmap()', scenarios: deviceMemoryScenarios },
  { name: 'sparse', title: 'areas filled by parts', scenarios: sparseAreaScenarios },
  { name: 'areas', title: 'get_vm_area() of every size and kind', scenarios: areaScenarios },
  {
    name: 'full-space',
    title: 'an address space with little left',
    about: ['get_vm_area', 'vm_unmap_aliases', 'pcpu_get_vm_areas'],
    scenarios: fullSpaceScenarios,
  },
  { name: 'no-space', title: 'an address space that is too small', scenarios: noSpaceScenarios },
  { name: 'remap', title: 'addresses used again', scenarios: remapScenarios },
  { name: 'vmalloc', title: 'vmalloc() and its kin, their use and their end', scenarios: vmallocScenarios },
  {
    name: 'asked',
    title: 'ranges, alignments, zones, masks and flags that callers ask for',
    scenarios: askedScenarios,
  },
  { name: 'map-ram', title: 'vm_map_ram() on one CPU and on several', scenarios: mapRamScenarios },
  {
    name: 'readers',
    title: 'readers of all areas, reclaim, per-CPU areas, NULL',
    scenarios: readerScenarios,
  },
  { name: 'failures', title: 'every call with its nth allocation refused', scenarios: failureScenarios },
  { name: 'corners', title: 'unusual callers, and very large ones', scenarios: cornerScenarios },
  {
    name: 'linear-map',
    title: 'the linear map at boot, and slots of the fixmap',
    file: 'arch/arm64/mm/mmu.c',
    scenarios: linearMapScenarios,
  },
  {
    name: 'linear-alias',
    title: 'the linear map of pages that are mapped elsewhere as well',
    file: 'arch/arm64/mm/pageattr.c',
    scenarios: linearAliasScenarios,
  },
];

/** Names of the packs that have something to run, on a machine that runs these files. */
export function packsFor(files: readonly string[]): readonly string[] {
  return packs.filter(({ file = VMALLOC }) => files.includes(file)).map(({ name }) => name);
}

/** Whether the random scenarios, which are about areas, have something to run. */
export function hasRandomScenarios(files: readonly string[]): boolean {
  return files.includes(VMALLOC);
}

/** Which entry points are worth calling in a review. */
export interface CallScope {
  /** Those that the code has in some state. */
  readonly present: readonly string[];
  /** Those of them that can reach what changes from state to state. */
  readonly affected: readonly string[];
}

export interface WantedScenarios {
  /** Names; undefined for all. */
  readonly packs: readonly string[] | undefined;
  /** How many more are drawn from the seed. */
  readonly random: number;
  readonly seed: number;
  /** Absent where every call is worth it. */
  readonly calls?: CallScope | undefined;
}

/** The scenarios of some packs, each once, and random ones. */
export function scenariosFor(machine: Machine, wanted: WantedScenarios): readonly Scenario[] {
  const shapes = shapesOf(machine);
  const chosen = packs.filter(
    (pack) => wanted.packs?.includes(pack.name) !== false && isAboutAny(pack, wanted.calls),
  );
  const systematic = new Map<string, Scenario>();
  for (const scenario of chosen.flatMap((pack) => pack.scenarios(shapes))) {
    if (isWorthRunning(scenario, wanted.calls)) systematic.set(JSON.stringify(scenario), scenario);
  }
  const { random, seed, calls } = wanted;
  const mayCall = (call: string): boolean => calls === undefined || calls.present.includes(call);
  return [...systematic.values(), ...randomScenarios(shapes, random, seed, mayCall)];
}

function isAboutAny({ about }: Pack, calls: CallScope | undefined): boolean {
  if (about === undefined || calls === undefined) return true;
  return (
    about.some((call) => calls.affected.includes(call)) || !about.some((call) => calls.present.includes(call))
  );
}

/** Scenarios drawn until so many call one of the affected entry points, or none do. */
export function steeredScenarios(
  machine: Machine,
  calls: CallScope,
  { count, seed }: { readonly count: number; readonly seed: number },
): readonly Scenario[] {
  const shapes = shapesOf(machine);
  const mayCall = (call: string): boolean => calls.present.includes(call);
  const drawn = randomScenarios(shapes, DRAWN_FOR_ONE * count, seed + STEERED_SEED, mayCall);
  return drawn.filter((scenario) => isWorthRunning(scenario, calls)).slice(0, count);
}

/** How many are drawn for each that is wanted. */
const DRAWN_FOR_ONE = 8;
/** Apart from the seeds that people give. */
const STEERED_SEED = 0x51ee;

/** Calls that no tree defines, which every kernel has. */
const everywhere: ReadonlySet<string> = new Set(['flush_scheduled_work', 'arch_parse_debug_rodata']);

/** A scenario can show something if all of its calls exist and one of them gets to what changes. */
function isWorthRunning({ operations }: Scenario, calls: CallScope | undefined): boolean {
  if (calls === undefined) return true;
  const exists = (call: string): boolean => everywhere.has(call) || calls.present.includes(call);
  return (
    // Where there is no vfree_atomic() nobody frees in interrupts.
    operations.every(
      (operation) =>
        exists(operation.call) &&
        (operation.context === undefined || exists('vfree_atomic')) &&
        (!isAtomic(operation) || exists(SERVES_ATOMIC)),
    ) && operations.some(({ call }) => calls.affected.includes(call))
  );
}
