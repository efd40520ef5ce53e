// SPDX-License-Identifier: GPL-2.0-only

import { applyFaultScript, isHarmless, type FaultScript, type FaultTree } from './fault-script.ts';
import type { SourceTree } from './ingest/source-tree.ts';
import type { Detection } from './report/detection-text.ts';
import { findDefects, type JudgedState } from './review-defects.ts';
import { headersThatDiffer } from './review-changed-headers.ts';
import { planJobs, type Plan } from './review-plan.ts';
import { relevantSource, type SourceState } from './review-states.ts';
import type { RunJobs } from './review.ts';
import type { JobResult, JobViolation } from './run/job.ts';
import type { ChangedHeader } from './run/source.ts';
import { findCFunctions } from './series/c-functions.ts';
import { sharingRuns } from './run/watched-machine.ts';
import type { Machine } from './trace/machine.ts';

export interface DetectionRequest {
  readonly scripts: readonly FaultScript[];
  readonly on: FaultTree;
  readonly base: SourceTree;
  readonly machines: readonly Machine[];
  readonly seed: number;
  /** Where what the script leaves as it is comes from: all from the tree, or the model as in the review of a series. */
  readonly mode: 'from-tree' | 'patched';
}

/**
 * Takes each script for a patch: what the review says that the patch brought is what was
 * found. Machines are asked in their order, and later ones only for what has not been found by then.
 */
export async function detectFaults(
  request: DetectionRequest,
  runJobs: RunJobs,
): Promise<readonly Detection[]> {
  const base: SourceState = { version: 0, label: 'base', patch: 0, tree: request.base };
  const trials = request.scripts
    .filter(({ steps }) => steps[request.on] !== undefined)
    .map((script) => makeTrial(script, request, base));
  for (const group of sharingRuns(request.machines)) {
    const open = trials.filter((trial) => trial.refused === undefined && !isFound(trial));
    const allowed =
      request.mode === 'patched' ? await brokenByTree(base, group, request.seed, runJobs) : undefined;
    for (let first = 0; first < open.length; first += AT_ONCE) {
      await runTrials(open.slice(first, first + AT_ONCE), group, request, runJobs, allowed);
    }
  }
  return trials.map((trial) => asDetection(trial, request.on));
}

/** By machine, the promises that the tree breaks where all of it is run. */
type BrokenByTree = ReadonlyMap<Machine, ReadonlySet<string>>;

async function brokenByTree(
  base: SourceState,
  machines: readonly Machine[],
  seed: number,
  runJobs: RunJobs,
): Promise<BrokenByTree> {
  const options = {
    mode: 'from-tree',
    touched: [],
    changedOn: () => [],
    scenarios: undefined,
    seed,
  } as const;
  const plan = withoutReduction(planJobs([base], machines, base, options));
  const results = await runJobs(plan.jobs);
  return new Map(machines.map((machine) => [machine, invariantsOf(plan.resultFor(results, base, machine)!)]));
}

function invariantsOf({ violations }: JobResult): ReadonlySet<string> {
  return new Set(violations.map(({ invariant }) => invariant));
}

/** Trials whose results are in memory together: each takes some megabytes. */
const AT_ONCE = 50;

/** Equal requests are run once, as the base's is, which every trial has. */
async function runTrials(
  trials: readonly Trial[],
  machines: readonly Machine[],
  request: DetectionRequest,
  runJobs: RunJobs,
  allowed: BrokenByTree | undefined,
): Promise<void> {
  const plans = trials.map((trial) => planTrial(trial, machines, request));
  const results = await runJobs(plans.flatMap(({ jobs }) => jobs));
  let next = 0;
  for (const [index, trial] of trials.entries()) {
    const plan = plans[index]!;
    const own = plan.jobs.map(() => results[next++]!);
    judgeTrial(trial, machines, plan, own, allowed);
  }
}

/** A script on its way through the machines. */
interface Trial {
  readonly script: FaultScript;
  readonly base: SourceState;
  readonly state: SourceState | undefined;
  /** What the script changes. */
  readonly files: ReadonlySet<string>;
  refused: string | undefined;
  readonly findings: Detection['findings'][number][];
  readonly ofStandIns: Detection['findings'][number][];
}

