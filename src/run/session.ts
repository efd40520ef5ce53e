// SPDX-License-Identifier: GPL-2.0-only
import type { U64 } from '../base/u64.ts';
import type { Pfn, Ptr, VirtAddr } from '../base/units.ts';
import { KernelOops } from '../model/hardware/kernel-oops.ts';
import { KernelBug, NotModelled, type Kernel } from '../model/kernel.ts';
import { executionContext } from '../model/kernel/interrupt-state.ts';
import { hasWorkBeside } from '../model/kernel/queued-work.ts';
import { endGracePeriod } from '../model/kernel/waiting-objects.ts';
import { allocationLimit } from '../model/mm/allocation-limit.ts';
import type { AddedCall } from '../trace/added-calls.ts';
import { EventLog } from '../trace/event-log.ts';
import { FUEL_FOR_CALL, FUEL_FOR_PAGE } from '../trace/fuel.ts';
import { noteArea, usedMemory } from './area-record.ts';
import { faultsOfTrees, forgetTreeChanges } from './area-trees.ts';
import { countsPages, entryPointIn, PAGE_COUNT } from './entry-points.ts';
import { FrameSource } from './frames.ts';
import { orderArguments, resultOf } from './kernel-call.ts';
import { areasAtBoot, tellKeptAreas } from './kept-areas.ts';
import { leftBehind, wasRefused } from './left-behind.ts';
import { MappedRanges } from './mapped-ranges.ts';
import { ANY_SHIFT, prepareCall } from './prepared-call.ts';
import { lowestArea } from './prepared-readers.ts';
import { offerOf } from './other-task.ts';
import { namersOf } from './named-in-functions.ts';
import type { OnEvent } from './recorder.ts';
import { findDefinition } from './program.ts';
import { OutOfFuel } from './runtime.ts';
import { countPages, isAtomic, type Operation, type Scenario } from './scenario.ts';
import type { PreparedCall, ScenarioState, Unreachable } from './scenario-state.ts';
import { ObjectsSetAside } from './set-aside.ts';
import type { Stage } from './stage.ts';
import { endOfObjects, unreachableObjects } from './unreachable-objects.ts';

/** How a scenario ended. */
export type EndState =
  | { readonly kind: 'completed' }
  /** The C code faulted or hit a BUG; the trace's last events say how. */
  | { readonly kind: 'faulted' }
  | { readonly kind: 'out-of-fuel' }
  | { readonly kind: 'not-modelled'; readonly reason: string };

export interface ScenarioRun {
  readonly events: EventLog;
  readonly end: EndState;
  /** Operations that could not be called, and why. */
  readonly notReached: readonly NotReached[];
}

export interface NotReached {
  readonly operation: number;
  readonly reason: string;
  /** The tree lacks it; else it is the scenario that did not come so far. */
  readonly treeLacks: boolean;
}

/** The work that purges lazily freed areas, which are free in all other ways. */
const PURGE_WORK = 'drain_vmap_work';

export interface RunWatch {
  /** Told of each event as it happens. */
  readonly onEvent?: OnEvent | undefined;
  /** Events that are expected again: they take no memory anew. */
  readonly like?: EventLog | undefined;
}

/** What the areas that were given back wait for. */
const PURGE = 'vm_unmap_aliases';

/**
 * Events after which a run that recurses without end is cut off: it does that from some hundred on, and how many fit the
 * stack depends on what the engine has optimised.
 */
const EVENTS_OF_RECURSION = 1000;

/** Boots the kernel and runs one scenario on it. The same scenario always gives the same events. */
export function runScenario(stage: Stage, scenario: Scenario, watch: RunWatch = {}): ScenarioRun {
  const run = runOnce(stage, scenario, watch);
  if (!stage.linked.runtime.overflowed || run.events.length <= EVENTS_OF_RECURSION) return run;
  const onEvent: OnEvent = (event, index) => {
    watch.onEvent?.(event, index);
    if (index === EVENTS_OF_RECURSION) stage.linked.runtime.spin();
  };
  return runOnce(stage, scenario, { ...watch, onEvent });
}

