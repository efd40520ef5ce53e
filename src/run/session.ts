// SPDX-License-Identifier: GPL-2.0-only
import type { VirtAddr } from '../base/units.ts';
import { KernelOops } from '../model/hardware/kernel-oops.ts';
import { KernelBug, NotModelled } from '../model/kernel.ts';
import type { TraceEvent } from '../trace/events.ts';
import { entryPointIn } from './entry-points.ts';
import { FrameSource } from './frames.ts';
import { orderArguments, resultOf } from './kernel-call.ts';
import { MappedRanges } from './mapped-ranges.ts';
import { ANY_SHIFT, prepareCall } from './prepared-call.ts';
import { OutOfFuel } from './runtime.ts';
import { countPages, type Operation, type Scenario } from './scenario.ts';
import type { PreparedCall, ScenarioState, Unreachable } from './scenario-state.ts';
import type { Stage } from './stage.ts';

/** How a scenario ended. */
export type EndState =
  | { readonly kind: 'completed' }
  /** The C code faulted or hit a BUG; the trace's last events say how. */
  | { readonly kind: 'faulted' }
  | { readonly kind: 'out-of-fuel' }
  | { readonly kind: 'not-modelled'; readonly reason: string };

export interface ScenarioRun {
  readonly events: readonly TraceEvent[];
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

export type OnEvent = (event: TraceEvent, index: number) => void;

/** Loop iterations that a call may take: a few for each page, and some thousands for searches. */
const FUEL_FOR_CALL = 100_000;
const FUEL_FOR_PAGE = 64;

/** Boots the kernel and runs one scenario on it. The same scenario always gives the same events. */
export function runScenario(stage: Stage, scenario: Scenario, onEvent?: OnEvent): ScenarioRun {
  const events: TraceEvent[] = [];
  const notReached: NotReached[] = [];
  stage.beginRun();
  const end = endOf(stage, () => {
    askForSizes(stage, scenario);
    stage.linked.boot(events, onEvent);
    const state: ScenarioState = {
      frames: new FrameSource(stage.machine),
      areas: new Map(),
      mapped: new MappedRanges(),
      ioremapShift: ANY_SHIFT,
      huge: new Map(),
      hasFixmap: false,
    };
    for (const [index, operation] of [...scenario.operations, ...purgeAtEnd(scenario)].entries()) {
      const unreachable = runOperation(stage, state, operation, index);
      if (unreachable === undefined) continue;
      const { notReached: reason, treeLacks = false } = unreachable;
      notReached.push({ operation: index, reason, treeLacks });
    }
  });
  return { events, end, notReached };
}

/** Areas that were given back wait for a purge. At the end of a scenario they get it, so that what is left is a leak. */
function purgeAtEnd({ operations }: Scenario): readonly Operation[] {
  return operations.some(({ call }) => call === 'vunmap') ? [{ call: 'vm_unmap_aliases' }] : [];
}

function askForSizes(stage: Stage, { operations }: Scenario): void {
  stage.linked.recordBoot([]);
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
      stage.linked.emit({ kind: 'fuel' });
      return { kind: 'out-of-fuel' };
    }
    throw error;
  }
}

/** Recursion without end. Emitted code lives in a context of its own, whose RangeError is another one than ours. */
function isStackOverflow(error: unknown): boolean {
  return (error as { name?: unknown } | null)?.name === 'RangeError';
}

/** Returns why the operation could not be called; undefined if it was. */
function runOperation(
  stage: Stage,
  state: ScenarioState,
  operation: Operation,
  index: number,
): Unreachable | undefined {
  const { linked, kernel } = stage;
  const name = entryPointIn(linked.program, operation.call);
  const prototype = name === undefined ? undefined : linked.prototypeOf(name);
  if (name === undefined || prototype === undefined || linked.bindings.find(name, undefined) === undefined) {
    return { notReached: `the tree has no ${operation.call}()`, treeLacks: true };
  }
  linked.runtime.fuel = FUEL_FOR_CALL + FUEL_FOR_PAGE * pagesAskedFor(operation);
  const prepared = prepareCall(stage, state, operation);
  if ('notReached' in prepared) return prepared;
  const args = orderArguments(linked, name, prepared.values);
  linked.emit({ kind: 'operation', operation: index, cpu: kernel.cpu, name, intent: prepared.intent });
  const { value, error, pointer } = resultOf(prototype.result, linked.call(name, args));
  const addr = pointer === undefined ? undefined : chosenAddress(stage, prepared, operation, pointer);
  linked.emit({ kind: 'return', operation: index, value, error, ...(addr !== undefined && { addr }) });
  noteMapping(state, prepared, error, addr);
  if (addr !== undefined && prepared.makesArea === true) noteArea(stage, state, index, addr);
  return undefined;
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
  return operation.call === 'get_vm_area' ? stage.kernel.structs.vm_struct(pointer).addr : pointer;
}

function noteArea(stage: Stage, state: ScenarioState, operation: number, addr: VirtAddr): void {
  const area = stage.findArea(addr);
  if (area === undefined) return;
  // A guard page lies behind every area that scenarios make.
  state.areas.set(operation, { addr, size: area.size - stage.pageSize });
  stage.linked.emit({ kind: 'area', ...area, flagNames: stage.flagNames(area.flags) });
}

function pagesAskedFor(operation: Operation): number {
  if ('size' in operation) return operation.size;
  if ('pages' in operation) return countPages(operation.pages);
  if ('frames' in operation) return countPages([operation.frames]);
  // What an area holds is not told here.
  return 2 ** 12;
}
