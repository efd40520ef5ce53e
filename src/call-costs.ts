// SPDX-License-Identifier: GPL-2.0-only

import { addCounts, countRun } from './costs/count.ts';
import { totalOf, weigh, type Part, type WeightTable } from './costs/weights.ts';
import { endText, measure, partOf, type MeasuredRun, type MeasuredStage } from './run/measure.ts';
import type { Workload } from './run/workloads.ts';

/** What a benchmark costs on one state. */
export interface CallRun {
  /** Null where it did not come to its end. */
  readonly ns: number | null;
  readonly reason?: string;
  readonly parts: readonly Part[];
}

/** Runs a benchmark and weighs what was counted. */
export function callRun(
  measured: MeasuredStage,
  { scenario, measured: operations }: Workload,
  table: WeightTable,
): CallRun {
  const run = measure(measured, scenario);
  const reason = whyNot(run);
  if (reason !== undefined) return { ns: null, reason, parts: [] };
  const counts = countRun(partOf(run, operations), measured.stage.machine, table.flush);
  const parts = weigh(addCounts(...counts), table, table.cpus);
  return { ns: totalOf(parts), parts };
}

/** A benchmark whose calls do not all succeed has no cost. */
function whyNot({ events, end, notReached }: MeasuredRun): string | undefined {
  if (end.kind !== 'completed') return endText(end);
  const [first] = notReached;
  if (first !== undefined) return first.reason;
  const failed = events.find((event) => event.kind === 'return' && event.error !== 0);
  return failed?.kind === 'return' ? `call ${failed.operation} fails with error ${failed.error}` : undefined;
}