function runOnce(stage: Stage, scenario: Scenario, { onEvent, like }: RunWatch): ScenarioRun {
  const events = new EventLog(like);
  const notReached: NotReached[] = [];
  stage.beginRun();
  const end = endOf(stage, () => {
    askForSizes(stage, scenario);
    stage.boot(events, onEvent);
    forgetTreeChanges(stage.kernel);
    const atBoot = endOfObjects(stage.kernel);
    const areas = areasAtBoot(stage);
    const state: ScenarioState = {
      frames: new FrameSource(stage.machine),
      areas: new Map(),
      mapped: new MappedRanges(),
      ioremapShift: ANY_SHIFT,
      huge: new Map(),
      hasFixmap: false,
      setAside: new ObjectsSetAside(stage),
    };
    const operations = [...scenario.operations, ...callsAtEnd(scenario)];
    for (const [index, operation] of operations.entries()) {
      const atEnd = index >= scenario.operations.length;
      // Before the purge: that changes no count, and is not to be blamed for one.
      if (atEnd && operation.call === PURGE) tellPageCount(stage);
      const unreachable = runOperation(stage, state, operation, { index, atEnd, events });
      if (unreachable === undefined) continue;
      const { notReached: reason, treeLacks = false } = unreachable;
      notReached.push({ operation: index, reason, treeLacks });
    }
    endGracePeriod(stage.kernel);
    state.setAside.tell();
    if (operations.length > scenario.operations.length) {
      tellLazyCount(stage);
      tellKeptAreas(stage, scenario, state, areas);
    }
    tellUnreachable(stage, atBoot);
  });
  events.finish();
  return { events, end, notReached };
}

/** What the model keeps for itself, where it stands in for mm/vmalloc.c, points to objects out of sight. */
function tellUnreachable({ kernel, linked }: Stage, atBoot: number): void {
  if (linked.bindings.find('alloc_vmap_area', undefined)?.kind !== 'c') return;
  for (const { addr } of unreachableObjects(kernel, atBoot)) linked.emit({ kind: 'unreachable', addr });
}

/** The tree's own count of pages that vmalloc() has given out, when a scenario that may have changed it is at its end. */
function tellPageCount({ linked }: Stage): void {
  if (!countsPages(linked.program)) return;
  const value = Number(linked.call(PAGE_COUNT, []));
  linked.emit({ kind: 'counter', name: 'vmalloc pages', value });
}

const LAZY_COUNT = 'vmap_lazy_nr';

/** The tree's own count of pages that wait for a purge, when that has been. */
function tellLazyCount({ kernel, linked }: Stage): void {
  const address = linked.variable(LAZY_COUNT);
  if (address === undefined) return;
  // Where the model stands in for one of those who count, it counts for itself.
  const counting = namersOf(linked.program, LAZY_COUNT);
  if (counting.some((name) => linked.bindings.find(name, undefined)?.kind === 'model')) return;
  linked.emit({ kind: 'counter', name: 'pages that wait for a purge', value: readCount(kernel, address) });
}

/** A variable that is an atomic_long_t in one kernel and an atomic_t in another, as plain reads of memory show it. */
function readCount({ mem }: Kernel, address: Ptr): number {
  const size = mem.objectAt(address)?.size === 4 ? 4 : 8;
  const words = new DataView(mem.readAnyway(address, size).buffer);
  return size === 4 ? words.getInt32(0, true) : Number(words.getBigInt64(0, true));
}

const freeing: ReadonlySet<Operation['call']> = new Set([
  ...(['vunmap', 'vfree', 'vfree_atomic', 'free_vm_area', 'vm_unmap_ram', 'vrealloc', 'iounmap'] as const),
]);

/**
 * What was put off to workers is done at the end of a scenario, and areas that were given back get the purge that they
 * wait for, so that what is left is a leak.
 */
export function callsAtEnd({ operations }: Scenario): readonly { readonly call: AddedCall }[] {
  if (!operations.some(({ call }) => freeing.has(call))) return [];
  const puts = operations.some(({ call, context }) => call === 'vfree_atomic' || context !== undefined);
  return [...(puts ? [{ call: 'flush_scheduled_work' } as const] : []), { call: PURGE }];
}

