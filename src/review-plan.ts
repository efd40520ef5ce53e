// SPDX-License-Identifier: GPL-2.0-only

import { createHash } from 'node:crypto';
import { callScope, comparableSources } from './review-calls.ts';
import { hasVmalloc } from './review-split.ts';
import type { SourceState } from './review-states.ts';
import { relevantSource } from './review-states.ts';
import type { JobRequest, JobResult } from './run/job.ts';
import { hasRandomScenarios, packsFor, scenariosFor, type CallScope } from './run/packs/pack-list.ts';
import type { Scenario } from './run/scenario.ts';
import { sourceFiles, USUAL_FILE, type ChangedHeader } from './run/source.ts';
import { sharingRuns } from './run/watched-machine.ts';
import type { Machine } from './trace/machine.ts';

/** What every job of a review has in common. */
export interface PlanOptions {
  readonly mode: JobRequest['mode'];
  /** Functions that any version of the series changes. */
  readonly touched: readonly string[];
  /** Headers that any version changes and that are run on a machine where they are. */
  readonly changedOn: (machine: Machine) => readonly ChangedHeader[];
  /** Random scenarios on each state; undefined for the usual number. */
  readonly scenarios: number | undefined;
  readonly seed: number;
}

/** Jobs to run, each once, and which of them answers for a state on a machine. */
export interface Plan {
  readonly jobs: readonly JobRequest[];
  jobOf(state: SourceState, machine: Machine): number;
  /** Its request for one machine alone. */
  requestFor(state: SourceState, machine: Machine): JobRequest;
  /** What it found on the machine; undefined where it was not run yet. */
  resultFor(
    results: readonly (JobResult | undefined)[],
    state: SourceState,
    machine: Machine,
  ): JobResult | undefined;
  /** The scenarios that run on the machine; a scenario's number is its index. */
  scenariosOf(machine: Machine): readonly Scenario[];
}

/** Random scenarios of a job, after the systematic ones. */
const USUAL_RANDOM = 24;

/**
 * One job for each different source on each machine: patches that leave alone what the machine runs, and versions
 * that agree, share theirs. `base` is what functions are compared with to tell which are patched.
 */
export function planJobs(
  states: readonly SourceState[],
  machines: readonly Machine[],
  base: SourceState,
  options: PlanOptions,
): Plan {
  const calls = new Map(
    machines.map((machine) => [machine, callScopeOn(machine, states, options.changedOn(machine))]),
  );
  const jobs: JobRequest[] = [];
  const known = new Map<string, number>();
  const answers = new Map<string, number>();
  const scenariosOn = new Map<Machine, readonly Scenario[]>();
  for (const state of states) {
    for (const group of sharingRuns(machines)) {
      const [machine, ...twins] = group as [Machine, ...Machine[]];
      const scope = calls.get(machine);
      const alone = {
        ...jobFor(state, base, machine, options),
        ...wantedOn(machine, states, options),
        ...(scope !== undefined && { calls: scope }),
      };
      const job = twins.length === 0 ? alone : { ...alone, twins: twins.map(({ name }) => name) };
      const key = createHash('sha256').update(JSON.stringify(job)).digest('hex');
      let index = known.get(key);
      if (index === undefined) {
        index = jobs.push(job) - 1;
        known.set(key, index);
      }
      for (const member of group) answers.set(answerKey(state, member), index);
    }
  }
  const jobOf = (state: SourceState, machine: Machine): number => answers.get(answerKey(state, machine))!;
  return {
    jobs,
    jobOf,
    requestFor: (state, machine) => {
      const { twins: _twins, ...request } = jobs[jobOf(state, machine)]!;
      return { ...request, machine: machine.name };
    },
    resultFor: (results, state, machine) => {
      const index = jobOf(state, machine);
      const twin = jobs[index]!.twins?.indexOf(machine.name) ?? -1;
      return twin < 0 ? results[index] : results[index]?.twins?.[twin];
    },
    scenariosOf: (machine) => {
      let scenarios = scenariosOn.get(machine);
      if (scenarios === undefined) {
        const { packs, scenarios: random } = wantedOn(machine, states, options);
        scenarios = scenariosFor(machine, { packs, random, seed: options.seed, calls: calls.get(machine) });
        scenariosOn.set(machine, scenarios);
      }
      return scenarios;
    },
  };
}

/** What is run on a machine: the same for all states, so that a scenario's number means one thing. */
function wantedOn(
  machine: Machine,
  states: readonly SourceState[],
  { scenarios = USUAL_RANDOM }: PlanOptions,
): { readonly packs: readonly string[]; readonly scenarios: number } {
  const files = sourceFiles(machine).filter((path) =>
    states.some(({ tree }) =>
      path === USUAL_FILE ? hasVmalloc(tree, machine) : tree.read(path) !== undefined,
    ),
  );
  return { packs: packsFor(files), scenarios: hasRandomScenarios(files) ? scenarios : 0 };
}

/** What the machine's scenarios shall call: the same for all states, so that a scenario's number means one thing. */
function callScopeOn(
  machine: Machine,
  states: readonly SourceState[],
  changed: readonly ChangedHeader[],
): CallScope | undefined {
  const scope = callScope(
    comparableSources(
      states.map(({ tree }) => tree),
      machine,
    ),
    machine,
  );
  // Anything may come to what a header defines, through headers that are not among the sources.
  return scope === undefined || changed.length === 0 ? scope : { ...scope, affected: scope.present };
}

function jobFor(
  state: SourceState,
  base: SourceState,
  machine: Machine,
  { mode, touched, changedOn, seed }: PlanOptions,
): JobRequest {
  const changed = changedOn(machine);
  return {
    machine: machine.name,
    source: relevantSource(state.tree, machine, [], changed),
    before: relevantSource(base.tree, machine, [], changed),
    touched,
    ...(changed.length > 0 && { changed }),
    mode,
    seed,
  };
}

function answerKey({ label, patch }: SourceState, { name }: Machine): string {
  return `${label} ${patch} ${name}`;
}
