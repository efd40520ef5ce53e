// SPDX-License-Identifier: GPL-2.0-only
import { attributesOf } from '../base/descriptor.ts';
import { hex, type U64 } from '../base/u64.ts';
import type { ByteCount, Shift } from '../base/units.ts';
import type { TraceEvent } from '../trace/events.ts';
import { leafRuns } from '../trace/leaf-runs.ts';
import { MachineState } from '../trace/machine-state.ts';
import type { Machine } from '../trace/machine.ts';
import { printOperation } from './scenario-text.ts';
import type { Scenario } from './scenario.ts';
import { runScenario, type ScenarioRun } from './session.ts';
import type { Stage } from './stage.ts';

/** The first thing in which two kernels differ that were given the same scenario. */
export interface Disagreement {
  /** The call, in its text form; absent for what is left at the end. */
  readonly operation?: string;
  /** What differs: `return`, `area`, `tlb-flush` … */
  readonly what: string;
  readonly left: string;
  readonly right: string;
}

/**
 * Nothing can be said where one of the two met something that is not modelled, or where only one of them has what the
 * scenario calls.
 */
export interface Agreement {
  readonly verdict: 'agree' | 'differ' | 'not-modelled' | 'one-sided';
  readonly difference?: Disagreement;
  readonly reason?: string;
}

/**
 * Runs a scenario on two kernels and compares what their callers and the hardware see: what calls return, the areas
 * they make, the ranges of caches and TLBs they flush, warnings, and the page tables at the end. How they get there
 * (walks, locks, allocations, the order of stores) is their own.
 */
export function compareKernels(left: Stage, right: Stage, scenario: Scenario): Agreement {
  const runs = [runScenario(left, scenario), runScenario(right, scenario)] as const;
  for (const { end } of runs) {
    if (end.kind === 'not-modelled') return { verdict: 'not-modelled', reason: end.reason };
  }
  const [lacks, otherLacks] = runs.map(({ notReached }) => lackingIn(notReached));
  if (lacks !== otherLacks) return { verdict: 'one-sided', reason: `${lacks || otherLacks}` };
  const [mine, other] = runs.map((run) => observe(left.machine, scenario, run));
  const length = Math.max(mine!.length, other!.length);
  for (let i = 0; i < length; i++) {
    const a = mine![i];
    const b = other![i];
    if (a?.what === b?.what && a?.seen === b?.seen) continue;
    const { operation, what } = a ?? b!;
    const sayIf = (one: Observation | undefined): string =>
      one === undefined ? 'nothing' : one.what === what ? one.seen : `${one.what} ${one.seen}`;
    const difference = {
      ...(operation !== undefined && { operation }),
      what,
      left: sayIf(a),
      right: sayIf(b),
    };
    return { verdict: 'differ', difference };
  }
  return { verdict: 'agree' };
}

function lackingIn(notReached: ScenarioRun['notReached']): string {
  return notReached.flatMap(({ treeLacks, reason }) => (treeLacks ? [reason] : [])).join('; ');
}

interface Observation {
  readonly operation: string | undefined;
  readonly what: string;
  readonly seen: string;
}

function observe(machine: Machine, scenario: Scenario, run: ScenarioRun): readonly Observation[] {
  const seen: Observation[] = [];
  const state = new MachineState(machine);
  let operation: string | undefined;
  for (const [n, event] of run.events.slice().entries()) {
    state.step(event, n);
    if (event.kind === 'operation')
      operation = nameOf(scenario, event.operation, event.name, machine.pageShift);
    const text = textOf(event, machine.pageShift);
    if (text !== undefined) seen.push({ operation, what: event.kind, seen: text });
  }
  seen.push({ operation, what: 'end', seen: run.end.kind });
  for (const { operation: at, reason } of run.notReached) {
    seen.push({ operation: nameOf(scenario, at, '', machine.pageShift), what: 'not reached', seen: reason });
  }
  if (run.end.kind === 'completed') {
    for (const leaf of leavesOf(machine, state))
      seen.push({ operation: undefined, what: 'leaf', seen: leaf });
  }
  return seen;
}

function nameOf({ operations }: Scenario, index: number, name: string, pageShift: Shift): string {
  const operation = operations[index];
  return operation === undefined ? name : printOperation(operation, pageShift);
}

/** What of an event others can see; undefined for what they cannot. */
function textOf(event: TraceEvent, pageShift: Shift): string | undefined {
  switch (event.kind) {
    case 'operation':
      return event.name;
    case 'return':
      return `error ${event.error}, ${resultText(event, pageShift)}`;
    case 'area':
      return `${rangeText(event.addr, event.addr + event.size)} ${event.flagNames.join('|')}`;
    case 'tlb-flush':
      return event.scope === 'all' ? 'all' : rangeText(event.start, event.end);
    case 'cache-flush':
      return `${event.call} ${rangeText(event.start, event.end)}`;
    case 'sync':
      return rangeText(event.start, event.end);
    case 'warn':
      return event.call;
    case 'fault':
      return `${event.fault} ${event.access} of ${event.object?.name ?? 'memory'}`;
    default:
      return undefined;
  }
}

/** Pointers into the heap are each kernel's own. */
function resultText(event: Extract<TraceEvent, { kind: 'return' }>, pageShift: Shift): string {
  if (event.addr !== undefined) return `at ${hex(event.addr)}`;
  return isSmall(event.value, pageShift) ? `value ${event.value}` : `value ${hex(event.value)}`;
}

function isSmall(value: U64, pageShift: Shift): boolean {
  return typeof value === 'number' && Math.abs(value) < 2 ** pageShift;
}

function rangeText(start: number, end: number): string {
  return `[${hex(start)}, ${hex(end)})`;
}

function leavesOf(machine: Machine, { tables }: MachineState): readonly string[] {
  const { vmallocStart, vmallocEnd } = machine.addresses;
  return leafRuns(tables, vmallocStart, vmallocEnd).map((run) => {
    const size: ByteCount = run.format.entrySize;
    const bits = hex(attributesOf(run.attributes));
    return `${rangeText(run.addr, run.end)} to pfn ${hex(run.pfn)}, ${size} bytes each, attributes ${bits}`;
  });
}