function askForSizes(stage: Stage, { operations }: Scenario): void {
  stage.linked.stopRecording();
  for (const operation of operations) {
    const isHuge = operation.call === 'set_huge_pte_at' || operation.call === 'arch_make_huge_pte';
    if (isHuge) stage.isHugeSize(operation.size * stage.pageSize);
  }
}

export function endOf(stage: Stage, run: () => void): EndState {
  try {
    run();
    return { kind: 'completed' };
  } catch (error) {
    if (error instanceof NotModelled) return { kind: 'not-modelled', reason: error.message };
    if (error instanceof KernelOops || error instanceof KernelBug) return { kind: 'faulted' };
    if (error instanceof OutOfFuel) return { kind: 'out-of-fuel' };
    if (isStackOverflow(error)) {
      stage.linked.runtime.overflowed = true;
      stage.linked.emit({ kind: 'fuel' });
      return { kind: 'out-of-fuel' };
    }
    throw error;
  }
}

/** Recursion without end. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError;
}

/** Returns why the operation could not be called; undefined if it was. */
function runOperation(
  stage: Stage,
  state: ScenarioState,
  operation: Operation,
  { index, atEnd, events }: { readonly index: number; readonly atEnd: boolean; readonly events: EventLog },
): Unreachable | undefined {
  const { linked } = stage;
  const name = entryPointIn(linked.program, operation.call);
  const prototype = name === undefined ? undefined : linked.prototypeOf(name);
  if (name === undefined || prototype === undefined || linked.bindings.find(name, undefined) === undefined) {
    return { notReached: `the tree has no ${operation.call}()`, treeLacks: true };
  }
  linked.runtime.fuel = FUEL_FOR_CALL + FUEL_FOR_PAGE * pagesToWalk(stage, operation);
  const prepared = prepareCall(stage, state, operation);
  if ('notReached' in prepared) return prepared;
  const offer = offerOf(stage, state, operation);
  if (offer !== undefined && 'notReached' in offer) return offer;
  const args = orderArguments(linked, name, prepared.values);
  const { cpu = 0, context } = operation;
  const begin = events.length;
  linked.emit({
    kind: 'operation',
    operation: index,
    cpu,
    name: plainName(name),
    ...(findDefinition(linked.program, name, undefined)?.definition.isStatic === true && { isStatic: true }),
    ...(context !== undefined && { context }),
    ...(offer !== undefined && { offer: offer.addr }),
    ...(atEnd && { atEnd }),
    intent: prepared.intent,
  });
  usedMemory(stage, prepared.intent);
  offer?.begin();
  const result = callIn(stage, operation, () => linked.call(name, args));
  offer?.end();
  const { value, error: failure, pointer } = resultOf(prototype.result, result);
  const error = prepared.expectsNull === true && value === 0 ? 0 : failure;
  if (hasWorkBeside(stage.kernel, PURGE_WORK) && leavesCleanUp(events, begin, error))
    linked.call('flush_scheduled_work', []);
  const given = givenFrame(stage, prepared, value, pointer);
  if (given !== undefined) linked.emit({ kind: 'page-given', index: 0, pfn: given });
  const addr = pointer === undefined ? undefined : chosenAddress(stage, prepared, operation, pointer);
  state.setAside.tell();
  linked.emit({
    kind: 'return',
    operation: index,
    value,
    error,
    ...(addr !== undefined && { addr }),
  });
  for (const wrong of faultsOfTrees(stage.kernel)) linked.emit(wrong);
  noteMapping(state, prepared, error, addr);
  if (addr !== undefined && prepared.makesArea !== undefined) {
    const { makesArea: kind, intent, offset = 0, old } = prepared;
    noteArea(stage, state, { operation: index, addr, kind, intent, offset, old });
  }
  prepared.after?.(error, addr, { operation: index, value, pointer });
  return undefined;
}

