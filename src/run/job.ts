// SPDX-License-Identifier: GPL-2.0-only
import type { Diagnostic } from '../base/diagnostic.ts';
import { machineNamed } from '../model/machines/machine-list.ts';
import type { Machine } from '../trace/machine.ts';
import type { Binding } from './binding.ts';
import type { Frame } from './call-stack.ts';
import { JobTally } from './job-tally.ts';
import type { Judge, Place } from './judged-scenario.ts';
import { linkTree, type SourceText } from './link-tree.ts';
import { scenariosFor } from './packs/pack-list.ts';
import { parseScenario } from './parse-scenario.ts';
import type { Scenario } from './scenario.ts';
import { Stage } from './stage.ts';
import { WatchedMachine } from './watched-machine.ts';

/** One state of the source on one machine: everything that decides the result, as plain JSON. */
export interface JobRequest {
  /** As in the list of machines. */
  readonly machine: string;
  /**
   * Machines that differ from it only in whether a live block may be split (`sharesRuns()`): what runs on one runs on
   * the other, so that only the judgement is done again, and that only where it asked.
   */
  readonly twins?: readonly string[];
  /** The text of every relevant file (`relevantPaths()`), by path. */
  readonly source: SourceText;
  /** The same before the series: functions that differ are patched. Absent: nothing is. */
  readonly before?: SourceText;
  readonly mode: 'patched' | 'from-tree';
  /** Random scenarios, after the systematic ones; absent for the usual number. */
  readonly scenarios?: number;
  readonly seed: number;
  /** Names of packs; absent for all. */
  readonly packs?: readonly string[];
  /** These scenarios, in their text form, and no others. */
  readonly only?: readonly string[];
  /** Scenarios that may be run to make each violation's smaller; absent for a few. */
  readonly reduceTries?: number;
}

/** What became of it, as plain JSON. The same request gives the same bytes. */
export interface JobResult {
  readonly bindings: readonly Binding[];
  /** Functions that could not be translated, and why. */
  readonly untranslated: readonly { readonly name: string; readonly reason: string }[];
  /** What could not be read of the C. */
  readonly diagnostics: readonly Diagnostic[];
  readonly scenariosRun: number;
  /** Indices of scenarios that ended before all their calls returned: what their later calls do is not known. */
  readonly unjudged: readonly number[];
  /** What scenarios ran into that is not modelled, most frequent first. */
  readonly notModelled: readonly ReasonCount[];
  /** What scenarios could not call, most frequent first: an entry point that the tree lacks, a size it does not know. */
  readonly notReached: readonly ReasonCount[];
  /** Why the job was given up early; absent when it was not. */
  readonly timedOut?: string;
  readonly outcomes: Readonly<Record<string, { readonly exercised: number; readonly violated: number }>>;
  /** One for each promise and place. */
  readonly violations: readonly JobViolation[];
  /** The results on the request's twins, in their order. */
  readonly twins?: readonly JobResult[];
}

export interface ReasonCount {
  readonly reason: string;
  readonly count: number;
}

export interface JobViolation {
  readonly invariant: string;
  readonly severity: 'bug' | 'risk' | 'cost';
  readonly where: Place;
  /** Innermost first. */
  readonly stack: readonly Frame[];
  /** How often it was seen. */
  readonly count: number;
  /** Indices of the scenarios that show it, ascending. */
  readonly scenarios: readonly number[];
  /** The smallest scenario known to show it, in its text form; what follows is what it shows. */
  readonly scenario: string;
  /** Index of the operation in it. */
  readonly operation?: number;
  /** Number of the event that broke the promise, and of those that help to understand it. */
  readonly event: number;
  readonly related: readonly number[];
  readonly expected: string;
  readonly seen: string;
  /** In hex. */
  readonly addr?: string;
  /** Simplified functions of the model that the run passed through. */
  readonly passed: readonly string[];
}

const USUAL_SCENARIOS = 24;
const USUAL_TRIES = 24;
/** Runs the scenarios of a request on its source and holds each run against the promises. */
export function runJob(request: JobRequest, judge: Judge): JobResult {
  const machine = machineOf(request.machine);
  const seenByKernel = new WatchedMachine(machine);
  const seenByJudge = new WatchedMachine(machine);
  const linked = linkTree({
    machine: seenByKernel.machine,
    source: request.source,
    before: request.before,
    mode: request.mode,
  });
  const stage = new Stage(linked);
  const tries = request.reduceTries ?? USUAL_TRIES;
  const job = new JobTally(stage, (trace) => judge({ ...trace, machine: seenByJudge.machine }), tries);
  const twins = (request.twins ?? []).map((name) => {
    const twin = machineOf(name);
    return new JobTally(stage, (trace) => judge({ ...trace, machine: twin }), tries);
  });
  for (const scenario of scenariosOf(request, machine)) {
    seenByJudge.wasAsked = false;
    const judged = job.run(scenario);
    for (const twin of twins)
      twin.take(scenario, seenByJudge.wasAsked ? judged && twin.judgeAgain(judged) : judged);
  }
  const { bindings, program, untranslated } = linked;
  const common = {
    bindings: bindings.reached.map(({ binding }) => binding),
    untranslated: [...untranslated].map(([name, reason]) => ({ name, reason })),
    diagnostics: program.diagnostics,
  };
  const own = { ...common, ...job.result() };
  if (twins.length === 0) return own;
  // The kernel itself asked, so it may have run otherwise there: then nothing is shared.
  const alone = ({ name }: Machine): JobResult => runJob({ ...withoutTwins(request), machine: name }, judge);
  return {
    ...own,
    twins: twins.map((twin, i) =>
      seenByKernel.wasAsked ? alone(machineOf(request.twins![i]!)) : { ...common, ...twin.result() },
    ),
  };
}

function withoutTwins({ twins: _twins, ...request }: JobRequest): JobRequest {
  return request;
}

function machineOf(name: string): Machine {
  const machine = machineNamed(name);
  if (machine === undefined) throw new Error(`no machine is called ${name}`);
  return machine;
}

function scenariosOf(request: JobRequest, machine: Machine): readonly Scenario[] {
  const { only, packs, scenarios: random = USUAL_SCENARIOS, seed } = request;
  if (only === undefined) return scenariosFor(machine, { packs, random, seed });
  return only.map((text) => {
    const { value, diagnostics } = parseScenario(text, machine.pageShift);
    if (value === undefined) throw new Error(`${diagnostics[0]?.message}: ${text}`);
    return value;
  });
}
