// SPDX-License-Identifier: GPL-2.0-only

import { RunCounter, type Counts } from './costs/count.ts';
import { simulate, stepsOf, type Step } from './costs/threads.ts';
import type { WeightTable } from './costs/weights.ts';
import type { ThreadRun } from './report/costs.ts';
import { endText, type MeasuredStage } from './run/measure.ts';
import { runThreads, type MeasuredCall, type ThreadWorkload } from './run/thread-workload.ts';
import type { Machine } from './trace/machine.ts';

/**
 * Rounds of all threads together. Mapping by vm_map_ram() is quick to run, and a purge comes every eight thousand
 * rounds; with vmap() each round looks at every area that waits for a purge, and a purge is not come by in reasonable
 * time.
 */
const ROUNDS: Readonly<Record<ThreadWorkload['map'], number>> = { vmap: 2048, vm_map_ram: 12288 };

/** Runs the threads' calls one after the other, and lets a simulation say what they cost at the same time. */
export function threadRun(
  measured: MeasuredStage,
  workload: Pick<ThreadWorkload, 'threads' | 'pages' | 'map'>,
  table: WeightTable,
): ThreadRun {
  const { threads, map } = workload;
  const rounds = new Rounds(threads, measured.stage.machine, table);
  const end = runThreads(measured, { ...workload, rounds: Math.ceil(ROUNDS[map] / threads) }, (call) =>
    rounds.add(call),
  );
  const { steps, finished } = rounds;
  const { done, waited, broadcasting, answering } = simulate(steps, table, table.cpus);
  const share = (ns: number): number => (finished === 0 ? 0 : ns / finished);
  return {
    threads,
    ns: finished === 0 ? null : (Math.max(...done) * threads) / finished,
    rounds: finished,
    waiting: share(waited),
    broadcasting: share(broadcasting),
    answering: share(answering),
    counts: rounds.counts,
    ...(end.kind === 'completed' ? {} : { reason: endText(end) }),
  };
}

/** What threads do in whole rounds: one that a fault cut short does not count. */
class Rounds {
  readonly steps: Step[][];
  readonly #counter: RunCounter;
  /** Of all threads together. */
  finished = 0;
  readonly #machine: Machine;
  readonly #table: WeightTable;
  #calls: MeasuredCall[] = [];

  constructor(threads: number, machine: Machine, table: WeightTable) {
    this.steps = Array.from({ length: threads }, () => []);
    this.#counter = new RunCounter(machine, table.flush);
    this.#machine = machine;
    this.#table = table;
  }

  /** What each CPU did. */
  get counts(): readonly Counts[] {
    return this.#counter.byCpu;
  }

  add(call: MeasuredCall): void {
    this.#calls.push(call);
    // Each thread maps and unmaps.
    if (this.#calls.length < 2 * this.steps.length) return;
    for (const each of this.#calls) this.#keep(each);
    this.finished += this.steps.length;
    this.#calls = [];
  }

  #keep(call: MeasuredCall): void {
    for (const step of stepsOf(call, this.#machine, this.#table)) this.steps[call.cpu]!.push(step);
    this.#counter.add(call);
  }
}