/**
 * May a call have left its cleaning up to a worker, as vmalloc() does since 6.19? Nobody waits for that, so it is done by
 * now. A call that succeeds has something to clean up if it was refused what it asked for first.
 */
function leavesCleanUp(events: EventLog, begin: number, error: number): boolean {
  return (error !== 0 || wasRefused(events, begin)) && leftBehind(events, begin);
}

/** The frame that the call's result stands for. */
function givenFrame(
  stage: Stage,
  { returns, saysPresent }: PreparedCall,
  value: U64,
  pointer: Ptr | undefined,
): Pfn | undefined {
  if (saysPresent !== undefined) return value === 0 ? undefined : saysPresent;
  if (returns === 'frame') return knownFrame(stage, Number(value));
  return returns === 'page' && pointer !== undefined
    ? knownFrame(stage, stage.kernel.page_to_pfn(pointer))
    : undefined;
}

/** -1 for what is no frame with a struct page. */
function knownFrame({ machine }: Stage, pfn: Pfn): Pfn {
  const { ramStart, ramPages } = machine.addresses;
  return Number.isInteger(pfn) && pfn >= ramStart && pfn < ramStart + ramPages ? pfn : -1;
}

/** Since 6.10 an allocating function is a macro around one with this suffix. */
function plainName(name: string): string {
  return name.replace(/_noprof$/, '');
}

/** Makes the call on its CPU, in its context, with the allocations refused that shall be. */
function callIn({ kernel }: Stage, operation: Operation, call: () => U64): U64 {
  const { cpu = 0, context, task, fail } = operation;
  const atomic = isAtomic(operation) ? 1 : 0;
  const limit = kernel.state(allocationLimit);
  const execution = kernel.state(executionContext);
  kernel.cpu = cpu;
  execution.inInterrupt = context === 'irq';
  execution.isKilled = task === 'killed';
  // What a call before left held is that call's fault, and has been told.
  execution.spinlocks.length = 0;
  execution.preemptOff = atomic;
  execution.rcuReaders = 0;
  limit.remaining = fail === undefined ? undefined : fail.nth - 1;
  limit.once = fail?.onward === false;
  const result = call();
  execution.preemptOff -= atomic;
  kernel.cpu = 0;
  execution.inInterrupt = false;
  execution.isKilled = false;
  limit.remaining = undefined;
  return result;
}

function noteMapping(
  state: ScenarioState,
  { intent, mapsBy, unmaps }: PreparedCall,
  error: number,
  chosen: VirtAddr | undefined,
): void {
  const start = 'addr' in intent ? intent.addr : chosen;
  if (start === undefined || !('size' in intent)) return;
  const end = start + intent.size;
  if (mapsBy !== undefined) state.mapped.add({ start, end, group: mapsBy, whole: error === 0 });
  if (unmaps === true && error === 0) state.mapped.remove(start, end);
}

/** Where the callee put it; get_vm_area() returns the struct that says so. */
function chosenAddress(
  stage: Stage,
  prepared: PreparedCall,
  operation: Operation,
  pointer: VirtAddr,
): VirtAddr | undefined {
  if (prepared.choosesAddress !== true) return undefined;
  if (takesArea(operation)) return stage.kernel.structs.vm_struct(pointer).addr;
  if (operation.call === 'pcpu_get_vm_areas') return lowestArea(stage, pointer, operation.count);
  return pointer - (prepared.offset ?? 0);
}

/** The result is the struct that describes an area, and nothing is mapped there. */
function takesArea({ call }: Operation): boolean {
  return call === 'get_vm_area' || call === '__get_vm_area_caller';
}

/** Pages that the callee may have to go over one by one: taking addresses needs none, and nothing maps more than there is. */
function pagesToWalk({ machine }: Stage, operation: Operation): number {
  if (takesArea(operation)) return 0;
  return Math.min(pagesAskedFor(operation), machine.addresses.ramPages);
}

function pagesAskedFor(operation: Operation): number {
  if ('size' in operation) return operation.size;
  if ('pages' in operation) return countPages(operation.pages);
  if ('frames' in operation) return countPages([operation.frames]);
  // What an area holds is not told here.
  return 2 ** 12;
}
