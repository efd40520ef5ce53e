// SPDX-License-Identifier: GPL-2.0-only
import type { Diagnostic } from '../base/diagnostic.ts';
import { machineNamed } from '../model/machines/machine-list.ts';
import type { Behaviour } from '../trace/behaviour.ts';
import type { AddedCall } from '../trace/added-calls.ts';
import type { Machine } from '../trace/machine.ts';
import type { Binding } from './binding.ts';
import type { Frame } from './call-stack.ts';
import type { ExecutedLines } from './execution-record.ts';
import { JobTally } from './job-tally.ts';
import type { Judge, Place } from './judged-scenario.ts';
import { KnownRuns } from './known-runs.ts';
import type { LinkedKernel } from './link.ts';
import { linkTree, type SourceText } from './link-tree.ts';
import { scenariosFor, type CallScope, type WantedScenarios } from './packs/pack-list.ts';
import { parseScenario } from './parse-scenario.ts';
import type { ChangedHeader } from './source.ts';
import type { Scenario } from './scenario.ts';
import { ScenarioRunner } from './scenario-runner.ts';
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
  /** Functions that the series changes anywhere: bound to C in each of its states. */
  readonly touched?: readonly string[];
  /** Headers that the series changes, of those that are run where they are; their texts are in `source`. */
  readonly changed?: readonly ChangedHeader[];
  readonly mode: 'patched' | 'from-tree';
  /** Random scenarios, after the systematic ones; absent for the usual number. */
  readonly scenarios?: number;
  readonly seed: number;
  /** Names of packs; absent for all. */
  readonly packs?: readonly string[];
  /** Calls that are worth it; absent for all. */
  readonly calls?: CallScope;
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
  /** What each scenario did, by its index; null where it met something that is not modelled or that the tree lacks. */
  readonly behaviours: readonly (Behaviour | null)[];
  /** What scenarios ran into that is not modelled, most frequent first. */
  readonly notModelled: readonly ReasonCount[];
  /** What scenarios could not call, most frequent first: an entry point that the tree lacks, a size it does not know. */
  readonly notReached: readonly ReasonCount[];
  /** Of the functions that the series changes: what of them was executed. */
  readonly lines: readonly ExecutedLines[];
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
  /** Functions that the series changes and that `scenario` runs. */
  readonly ran: readonly { readonly function: string; readonly file: string }[];
  /** How often it was seen. */
  readonly count: number;
  /** Indices of the scenarios that show it, ascending. */
  readonly scenarios: readonly number[];
  /** Of each of them, the event that broke the promise there first. */
  readonly events: readonly number[];
  /** The smallest scenario known to show it, in its text form; what follows is what it shows. */
  readonly scenario: string;
  /** Index of the operation in it. */
  readonly operation?: number;
  /** The call behind all of its own that shows it. */
  readonly atEnd?: AddedCall;
  /** Number of the event that broke the promise, and of those that help to understand it. */
  readonly event: number;
  readonly related: readonly number[];
  readonly expected: string;
  readonly seen: string;
  /** In hex. */
  readonly addr?: string;
}

const USUAL_SCENARIOS = 24;
const USUAL_TRIES = 24;
/**
 * Runs the scenarios of a request on its source and holds each run against the promises.
 * @param known runs of other jobs on the same thread, which this job looks up and adds to; they change no result
 */
export function runJob(request: JobRequest, judge: Judge, known = new KnownRuns()): JobResult {
  const own = machineOf(request.machine);
  const machines = [own, ...(request.twins ?? []).map(machineOf)];
  const scenarios = scenariosOf(request, own);
  const { linked, runner } = prepare(request, machines, { judge, known, calls: callsIn(scenarios) });
  const tries = request.reduceTries ?? USUAL_TRIES;
  const tallies = machines.map((machine, which) => new JobTally(runner, machine, which, tries));
  for (const scenario of scenarios) for (const tally of tallies) tally.take(scenario);
  const { bindings, program, untranslated } = linked;
  // Tallies run scenarios still, to make them smaller.
  const tallied = tallies.map((tally) => tally.result());
  const common = {
    lines: runner.executedLines(),
    bindings: bindings.reached.map(({ binding }) => binding),
    untranslated: [...untranslated].map(([name, reason]) => ({ name, reason })),
    diagnostics: program.diagnostics,
  };
  runner.retire();
  const [result, ...twins] = tallied.map((each): JobResult => ({ ...common, ...each }));
  return twins.length === 0 ? result! : { ...result!, twins };
}

/** The source linked for the first of the machines, and what runs scenarios on it for all of them. */
function prepare(
  request: JobRequest,
  [own, ...twins]: readonly Machine[],
  by: { readonly judge: Judge; readonly known: KnownRuns; readonly calls: ReadonlySet<string> },
): { readonly linked: LinkedKernel; readonly runner: ScenarioRunner } {
  const { source, before, touched, changed, mode } = request;
  const seenByKernel = new WatchedMachine(own!);
  const linked = linkTree({
    machine: seenByKernel.machine,
    ...{ source, before, touched, changed, mode },
    calls: by.calls,
  });
  const machines = { seenByKernel, own: own!, twins };
  return { linked, runner: new ScenarioRunner(new Stage(linked), machines, by.judge, by.known) };
}

/** What scenarios call, and what is called after each of them. */
function callsIn(scenarios: readonly Scenario[]): ReadonlySet<string> {
  const inside = scenarios.flatMap(({ operations }) => operations.map(({ call }) => call));
  return new Set([...inside, 'vm_unmap_aliases', 'flush_scheduled_work']);
}

function machineOf(name: string): Machine {
  const machine = machineNamed(name);
  if (machine === undefined) throw new Error(`no machine is called ${name}`);
  return machine;
}

/** The scenarios of each machine's last job: the states of a series share them. */
const lastScenarios = new Map<string, { readonly key: string; readonly scenarios: readonly Scenario[] }>();

function sameScenariosFor(machine: Machine, wanted: WantedScenarios): readonly Scenario[] {
  const key = JSON.stringify(wanted);
  const last = lastScenarios.get(machine.name);
  if (last?.key === key) return last.scenarios;
  const scenarios = scenariosFor(machine, wanted);
  lastScenarios.set(machine.name, { key, scenarios });
  return scenarios;
}

function scenariosOf(request: JobRequest, machine: Machine): readonly Scenario[] {
  const { only, packs, scenarios: random = USUAL_SCENARIOS, seed, calls } = request;
  if (only === undefined) return sameScenariosFor(machine, { packs, random, seed, calls });
  return only.map((text) => {
    const { value, diagnostics } = parseScenario(text, machine.pageShift);
    if (value === undefined) throw new Error(`${diagnostics[0]?.message}: ${text}`);
    return value;
  });
}
