// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from './base/diagnostic.ts';
import { invariants } from './invariants/invariant-list.ts';
import { machines as allMachines } from './model/machines/machine-list.ts';
import { REVIEW_FORMAT, type Review } from './report/review-schema.ts';
import { bisectCells } from './review-bisect.ts';
import { coverageOf, notModelledOf, timedOutOf } from './review-coverage.ts';
import { failingBy, findDefects, type JudgedState } from './review-defects.ts';
import { makeFindings, type FindingContext, type VersionDefects } from './review-findings.ts';
import { readReviewInput, type InputRequest, type ReviewInput } from './review-input.ts';
import { matrixCell } from './review-matrix.ts';
import { findNameBreaks, nameFindings, type NameBreak } from './review-names.ts';
import { planJobs, type Plan } from './review-plan.ts';
import { missingWitnesses, withWitnesses } from './review-witness.ts';
import { describeSeries, relevantSource, statesOf, type SourceState } from './review-states.ts';
import type { JobRequest, JobResult } from './run/job.ts';
import type { Scenario } from './run/scenario.ts';
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

/** Computes jobs, in any order and anywhere; the results come in the order of the requests. */
export type RunJobs = (jobs: readonly JobRequest[]) => Promise<readonly JobResult[]>;

/**
 * The whole way: sources and tree to states of the source, states to jobs, jobs to a matrix and findings. The value is
 * undefined where nothing can be run; the first diagnostic then says why.
 */
export async function review(
  request: ReviewRequest,
  runJobs: RunJobs,
): Promise<WithDiagnostics<Review | undefined>> {
  const machines = chooseMachines(request.machines);
  if (machines.value === undefined) return { value: undefined, diagnostics: machines.diagnostics };
  const input = await readReviewInput(request);
  if (input.value === undefined) return { value: undefined, diagnostics: input.diagnostics };
  const states = statesOf(input.value);
  const mode = request.fromTree || input.value.series === undefined ? 'from-tree' : 'patched';
  const { scenarios, seed } = request;
  const tip = states.at(-1)!;
  const before = { forBase: tip.version === 0 ? undefined : tip, forOthers: states[0]! };
  const plan = planJobs(states, machines.value, before, { mode, scenarios, seed });
  const results = await runJobs(plan.jobs);
  const judged: Judged = { input: input.value, states, machines: machines.value, plan, results };
  const found = defectsByVersion(judged);
  const witnesses = missingWitnesses(found, states, machines.value, plan);
  const shown = await runJobs(witnesses.map((witness) => witness.request));
  const versions = withWitnesses(found, witnesses, shown);
  const nameBreaks = found.flatMap((version) => version.nameBreaks);
  const value = assembleReview(judged, { versions, nameBreaks }, mode, seed, input.diagnostics);
  return { value, diagnostics: value.diagnostics };
}

/** Everything that was run. */
interface Judged {
  readonly input: ReviewInput;
  readonly states: readonly SourceState[];
  readonly machines: readonly Machine[];
  readonly plan: Plan;
  readonly results: readonly JobResult[];
}

function assembleReview(
  judged: Judged,
  found: { readonly versions: readonly VersionDefects[]; readonly nameBreaks: readonly NameBreak[] },
  mode: Review['mode'],
  seed: number,
  read: readonly Diagnostic[],
): Review {
  const { input, states, machines, plan, results } = judged;
  const answers = states.flatMap((state) =>
    machines.map((machine) => ({ state, machine, result: plan.resultFor(results, state, machine) })),
  );
  const context: FindingContext = {
    tree: input.tree,
    sources: input.sources,
    fromTree: mode === 'from-tree' && input.series !== undefined,
    subjectOf: (label, patch) =>
      input.versions
        .find(({ version }) => version.label === label)
        ?.version.patches.find(({ index }) => index === patch)?.subject,
  };
  const findings = [...makeFindings(found.versions, context), ...nameFindings(found.nameBreaks, context)];
  const cells = answers.flatMap(({ state, machine, result }) =>
    invariants
      .filter(({ id }) => id !== 'bisect')
      .map((invariant) => matrixCell(state, machine, invariant, result)),
  );
  return {
    format: REVIEW_FORMAT,
    tree: { title: input.base.title },
    series: describeSeries(input, machines),
    mode,
    machines: machines.map(({ name, title }) => ({ name, title })),
    invariants: invariants.map(({ id, title, promise, severity }) => ({ id, title, promise, severity })),
    matrix: [...cells, ...bisectCells(answers, findings)],
    findings,
    coverage: coverageOf(answers),
    notModelled: notModelledOf(answers),
    timedOut: timedOutOf(answers),
    diagnostics: [...read],
    scenarios: {
      requested: Math.max(...results.map(({ scenariosRun }) => scenariosRun)),
      run: results.reduce((sum, { scenariosRun }) => sum + scenariosRun, 0),
      notModelled: results
        .flatMap(({ notModelled }) => notModelled)
        .reduce((sum, { count }) => sum + count, 0),
      jobs: plan.jobs.length,
    },
    seed,
  };
}

interface JudgedVersion extends VersionDefects {
  readonly nameBreaks: readonly NameBreak[];
}

/** The base by itself, then each version with the base before it; machine by machine. */
function defectsByVersion({ states, machines, plan, results }: Judged): JudgedVersion[] {
  const base = states[0]!;
  const calls = new Map(machines.map((machine) => [machine, plan.scenariosOf(machine).map(callsOf)]));
  return [...new Set(states.map(({ label }) => label))].flatMap((label) =>
    machines.map((machine): JudgedVersion => {
      const own = states.filter((state) => state.label === label);
      const judged = (label === base.label ? own : [base, ...own]).map((state): JudgedState => {
        const source = relevantSource(state.tree, machine);
        const lineOf = (file: string, line: number): string | undefined =>
          source[file]?.split('\n')[line - 1];
        const result = plan.resultFor(results, state, machine);
        return { patch: state.patch, result, source, lineOf };
      });
      const names = { version: own[0]!.version, label, machine: machine.name };
      return {
        ...names,
        nameBreaks: findNameBreaks(names, judged),
        defects: findDefects(judged, (scenario) => calls.get(machine)![scenario] ?? ''),
        failingAtTip: failingBy(judged.at(-1)!.result),
      };
    }),
  );
}

function callsOf({ operations }: Scenario): string {
  return [...new Set(operations.map(({ call }) => call))].toSorted().join();
}

function chooseMachines(
  names: readonly string[] | undefined,
): WithDiagnostics<readonly Machine[] | undefined> {
  if (names === undefined) return { value: allMachines, diagnostics: [] };
  const unknown = names.filter((name) => !allMachines.some((machine) => machine.name === name));
  if (unknown.length === 0) {
    return { value: allMachines.filter(({ name }) => names.includes(name)), diagnostics: [] };
  }
  const known = allMachines.map(({ name }) => name).join(', ');
  const message = `there is no machine ${unknown.map((name) => `\`${name}\``).join(', ')}; there are ${known}`;
  return { value: undefined, diagnostics: [{ code: 'review/no-machine', severity: 'error', message }] };
}
