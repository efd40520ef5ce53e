// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from './base/diagnostic.ts';
import { CallRunner, type CallRun } from './call-costs.ts';
import { claimedBenchmarks } from './claimed-benchmarks.ts';
import { benchmarkName, usualBenchmarks, type CallBenchmark } from './costs/benchmark.ts';
import { usualTable } from './costs/weights/table-list.ts';
import { placeFor } from './costs-place.ts';
import { differingCounts, type CostDifference, type CostSide } from './report/cost-difference.ts';
import { chooseMachines } from './review.ts';
import { readReviewInput, type InputRequest, type ReviewInput } from './review-input.ts';
import { relevantSource } from './review-states.ts';
import { measuredStage } from './run/measure.ts';
import { workloadFor } from './run/workloads.ts';

export interface VersionCostsRequest extends Omit<InputRequest, 'versions'> {
  /** Labels of the older and the newer version. */
  readonly from: string;
  readonly to: string;
  /** Names, or `all`; undefined for the usual ones. Those without a table of weights are left out. */
  readonly machines: readonly string[] | undefined;
}

/**
 * What the calls that a series is about, and the usual ones, do in two versions: counted events, on each machine that
 * there are weights for. The value is undefined where nothing can be run.
 */
export async function versionCosts(
  request: VersionCostsRequest,
): Promise<WithDiagnostics<readonly CostDifference[] | undefined>> {
  const { from, to } = request;
  const machines = chooseMachines(request.machines);
  if (machines.value === undefined) return { value: undefined, diagnostics: machines.diagnostics };
  const { value: input, diagnostics } = await readReviewInput({ ...request, versions: [from, to] });
  if (input === undefined) return { value: undefined, diagnostics };
  const benchmarks = benchmarksOf(input);
  const said: Diagnostic[] = [];
  const differences = machines.value.flatMap((machine) => {
    if (usualTable(machine) === undefined) return [];
    const place = placeFor(undefined, { machine: machine.name, weights: undefined });
    said.push(...place.diagnostics);
    if (place.value === undefined) return [];
    const { machine: counted, table } = place.value;
    const runsOf = (label: string): readonly CallRun[] | undefined => {
      const tree = input.versions.find(({ version }) => version.label === label)?.prefixes.at(-1)?.tree;
      if (tree === undefined) return undefined;
      const runner = new CallRunner(measuredStage(counted, relevantSource(tree, counted)), table);
      return benchmarks.map((benchmark) => runner.run(workloadFor(benchmark, counted)));
    };
    const [before, after] = [runsOf(from), runsOf(to)];
    if (before === undefined || after === undefined) return [];
    return benchmarks.map((benchmark, index): CostDifference => {
      const [old, now] = [before[index]!, after[index]!];
      return {
        name: benchmarkName(benchmark),
        machine: machine.name,
        weights: table.name,
        before: sideOf(old),
        after: sideOf(now),
        counts: differingCounts(old, now),
      };
    });
  });
  return { value: differences, diagnostics: said };
}

function sideOf({ ns, reason }: CostSide): CostDifference['before'] {
  return { ns, ...(reason === undefined ? {} : { reason }) };
}

/** What the versions claim to make faster, then the usual calls, each once. */
function benchmarksOf(input: ReviewInput): readonly CallBenchmark[] {
  const claimed = claimedBenchmarks(input).calls.map(({ benchmark }) => benchmark);
  return [...new Map([...claimed, ...usualBenchmarks].map((each) => [benchmarkName(each), each])).values()];
}