function makeTrial(script: FaultScript, { on, base: tree }: DetectionRequest, base: SourceState): Trial {
  const applied = applyFaultScript(script, on, tree);
  const state = 'tree' in applied ? { version: 1, label: 'v1', patch: 1, tree: applied.tree } : undefined;
  const refused = 'refused' in applied ? applied.refused : undefined;
  const files = new Set((script.steps[on] ?? []).map(({ file }) => file));
  return { script, base, state, files, refused, findings: [], ofStandIns: [] };
}

/** A harmless rewrite has to pass on every machine. */
function isFound({ script, findings }: Trial): boolean {
  return !isHarmless(script) && findings.length > 0;
}

/** Findings are counted here and not read, so that no scenario needs to be made smaller. */
function planTrial(trial: Trial, machines: readonly Machine[], { mode, seed }: DetectionRequest): Plan {
  const options = {
    mode,
    touched: mode === 'patched' ? functionsChanged(trial) : [],
    changedOn: (machine: Machine) => headersOf(trial, machine),
    scenarios: undefined,
    seed,
  } as const;
  return withoutReduction(planJobs([trial.base, trial.state!], machines, trial.base, options));
}

function withoutReduction(plan: Plan): Plan {
  return { ...plan, jobs: plan.jobs.map((job) => ({ ...job, reduceTries: 0 })) };
}

/** The functions that the script changes, adds or takes away. */
function functionsChanged({ base, state, files }: Trial): readonly string[] {
  const names = [...files].flatMap((file) => {
    const [before, after] = [hashesOf(base.tree.read(file)), hashesOf(state!.tree.read(file))];
    return [...before.keys(), ...after.keys()].filter((name) => before.get(name) !== after.get(name));
  });
  return [...new Set(names)].toSorted();
}

function hashesOf(text = ''): ReadonlyMap<string, string> {
  return new Map(findCFunctions(text).map(({ name, hash }) => [name, hash]));
}

/** What the script changes in headers that the model stands in for otherwise. */
function headersOf({ base, state, files }: Trial, machine: Machine): readonly ChangedHeader[] {
  return headersThatDiffer(files, [base.tree, state!.tree], machine);
}

function judgeTrial(
  trial: Trial,
  machines: readonly Machine[],
  plan: Plan,
  results: readonly JobResult[],
  allowed: BrokenByTree | undefined,
): void {
  for (const machine of machines) {
    const judged = [trial.base, trial.state!].map((state): JudgedState => {
      const source = relevantSource(state.tree, machine, [], headersOf(trial, machine));
      const lineOf = (file: string, line: number): string | undefined => source[file]?.split('\n')[line - 1];
      return { patch: state.patch, result: plan.resultFor(results, state, machine)!, source, lineOf };
    });
    const [before, after] = judged.map(({ result }) => result) as [JobResult, JobResult];
    trial.refused ??= whyNotRun(before, after);
    for (const { kind, invariant, violation } of findDefects(judged, () => '')) {
      if (kind === 'brought') trial.findings.push(asFinding(violation, machine));
      else if (allowed?.get(machine)?.has(invariant) === false)
        trial.ofStandIns.push(asFinding(violation, machine));
    }
  }
}

function asFinding(
  { invariant, where, scenario, seen }: JobViolation,
  machine: Machine,
): Detection['findings'][number] {
  return { invariant, function: where.function, machine: machine.name, scenario, seen };
}

/** A replacement that is no C shows in what could not be translated, and would otherwise count as a miss. */
function whyNotRun(before: JobResult, after: JobResult): string | undefined {
  const known = new Set(before.untranslated.map(({ name }) => name));
  const broken = after.untranslated.find(({ name }) => !known.has(name));
  if (broken !== undefined) return `${broken.name}() does not translate: ${broken.reason}`;
  const ends = new Set(before.notModelled.map(({ reason }) => reason));
  const unmodelled = after.notModelled.find(({ reason }) => !ends.has(reason));
  return unmodelled?.reason;
}

function asDetection({ script, refused, findings, ofStandIns }: Trial, on: FaultTree): Detection {
  const missed = script.missed?.[on];
  return {
    name: script.name,
    class: script.class,
    harmless: isHarmless(script),
    historical: script.upstream !== undefined,
    ...(refused !== undefined && { refused }),
    ...(missed !== undefined && { missed }),
    findings,
    ofStandIns,
  };
}
