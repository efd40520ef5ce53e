// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from './base/diagnostic.ts';
import { invariants } from './invariants/invariant-list.ts';
import { judge } from './invariants/judge.ts';
import { machineNamed, machines } from './model/machines/machine-list.ts';
import type { Replay, ReplayedViolation } from './report/replay.ts';
import { readReviewInput, type ReviewInput } from './review-input.ts';
import { baseState, relevantSource, stateName, statesOf, type SourceState } from './review-states.ts';
import { judgeScenario, placeViolations, violationsOf, type JudgedScenario } from './run/judged-scenario.ts';
import { linkTree } from './run/link-tree.ts';
import { parseScenario } from './run/parse-scenario.ts';
import type { Scenario } from './run/scenario.ts';
import { printScenario } from './run/scenario-text.ts';
import { Stage } from './run/stage.ts';
import { drawPageTable } from './trace/draw-page-table.ts';
import type { Machine } from './trace/machine.ts';

export interface ReplayRequest {
  /** The text form of a scenario. */
  readonly scenario: string;
  readonly machine: string;
  readonly tree: string | undefined;
  /** The sources of a series; none to run the tree as it is. */
  readonly series: readonly string[];
  /** Number or label; the latest if undefined. */
  readonly version: string | undefined;
  /** How many patches are applied; 0 is the tree before the series; all if undefined. */
  readonly patch: number | undefined;
  readonly fromTree: boolean;
}

/** Runs one scenario on one state of the source and says what every promise makes of it. */
export async function replay(request: ReplayRequest): Promise<WithDiagnostics<Replay | undefined>> {
  const machine = machineNamed(request.machine);
  if (machine === undefined) {
    const known = machines.map(({ name }) => name).join(', ');
    return refuse('review/no-machine', `there is no machine \`${request.machine}\`; there are ${known}`);
  }
  const scenario = parseScenario(request.scenario, machine.pageShift);
  if (scenario.value === undefined) return { value: undefined, diagnostics: scenario.diagnostics };
  const versions = request.version === undefined ? undefined : [request.version];
  const input = await readReviewInput({ sources: request.series, tree: request.tree, versions });
  if (input.value === undefined) return { value: undefined, diagnostics: input.diagnostics };
  const state = chooseState(input.value, request.patch);
  if (state.value === undefined) return { value: undefined, diagnostics: state.diagnostics };
  const stage = stageFor(input.value, state.value, machine, request.fromTree);
  return { value: runOn(stage, state.value, scenario.value), diagnostics: input.diagnostics };
}

function chooseState(
  input: ReviewInput,
  patch: number | undefined,
): WithDiagnostics<SourceState | undefined> {
  const states = statesOf(input);
  const { label } = states.at(-1)!;
  const own = states.filter((state) => state.label === label);
  const found =
    patch === 0 ? states[0] : patch === undefined ? own.at(-1) : own.find((state) => state.patch === patch);
  if (found !== undefined) return { value: found, diagnostics: [] };
  const built = own.map((state) => state.patch).join(', ');
  return refuse('review/no-patch', `${label} has no patch ${patch} that can be run; it has ${built}`);
}

/** As a review binds it: what the series changes from C, or all that the tree has. */
function stageFor(input: ReviewInput, state: SourceState, machine: Machine, fromTree: boolean): Stage {
  const base = baseState(input);
  const reference = state.version === 0 ? statesOf(input).at(-1)! : base;
  const isAlone = input.series === undefined;
  const linked = linkTree({
    machine,
    source: relevantSource(state.tree, machine),
    before: isAlone ? undefined : relevantSource(reference.tree, machine),
    mode: fromTree || isAlone ? 'from-tree' : 'patched',
  });
  return new Stage(linked);
}

function runOn(stage: Stage, state: SourceState, scenario: Scenario): Replay {
  const { machine } = stage;
  const judged = judgeScenario(stage, judge, scenario);
  const { events, end, notReached } = judged.run;
  return {
    state: stateName(state),
    tree: state.tree.title,
    machine,
    scenario: printScenario(scenario, machine.pageShift),
    events,
    end: end.kind,
    ...(end.kind === 'not-modelled' ? { reason: end.reason } : {}),
    notReached,
    exercised: invariants.flatMap(({ id }) => {
      const outcome = judged.outcomes.get(id);
      return outcome === undefined || outcome.exercised === 0
        ? []
        : [{ invariant: id, count: outcome.exercised }];
    }),
    violations: placed(stage, state, scenario, judged),
  };
}

function placed(
  stage: Stage,
  state: SourceState,
  scenario: Scenario,
  judged: JudgedScenario,
): ReplayedViolation[] {
  const source = relevantSource(state.tree, stage.machine);
  return placeViolations(stage, scenario, violationsOf(judged)).map(({ violation, where, stack }) => {
    const { invariant, severity, event, related, addr, expected, seen } = violation;
    const trace = { machine: stage.machine, events: judged.run.events };
    const start = related[0] ?? event;
    const code =
      where.file === undefined ? undefined : source[where.file]?.split('\n')[(where.line ?? 0) - 1];
    return {
      invariant,
      severity,
      event,
      expected,
      seen,
      where,
      stack,
      ...(code === undefined ? {} : { code: code.trim() }),
      ...(addr === undefined
        ? {}
        : { drawing: drawPageTable(trace, { addr, before: Math.min(start, event), after: event }) }),
    };
  });
}

function refuse(code: string, message: string): { value: undefined; diagnostics: Diagnostic[] } {
  return { value: undefined, diagnostics: [{ code, severity: 'error', message }] };
}
