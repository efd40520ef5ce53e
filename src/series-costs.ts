// SPDX-License-Identifier: GPL-2.0-only

import type { WithDiagnostics } from './base/diagnostic.ts';
import { CallRunner } from './call-costs.ts';
import { claimedBenchmarks, type ClaimedCall, type ClaimedThreads } from './claimed-benchmarks.ts';
import { agreementOf } from './costs/agreement.ts';
import { benchmarkName } from './costs/benchmark.ts';
import { placeFor, type Place, type PlaceRequest } from './costs-place.ts';
import type {
  CallCosts,
  ComparedClaim,
  CostedState,
  Measured,
  SeriesCosts,
  StatedClaim,
  ThreadCost,
  ThreadCosts,
} from './report/costs.ts';
import { readReviewInput, type InputRequest, type ReviewInput } from './review-input.ts';
import { baseState, relevantSource, type SourceState } from './review-states.ts';
import { measuredStage, treeDefines, type MeasuredStage } from './run/measure.ts';
import { printScenario } from './run/scenario-text.ts';
import { workloadFor } from './run/workloads.ts';
import { threadRun } from './thread-costs.ts';

export type CostsRequest = InputRequest & PlaceRequest;

/**
 * Runs the benchmarks that a series claims figures of, or the usual ones if it claims none, on the tree and on each
 * version, and sets what a table of weights makes of their events beside the claims.
 */
export async function seriesCosts(request: CostsRequest): Promise<WithDiagnostics<SeriesCosts | undefined>> {
  const { value: input, diagnostics } = await readReviewInput(request);
  if (input === undefined) return { value: undefined, diagnostics };
  const { calls, threads, others } = claimedBenchmarks(input);
  const places = [...calls, ...threads].map(({ machine }) => placeFor(machine, request));
  const nowhere = places.find(({ value }) => value === undefined);
  if (nowhere !== undefined) return { value: undefined, diagnostics: nowhere.diagnostics };
  const stages = new Stages();
  const tips = tipsOf(input);
  const placeOf = (index: number): Place => places[index]!.value!;
  // State by state, so that each is linked once.
  const runs = tips.map((tip) => ({
    calls: calls.map((claimed, index) => runCall(claimed, placeOf(index), tip, stages)),
    threads: threads.map((claimed, index) => runThreads(claimed, placeOf(calls.length + index), tip, stages)),
  }));
  const value: SeriesCosts = {
    format: 1,
    series: input.series?.title ?? null,
    tree: input.base.title,
    calls: calls.map((claimed, index) =>
      costsOfCall(
        claimed,
        placeOf(index),
        runs.map((run) => run.calls[index]!),
      ),
    ),
    threads: threads.map((claimed, index) =>
      costsOfThreads(
        claimed,
        placeOf(calls.length + index),
        runs.flatMap((run) => run.threads[index]!),
      ),
    ),
    others,
  };
  return { value, diagnostics };
}

/** The tree before the series, and each version whole. */
function tipsOf(input: ReviewInput): readonly SourceState[] {
  const tips = input.versions.flatMap(({ version: { version, label }, prefixes }) => {
    const last = prefixes.at(-1);
    return last === undefined ? [] : [{ version, label, patch: last.patch, tree: last.tree }];
  });
  return [baseState(input), ...tips];
}

/** The kernel that was linked last: one has as much memory as its machine. */
class Stages {
  #tip: SourceState | undefined;
  #machine = '';
  #stage: MeasuredStage | undefined;
  #calls: CallRunner | undefined;

  on(tip: SourceState, { machine }: Place): MeasuredStage {
    const text = JSON.stringify(machine);
    if (this.#stage === undefined || this.#tip !== tip || this.#machine !== text) {
      this.#stage = measuredStage(machine, relevantSource(tip.tree, machine));
      this.#tip = tip;
      this.#machine = text;
      this.#calls = undefined;
    }
    return this.#stage;
  }

  /** The benchmarks of single calls; a table of weights belongs to one architecture and number of CPUs. */
  callsOn(tip: SourceState, place: Place): CallRunner {
    const stage = this.on(tip, place);
    this.#calls ??= new CallRunner(stage, place.table);
    return this.#calls;
  }
}

type StateOfCall = Omit<CallCosts['states'][number], 'ratio'>;

function runCall(claimed: ClaimedCall, place: Place, tip: SourceState, stages: Stages): StateOfCall {
  const workload = workloadFor(claimed.benchmark, place.machine);
  return { ...numbered(tip), ...stages.callsOn(tip, place).run(workload) };
}

function costsOfCall(
  { benchmark, claims }: ClaimedCall,
  place: Place,
  runs: readonly StateOfCall[],
): CallCosts {
  const workload = workloadFor(benchmark, place.machine);
  const states = runs.map((run) => ({ ...run, ratio: ratioOf(runs[0]!.ns, run.ns) }));
  return {
    ...describe(benchmarkName(benchmark), place),
    measures: workload.measures,
    scenario: printScenario(workload.scenario, place.machine.pageShift),
    measured: workload.measured,
    states,
    claims: claims.map((claim) => compare(claim, states.find(({ label }) => label === claim.label)?.ratio)),
  };
}

/** By each interface that the state has. */
function runThreads(
  { benchmark: { pages }, claims }: ClaimedThreads,
  place: Place,
  tip: SourceState,
  stages: Stages,
): readonly ThreadCost[] {
  const stage = stages.on(tip, place);
  const counts = [...new Set(claims.map(({ threads }) => threads))]
    .filter((threads) => threads <= place.table.cpus)
    .toSorted((a, b) => a - b);
  const maps = ['vmap' as const, ...(treeDefines(stage, 'vm_map_ram') ? ['vm_map_ram' as const] : [])];
  return maps.map((map) => ({
    ...numbered(tip),
    call: map,
    runs: counts.map((threads) => threadRun(stage, { threads, pages, map }, place.table)),
  }));
}

function costsOfThreads(
  { benchmark, claims }: ClaimedThreads,
  place: Place,
  states: readonly ThreadCost[],
): ThreadCosts {
  // What a version has for small mappings is what it would be measured with.
  const timeOf = (label: string, threads: number): number | null =>
    states.findLast((state) => state.label === label)?.runs.find((run) => run.threads === threads)?.ns ??
    null;
  return {
    ...describe(benchmarkName({ ...benchmark, threads: 1 }), place),
    pages: benchmark.pages,
    states,
    claims: claims.map((claim) => {
      const { label, threads } = claim;
      const ratio = ratioOf(timeOf(states[0]!.label, threads), timeOf(label, threads));
      return { ...compare(claim, ratio), threads };
    }),
  };
}

function numbered({ version, label, patch }: SourceState): CostedState {
  return { version, label, patch };
}

function describe(name: string, { machine, table }: Place): Measured {
  return { name, machine: machine.name, weights: table.name, cpus: table.cpus };
}

function ratioOf(before: number | null, after: number | null): number | null {
  return before === null || after === null || after === 0 ? null : before / after;
}

function compare(claim: StatedClaim, modelled: number | null = null): ComparedClaim {
  const { claimed } = claim;
  const agreement = modelled === null || claimed === null ? null : agreementOf(modelled, claimed);
  return { ...claim, modelled, agreement };
}
