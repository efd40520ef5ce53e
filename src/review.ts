// SPDX-License-Identifier: GPL-2.0-only

import type { WithDiagnostics } from './base/diagnostic.ts';
import { machines as allMachines, usualMachines } from './model/machines/machine-list.ts';
import type { Review } from './report/review-schema.ts';
import {
  assembleReview,
  defectsOfVersion,
  labelsOf,
  leftOutOf,
  wasRunToItsEnd,
  type Judged,
} from './review-assembly.ts';
import { changedHeaders } from './review-changed-headers.ts';
import { readReviewInput, type InputRequest } from './review-input.ts';
import { ReviewInProgress, type PartialReview } from './review-partial.ts';
import { planJobs } from './review-plan.ts';
import { missingPrototypes } from './review-prototypes.ts';
import { steerToMissedLines } from './review-steering.ts';
import { statesOf, touchedFunctions, type SourceState } from './review-states.ts';
import { missingWitnesses, withWitnesses } from './review-witness.ts';
import type { JobRequest, JobResult } from './run/job.ts';
import type { ChangedHeader } from './run/source.ts';
import type { Machine } from './trace/machine.ts';

export interface ReviewRequest extends InputRequest {
  /** Names; undefined for all. */
  readonly machines: readonly string[] | undefined;
  /** Bind everything that the tree has to its C, not only what the series changes. */
  readonly fromTree: boolean;
  /** Of each pack on each state; undefined for the packs' own number. */
  readonly scenarios: number | undefined;
  readonly seed: number;
}

/**
 * Computes jobs, in any order and anywhere; the results come in the order of the requests. Each one is told as soon as it
 * is there too, with the index of its request.
 */
export type RunJobs = (
  jobs: readonly JobRequest[],
  onResult?: (index: number, result: JobResult) => void,
) => Promise<readonly (JobResult | undefined)[]>;

/** For a face that shows a review while it is run. */
export interface ReviewWatch {
  /** After each job. `snapshot` puts together what is known, which costs time: take one where it is shown. */
  onProgress?(done: number, total: number, snapshot: () => PartialReview): void;
}

/**
 * The whole way: sources and tree to states of the source, states to jobs, jobs to a matrix and findings. The value is
 * undefined where nothing can be run; the first diagnostic then says why.
 */
export async function review(
  request: ReviewRequest,
  runJobs: RunJobs,
  watch: ReviewWatch = {},
): Promise<WithDiagnostics<Review | undefined>> {
  const machines = chooseMachines(request.machines);
  if (machines.value === undefined) return { value: undefined, diagnostics: machines.diagnostics };
  const input = await readReviewInput(request);
  if (input.value === undefined) return { value: undefined, diagnostics: input.diagnostics };
  const states = statesOf(input.value);
  const mode = request.fromTree || input.value.series === undefined ? 'from-tree' : 'patched';
  const { scenarios, seed } = request;
  const touched = touchedFunctions(input.value);
  const changed = new Map(machines.value.map((machine) => [machine, changedHeaders(input.value!, machine)]));
  const changedOn = (machine: Machine): readonly ChangedHeader[] => changed.get(machine) ?? [];
  const options = { mode, touched, changedOn, scenarios, seed } as const;
  const plan = planJobs(newestFirst(states), machines.value, states[0]!, options);
  const diagnostics = [...input.diagnostics, ...missingPrototypes(input.value, machines.value)];
  const toJudge = {
    input: input.value,
    states,
    machines: machines.value,
    plan,
    mode,
    seed,
    diagnostics,
  } as const;
  const inProgress = new ReviewInProgress(toJudge);
  const results = await runJobs(plan.jobs, (index, result) => {
    const done = inProgress.take(index, result);
    watch.onProgress?.(done, plan.jobs.length, () => inProgress.snapshot());
  });
  const tip = states.at(-1)!;
  const steers = mode === 'patched' && scenarios !== 0;
  const steered = steers
    ? await steerToMissedLines(plan, results, { tip, states, machines: machines.value }, { seed, runJobs })
    : { plan, results };
  const judged: Judged = { ...toJudge, ...steered };
  const labels = labelsOf(judged).filter((label) => wasRunToItsEnd(judged, label));
  const found = labels.flatMap((label) => defectsOfVersion(judged, label));
  const witnesses = missingWitnesses(found, states, machines.value, steered.plan);
  const shown = await runJobs(witnesses.map((witness) => witness.request));
  const versions = withWitnesses(found, witnesses, shown);
  const assembled = assembleReview(judged, versions, found);
  const value = { ...assembled, timedOut: [...assembled.timedOut, ...leftOutOf(judged)] };
  return { value, diagnostics: value.diagnostics };
}

/** The order in which states are run: the base, which all are compared with, then the newest version, which is asked for. */
function newestFirst(states: readonly SourceState[]): SourceState[] {
  const labels = [...new Set(states.map(({ label }) => label))];
  const rank = (state: SourceState): number =>
    state.version === 0 ? labels.length : labels.indexOf(state.label);
  return states.toSorted((a, b) => rank(b) - rank(a));
}

/** Stands for every machine. */
const ALL_MACHINES = 'all';

/** The machines of those names; undefined for the usual ones. */
export function chooseMachines(
  names: readonly string[] | undefined,
): WithDiagnostics<readonly Machine[] | undefined> {
  if (names === undefined) return { value: usualMachines, diagnostics: [] };
  if (names.includes(ALL_MACHINES)) return { value: allMachines, diagnostics: [] };
  const unknown = names.filter((name) => !allMachines.some((machine) => machine.name === name));
  if (unknown.length === 0) {
    return { value: allMachines.filter(({ name }) => names.includes(name)), diagnostics: [] };
  }
  const known = allMachines.map(({ name }) => name).join(', ');
  const message = `there is no machine ${unknown.map((name) => `\`${name}\``).join(', ')}; there are ${known}, and \`all\``;
  return { value: undefined, diagnostics: [{ code: 'review/no-machine', severity: 'error', message }] };
}
