// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, Shift } from '../base/units.ts';
import type { Machine } from '../trace/machine.ts';
import { shapesOf, shiftOf } from './packs/shapes.ts';
import {
  areaUsedBy,
  countPages,
  makesArea,
  mayBeCompound,
  runOf,
  type MapPagesOperation,
  type Operation,
  type PageGroup,
  type RunGroup,
  type Scenario,
} from './scenario.ts';
import { USUAL_GFP, USUAL_PROTECTION, usualFlags } from './scenario-text.ts';

/**
 * Makes a scenario smaller while it still shows what it is for: fewest operations, then groups, pages, oddities. Tries
 * one change at a time, larger ones first, and begins anew after each that works, until none does or `tries` runs are
 * used up, of which large ones count for several and small ones for less. The same arguments give the same result.
 */
export function reduceScenario(
  scenario: Scenario,
  tries: number,
  machine: Machine,
  shows: (smaller: Scenario) => boolean,
): Scenario {
  const shifts = leafShifts(machine);
  let best = scenario;
  let left = tries;
  for (let improved = true; improved && left > 0;) {
    improved = false;
    const weight = scenarioWeight(best);
    for (const candidate of smallerThan(best, shifts)) {
      if (scenarioWeight(candidate) >= weight) continue;
      left -= costOf(candidate);
      if (left < 0) break;
      if (!shows(candidate)) continue;
      best = candidate;
      improved = true;
      break;
    }
  }
  return best;
}

/** What a run costs, in tries: booting the kernel, and mapping so many pages. */
function costOf(scenario: Scenario): number {
  return (64 + pagesIn(scenario)) / 256;
}

function pagesIn({ operations }: Scenario): number {
  return operations.reduce((sum, operation) => {
    return sum + countPages(groupsOf(operation)) + allocatedPages(operation);
  }, 0);
}

/** Pages that the callee allocates. */
function allocatedPages(operation: Operation): PageCount {
  return 'size' in operation && makesArea(operation) && !operation.call.includes('get_vm_area')
    ? operation.size
    : 0;
}

function groupsOf(operation: Operation): readonly PageGroup[] {
  if ('pages' in operation) return operation.pages;
  return 'frames' in operation ? [operation.frames] : [];
}

/** How much a reader has to take in: a call weighs as much as some hundred pages. */
export function scenarioWeight({ operations }: Scenario): number {
  return operations.reduce((sum, operation) => sum + 150 + operationWeight(operation), 0);
}

function operationWeight(operation: Operation): number {
  const groups = groupsOf(operation);
  const pages = 'size' in operation ? operation.size : countPages(groups);
  // A place may lie before its area.
  const offset = 'at' in operation ? Math.abs(operation.at.page) : 0;
  const flags = 'flags' in operation ? operation.flags.length : 0;
  const unusual = 'prot' in operation && operation.prot !== USUAL_PROTECTION ? 1 : 0;
  const shift = 'shift' in operation ? operation.shift : 0;
  const asked = 'less' in operation ? 3 : 0;
  const aligned = 'align' in operation ? Math.log2(operation.align) : 0;
  const unusualMask = 'gfp' in operation && operation.gfp !== USUAL_GFP ? 5 : 0;
  const odd =
    asked +
    aligned +
    unusualMask +
    circumstancesWeight(operation) +
    groups.reduce((sum, group) => sum + 100 + ('bad' in group ? 0 : oddity(group)), 0);
  return odd + 20 * Math.log2(1 + pages) + Math.log2(1 + offset) + 5 * (flags + unusual) + shift;
}

/** A refused allocation is told from all that come after it. */
function circumstancesWeight({ cpu = 0, context, gives, fail }: Operation): number {
  const refused = fail === undefined ? 0 : 10 + Math.min(fail.nth, 100) + (fail.onward ? 1 : 0);
  const given = gives === undefined ? 0 : 5;
  return (cpu === 0 ? 0 : 5 + Math.log2(cpu)) + (context === undefined ? 0 : 5) + given + refused;
}

/** What has to be said of a run beside its size. */
function oddity({ run, misaligned, follows, compound, first, count }: RunGroup): number {
  const part = first > 0 || count < run ? 60 + Math.log2(run) : 0;
  const beside = misaligned > 0 ? 30 + Math.log2(misaligned) : 0;
  const split = mayBeCompound(run, misaligned) && !compound ? 1 : 0;
  return part + beside + (follows ? 30 : 0) + split;
}

/** Values of page_shift that mean something on a machine, ascending. */
function leafShifts(machine: Machine): readonly Shift[] {
  const shapes = shapesOf(machine);
  return [1, shapes.run, shapes.block, shapes.largest].map((pages) => shiftOf(shapes, pages));
}

function* smallerThan(scenario: Scenario, shifts: readonly Shift[]): Generator<Scenario> {
  const { operations } = scenario;
  if (operations.length > 1) {
    for (let i = operations.length - 1; i >= 0; i--) yield* without(scenario, i);
  }
  for (const [i, operation] of operations.entries()) {
    for (const smaller of smallerOperations(operation, shifts)) {
      yield { operations: operations.with(i, smaller) };
    }
  }
}

/** Without one operation and all that work on its area; the others' numbers move up. */
function* without({ operations }: Scenario, removed: number): Generator<Scenario> {
  const gone = new Set([removed]);
  for (const [i, operation] of operations.entries()) {
    const area = areaUsedBy(operation);
    if (area !== undefined && gone.has(area)) gone.add(i);
    if (operation.gives !== undefined && gone.has(operation.gives)) gone.add(i);
  }
  if (gone.size === operations.length) return;
  const renumbered = new Map<number, number>();
  for (const i of operations.keys()) if (!gone.has(i)) renumbered.set(i, renumbered.size);
  yield {
    operations: operations.flatMap((operation, i) => (gone.has(i) ? [] : [withAreas(operation, renumbered)])),
  };
}

