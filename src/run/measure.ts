// SPDX-License-Identifier: GPL-2.0-only
import type { TraceEvent } from '../trace/events.ts';
import type { OnEvent } from './recorder.ts';
import type { Machine } from '../trace/machine.ts';
import type { Work } from '../trace/work.ts';
import { CallCounter } from './counted-calls.ts';
import { linkTree, type SourceText } from './link-tree.ts';
import { findDefinition } from './program.ts';
import type { Scenario } from './scenario.ts';
import { runScenario, type EndState, type NotReached } from './session.ts';
import { Stage } from './stage.ts';

/** A kernel whose work between events is counted. */
export interface MeasuredStage {
  readonly stage: Stage;
  readonly calls: CallCounter;
}

/** Links all C that the tree has, so that every loop of it is C's own. */
export function measuredStage(machine: Machine, source: SourceText): MeasuredStage {
  const calls = new CallCounter();
  const linked = linkTree({
    machine,
    source,
    mode: 'from-tree',
    alsoCalled: ['vm_map_ram', 'vm_unmap_ram'],
    watch: (functions) => calls.watch(functions),
  });
  return { stage: new Stage(linked), calls };
}

export interface MeasuredRun {
  readonly events: readonly TraceEvent[];
  readonly work: readonly Work[];
  readonly end: EndState;
  readonly notReached: readonly NotReached[];
}

/** Runs a scenario, and says what it executed between its events. */
export function measure(measured: MeasuredStage, scenario: Scenario): MeasuredRun {
  const meter = new WorkMeter(measured);
  const { events, end, notReached } = runScenario(measured.stage, scenario, { onEvent: meter.onEvent });
  return { events: events.slice(), work: meter.take(), end, notReached };
}

/** Reads the counters of iterations and calls at every event that ends a stretch of work. */
export class WorkMeter {
  readonly #measured: MeasuredStage;
  #work: Work[] = [];
  #inside = false;
  #fuel = 0;
  #cpu = 0;

  constructor(measured: MeasuredStage) {
    this.#measured = measured;
  }

  readonly onEvent: OnEvent = (event, index) => {
    if (event === undefined) return;
    if (event.kind === 'operation') this.#begin(event.cpu);
    // What happens between operations is the scenario's own looking around.
    else if (!this.#inside) return;
    else if (event.kind === 'lock' || event.kind === 'tlb-flush' || event.kind === 'return') this.#end(index);
    if (event.kind === 'return') this.#inside = false;
  };

  /** The work of all operations since this was last asked. */
  take(): readonly Work[] {
    const work = this.#work;
    this.#work = [];
    return work;
  }

  #begin(cpu: number): void {
    const { stage, calls } = this.#measured;
    this.#inside = true;
    this.#cpu = cpu;
    this.#fuel = stage.linked.runtime.fuel;
    calls.take();
  }

  #end(event: number): void {
    const { stage, calls } = this.#measured;
    const { fuel } = stage.linked.runtime;
    this.#work.push({ event, cpu: this.#cpu, iterations: this.#fuel - fuel, calls: calls.take() });
    this.#fuel = fuel;
  }
}

/** The events and the work of some operations of a run, by index, without all else. */
export function partOf(
  { events, work }: Pick<MeasuredRun, 'events' | 'work'>,
  operations: readonly number[],
): Pick<MeasuredRun, 'events' | 'work'> {
  const kept: TraceEvent[] = [];
  const place = new Map<number, number>();
  let wanted = false;
  for (const [index, event] of events.entries()) {
    if (event.kind === 'operation') wanted = operations.includes(event.operation);
    if (wanted) place.set(index, kept.push(event) - 1);
    if (event.kind === 'return') wanted = false;
  }
  return {
    events: kept,
    work: work.flatMap((each) => {
      const event = place.get(each.event);
      return event === undefined ? [] : [{ ...each, event }];
    }),
  };
}

/** Does the tree itself define the function? The model's stands in where it does not. */
export function treeDefines({ stage }: MeasuredStage, name: string): boolean {
  const found = findDefinition(stage.linked.program, name, undefined);
  return found !== undefined && found.unit !== stage.linked.program.base;
}

/** How a run ended, in words. */
export function endText(end: EndState): string {
  switch (end.kind) {
    case 'completed':
      return 'completed';
    case 'faulted':
      return 'the code faults';
    case 'out-of-fuel':
      return 'a loop does not end';
    case 'not-modelled':
      return `not modelled: ${end.reason}`;
  }
}
