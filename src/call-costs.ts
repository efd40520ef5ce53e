// SPDX-License-Identifier: GPL-2.0-only

import { addCounts, countRun, extrapolated, type Counts } from './costs/count.ts';
import { totalOf, weigh, type Part, type WeightTable } from './costs/weights.ts';
import { endText, measure, partOf, type MeasuredRun, type MeasuredStage } from './run/measure.ts';
import type { Scenario } from './run/scenario.ts';
import type { Workload } from './run/workloads.ts';

/** What a benchmark costs on one state. */
export interface CallRun {
  /** Null where it did not come to its end. */
  readonly ns: number | null;
  readonly reason?: string;
  readonly parts: readonly Part[];
}

/** Runs benchmarks on one state; what several of them share is run once. */
export class CallRunner {
  readonly #measured: MeasuredStage;
  readonly #table: WeightTable;
  readonly #counts = new Map<string, Counts | string>();

  constructor(measured: MeasuredStage, table: WeightTable) {
    this.#measured = measured;
    this.#table = table;
  }

  /** Runs a benchmark and weighs what was counted. */
  run({ scenario, measured, doubled }: Workload): CallRun {
    const once = this.#count(scenario, measured);
    const twice = doubled === undefined ? once : this.#count(doubled.scenario, measured);
    if (typeof once === 'string') return { ns: null, reason: once, parts: [] };
    if (typeof twice === 'string') return { ns: null, reason: twice, parts: [] };
    const counts = extrapolated(once, twice, doubled?.times ?? 0);
    const parts = weigh(counts, this.#table, this.#table.cpus);
    return { ns: totalOf(parts), parts };
  }

  /** What the measured operations of a scenario do; or why that cannot be said. */
  #count(scenario: Scenario, operations: readonly number[]): Counts | string {
    const key = JSON.stringify([scenario, operations]);
    let found = this.#counts.get(key);
    if (found === undefined) {
      const run = measure(this.#measured, scenario);
      const { machine } = this.#measured.stage;
      found = whyNot(run) ?? addCounts(...countRun(partOf(run, operations), machine, this.#table.flush));
      this.#counts.set(key, found);
    }
    return found;
  }
}

/** A benchmark whose calls do not all succeed has no cost. */
function whyNot({ events, end, notReached }: MeasuredRun): string | undefined {
  if (end.kind !== 'completed') return endText(end);
  const [first] = notReached;
  if (first !== undefined) return first.reason;
  const failed = events.find((event) => event.kind === 'return' && event.error !== 0);
  return failed?.kind === 'return' ? `call ${failed.operation} fails with error ${failed.error}` : undefined;
}