function withAreas(old: Operation, renumbered: ReadonlyMap<number, number>): Operation {
  const operation = old.gives === undefined ? old : { ...old, gives: renumbered.get(old.gives)! };
  if ('area' in operation)
    return typeof operation.area === 'string'
      ? operation
      : { ...operation, area: renumbered.get(operation.area)! };
  if (!('at' in operation) || operation.at.of === 'window') return operation;
  return { ...operation, at: { ...operation.at, of: renumbered.get(operation.at.of)! } };
}

function* smallerOperations(operation: Operation, shifts: readonly Shift[]): Generator<Operation> {
  if (operation.call === 'vmap_pages_range') {
    for (const shift of shifts) if (shift < operation.shift) yield scaledDown(operation, shift);
  }
  if ('pages' in operation) {
    for (const pages of smallerGroupLists(operation.pages)) yield { ...operation, pages };
  }
  if ('frames' in operation) {
    for (const frames of smallerGroups(operation.frames)) yield { ...operation, frames };
  }
  if ('size' in operation) {
    for (const size of smallerCounts(operation.size)) yield { ...operation, size };
  }
  if ('at' in operation) {
    for (const page of operation.at.page === 0 ? [] : [0, Math.trunc(operation.at.page / 2)]) {
      yield { ...operation, at: { ...operation.at, page } };
    }
  }
  if (operation.call === 'vmap_pages_range') {
    for (const shift of shifts) if (shift < operation.shift) yield { ...operation, shift };
  }
  if ('prot' in operation && operation.prot !== USUAL_PROTECTION)
    yield { ...operation, prot: USUAL_PROTECTION };
  if ('flags' in operation && operation.flags.length > usualFlags[operation.call].length) {
    yield { ...operation, flags: usualFlags[operation.call] };
  }
  if ('node' in operation) {
    const { node: _node, ...anywhere } = operation;
    yield anywhere;
  }
  if ('less' in operation) {
    const { less: _less, ...whole } = operation;
    yield whole;
  }
  if ('align' in operation && operation.align > 1) yield { ...operation, align: 1 };
  if ('gfp' in operation && operation.gfp !== USUAL_GFP) yield { ...operation, gfp: USUAL_GFP };
  yield* plainerCircumstances(operation);
}

/** The same call on the first CPU, outside of interrupts, with nothing refused, or an earlier allocation. */
function* plainerCircumstances(operation: Operation): Generator<Operation> {
  const { cpu: _cpu, ...onFirst } = operation;
  const { context: _context, ...outside } = operation;
  const { fail, ...unrefused } = operation;
  if (operation.cpu !== undefined) yield onFirst;
  if (operation.context !== undefined) yield outside;
  if (fail === undefined) return;
  yield unrefused;
  for (const nth of smallerCounts(fail.nth)) yield { ...operation, fail: { ...fail, nth } };
  if (fail.onward) yield { ...operation, fail: { ...fail, onward: false } };
}

/** A lower page_shift, and runs that are shorter in the same measure. */
function scaledDown(operation: MapPagesOperation, shift: Shift): Operation {
  const by = 2 ** (operation.shift - shift);
  const scaled = (count: number): number => Math.max(1, Math.floor(count / by));
  const pages = operation.pages.map((group): PageGroup => {
    if ('bad' in group) return { ...group, count: scaled(group.count) };
    const run = scaled(group.run);
    return runOf(run, { ...kept(group), misaligned: Math.min(group.misaligned, run - 1) });
  });
  return { ...operation, shift, pages };
}

function* smallerGroupLists(groups: readonly PageGroup[]): Generator<readonly PageGroup[]> {
  if (groups.length > 1) {
    for (const i of groups.keys()) yield groups.toSpliced(i, 1);
  }
  for (const [i, group] of groups.entries()) {
    for (const smaller of smallerGroups(group)) yield groups.with(i, smaller);
  }
}

function* smallerGroups(group: PageGroup): Generator<PageGroup> {
  if ('bad' in group) {
    for (const count of smallerCounts(group.count)) yield { ...group, count };
    return;
  }
  for (const repeat of smallerCounts(group.repeat)) yield { ...group, repeat };
  for (const run of [1, Math.floor(group.run / 2), group.run - 1]) {
    if (run >= 1 && run < group.run)
      yield runOf(run, { ...kept(group), misaligned: Math.min(group.misaligned, run - 1) });
  }
  if (group.first > 0 || group.count < group.run) yield runOf(group.run, kept(group));
  if (group.first > 0 || group.count < group.run) yield runOf(group.count, kept(group));
  if (group.misaligned > 0) yield runOf(group.run, { ...group, misaligned: 0 });
  if (group.misaligned > 1) yield runOf(group.run, { ...group, misaligned: 1 });
  if (group.follows) yield runOf(group.run, { ...group, follows: false });
  const compound = runOf(group.run, { ...group, compound: true });
  if (compound.compound && !group.compound) yield compound;
}

/** What a run keeps when its size changes. */
function kept({ follows, compound, repeat, misaligned, again }: RunGroup): Partial<RunGroup> {
  return { follows, compound, repeat, misaligned, ...(again === true && { again }) };
}

function smallerCounts(count: number): readonly number[] {
  const candidates = [1, Math.floor(count / 2), ...(count <= FEW ? [count - 1] : [])];
  return [...new Set(candidates)].filter((smaller) => smaller >= 1 && smaller < count);
}

/** Counts above it are only halved: nobody tells them from the next smaller one. */
const FEW = 4096;
