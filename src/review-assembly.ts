// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic } from './base/diagnostic.ts';
import { invariants } from './invariants/invariant-list.ts';
import { REVIEW_FORMAT, type Review } from './report/review-schema.ts';
import { bisectCells } from './review-bisect.ts';
import { changesOfPatches } from './review-changes.ts';
import { claimCells, claimFindings, claimingPatches } from './review-claims.ts';
import { functionsChangedBy } from './review-changed-functions.ts';
import { coverageOf, notModelledOf, timedOutOf, type Answer } from './review-coverage.ts';
import { failingBy, findDefects, type JudgedState } from './review-defects.ts';
import { exercisedPatches } from './review-exercised.ts';
import { makeFindings, type FindingContext, type VersionDefects } from './review-findings.ts';
import type { ReviewInput } from './review-input.ts';
import { matrixCell } from './review-matrix.ts';
import { findNameBreaks, nameFindings, unreadAtTip, unreadInBase, type NameBreak } from './review-names.ts';
import type { Plan } from './review-plan.ts';
import { describeSeries, relevantSource, type SourceState } from './review-states.ts';
import { placedAtTip } from './review-tip.ts';
import type { JobResult } from './run/job.ts';
import type { Scenario } from './run/scenario.ts';
import type { Machine } from './trace/machine.ts';

/** What was to be run, and what was. */
export interface Judged {
  readonly input: ReviewInput;
  readonly states: readonly SourceState[];
  readonly machines: readonly Machine[];
  readonly plan: Plan;
  /** In the order of the plan's jobs; undefined where a job is still to be run. */
  readonly results: readonly (JobResult | undefined)[];
  readonly mode: Review['mode'];
  readonly seed: number;
  /** What was said when the input was read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Whether the patches of a version build, on one machine. */
export interface BuildBreaks {
  readonly nameBreaks: readonly NameBreak[];
  /** What cannot be read after the last patch. */
  readonly unread: readonly Diagnostic[];
}

export type JudgedVersion = VersionDefects & BuildBreaks;

/** Puts together the states that were run and the defects of the versions whose states all were. */
export function assembleReview(
  judged: Judged,
  versions: readonly VersionDefects[],
  builds: readonly BuildBreaks[],
): Review {
  const { input, machines, plan, mode, seed, diagnostics } = judged;
  const answers = answersOf(judged);
  const context: FindingContext = {
    tree: input.tree,
    sources: input.sources,
    pick: input.pick,
    fromTree: mode === 'from-tree' && input.series !== undefined,
    subjectOf: (label, patch) =>
      input.versions
        .find(({ version }) => version.label === label)
        ?.version.patches.find(({ index }) => index === patch)?.subject,
    changedBy: (label, patch) => functionsChangedBy(input, judged.states, { label, patch }),
  };
  const nameBreaks = builds.flatMap((each) => each.nameBreaks);
  const atBase = answers.filter(({ state }) => state.version === 0);
  const allUnread = [
    ...atBase.flatMap(({ result }) => unreadInBase(result)),
    ...builds.flatMap((each) => each.unread),
  ];
  const unread = new Map(allUnread.map((one) => [one.message, one]));
  const changes = changesOfPatches(judged, context);
  const claiming = claimingPatches(input, changes);
  const findings = placedAtTip(
    [
      ...makeFindings(versions, context),
      ...nameFindings(nameBreaks, context),
      ...claimFindings(claiming, context),
    ],
    judged.states,
  );
  const inBase = new Map(atBase.map(({ machine, result }) => [machine.name, failingBy(result)]));
  const cells = answers.flatMap(({ state, machine, result }) =>
    invariants
      .filter(({ begin }) => begin !== undefined)
      .map((each) => matrixCell(state, machine, each, result, inBase.get(machine.name)?.get(each.id))),
  );
  const labels = new Set(versions.map(({ label }) => label));
  const complete = answers.filter(({ state }) => labels.has(state.label));
  const results = judged.results.filter((result) => result !== undefined);
  return {
    format: REVIEW_FORMAT,
    tree: { title: input.base.title },
    series: describeSeries(input, machines),
    mode,
    machines: machines.map(({ name, title }) => ({ name, title })),
    invariants: invariants.map(({ id, title, promise, severity }) => ({ id, title, promise, severity })),
    matrix: [...cells, ...claimCells(claiming, changes), ...bisectCells(complete, findings)],
    findings,
    coverage: coverageOf(answers),
    exercised: exercisedPatches(input, answers),
    changes,
    notModelled: notModelledOf(answers),
    timedOut: timedOutOf(answers),
    diagnostics: [...diagnostics, ...unread.values()],
    scenarios: {
      requested: Math.max(0, ...results.map(({ scenariosRun }) => scenariosRun)),
      run: results.reduce((sum, { scenariosRun }) => sum + scenariosRun, 0),
      notModelled: results
        .flatMap(({ notModelled }) => notModelled)
        .reduce((sum, { count }) => sum + count, 0),
      jobs: plan.jobs.length,
    },
    seed,
  };
}

function answersOf({ states, machines, plan, results }: Judged): Answer[] {
  return states.flatMap((state) =>
    machines.flatMap((machine): Answer[] => {
      const result = plan.resultFor(results, state, machine);
      return result === undefined ? [] : [{ state, machine, result }];
    }),
  );
}

/** States that were not begun, because the time was used up. */
export function leftOutOf({ states, machines, plan, results }: Judged): Review['timedOut'] {
  return states.flatMap((state) =>
    machines.flatMap((machine) => {
      if (plan.resultFor(results, state, machine) !== undefined) return [];
      const { version, label, patch } = state;
      return [{ version, label, patch, machine: machine.name, reason: 'left out, the time was used up' }];
    }),
  );
}

/** Labels of the base and the versions, in order. */
export function labelsOf({ states }: Judged): string[] {
  return [...new Set(states.map(({ label }) => label))];
}

/** Whether all states of a version have been run, and those of the base, which they are compared with. */
export function wasRunToItsEnd({ states, machines, plan, results }: Judged, label: string): boolean {
  return [states[0]!, ...states.filter((state) => state.label === label)].every((state) =>
    machines.every((machine) => plan.resultFor(results, state, machine) !== undefined),
  );
}

/** The defects of a version that was run to its end, with the base before it; machine by machine. */
export function defectsOfVersion(
  { states, machines, plan, results }: Judged,
  label: string,
): readonly JudgedVersion[] {
  const base = states[0]!;
  const own = states.filter((state) => state.label === label);
  return machines.map((machine): JudgedVersion => {
    const calls = plan.scenariosOf(machine).map(callsOf);
    const judged = (label === base.label ? own : [base, ...own]).map((state): JudgedState => {
      const source = relevantSource(state.tree, machine);
      const lineOf = (file: string, line: number): string | undefined => source[file]?.split('\n')[line - 1];
      const result = plan.resultFor(results, state, machine)!;
      return { patch: state.patch, result, source, lineOf };
    });
    const names = { version: own[0]!.version, label, machine: machine.name };
    return {
      ...names,
      nameBreaks: findNameBreaks(names, judged),
      unread: unreadAtTip(judged, label),
      defects: findDefects(judged, (scenario) => calls[scenario] ?? ''),
      failingAtTip: failingBy(judged.at(-1)!.result),
    };
  });
}

function callsOf({ operations }: Scenario): string {
  return [...new Set(operations.map(({ call }) => call))].toSorted().join();
}
