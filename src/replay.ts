// SPDX-License-Identifier: GPL-2.0-only

import type { WithDiagnostics } from './base/diagnostic.ts';
import type { VirtAddr } from './base/units.ts';
import { invariants } from './invariants/invariant-list.ts';
import { judge } from './invariants/judge.ts';
import type { Replay, ReplayedViolation } from './report/replay.ts';
import { changedHeaders } from './review-changed-headers.ts';
import { openState, type OneState, type StateRequest } from './review-one-state.ts';
import { baseState, relevantSource, stateName, touchedFunctions, type SourceState } from './review-states.ts';
import { placeViolations, traceStacks, violationsOf } from './run/judged-scenario.ts';
import { runScenario } from './run/session.ts';
import type { Outcome } from './invariants/invariant.ts';
import type { EventSequence } from './trace/events.ts';
import { linkTree } from './run/link-tree.ts';
import { parseScenario } from './run/parse-scenario.ts';
import type { Scenario } from './run/scenario.ts';
import { printScenario } from './run/scenario-text.ts';
import { Stage } from './run/stage.ts';
import { inFixmap, type Machine } from './trace/machine.ts';
import { drawPageTable } from './trace/draw-page-table.ts';
import { writeTrace } from './trace/trace-format.ts';

export interface ReplayRequest extends StateRequest {
  /** The text form of a scenario. */
  readonly scenario: string;
  readonly fromTree: boolean;
}

/** Runs one scenario on one state of the source and says what every promise makes of it. */
export async function replay(request: ReplayRequest): Promise<WithDiagnostics<Replay | undefined>> {
  const opened = await openState(request);
  if (opened.value === undefined) return { value: undefined, diagnostics: opened.diagnostics };
  const scenario = parseScenario(request.scenario, opened.value.machine.pageShift);
  if (scenario.value === undefined) return { value: undefined, diagnostics: scenario.diagnostics };
  const stage = stageFor(opened.value, request.fromTree);
  return { value: runOn(stage, opened.value.state, scenario.value), diagnostics: opened.diagnostics };
}

/** The same on a state that is open already; undefined where the text is no scenario. */
export function replayOpened(opened: OneState, scenario: string, fromTree: boolean): Replay | undefined {
  const { value } = parseScenario(scenario, opened.machine.pageShift);
  return value === undefined ? undefined : runOn(stageFor(opened, fromTree), opened.state, value);
}

/** Only what is mapped by page tables of its own is drawn: not the kernel's objects in the linear map. */
function isMapped(machine: Machine, addr: VirtAddr): boolean {
  const { vmallocStart, vmallocEnd } = machine.addresses;
  return (addr >= vmallocStart && addr < vmallocEnd) || inFixmap(machine, addr);
}

/** The trace of a replay as lines of a file (docs/trace-format.md). */
export function* traceLines({ machine, events }: Replay): Generator<string> {
  for (const line of writeTrace({ machine, events })) yield `${line}\n`;
}

/** As a review binds it: what the series changes from C, or all that the tree has. */
export function stageFor({ input, state, machine }: OneState, fromTree: boolean): Stage {
  const isAlone = input.series === undefined;
  const changed = changedHeaders(input, machine);
  const linked = linkTree({
    machine,
    source: relevantSource(state.tree, machine, [], changed),
    before: isAlone ? undefined : relevantSource(baseState(input).tree, machine, [], changed),
    touched: touchedFunctions(input),
    changed,
    mode: fromTree || isAlone ? 'from-tree' : 'patched',
  });
  return new Stage(linked);
}

function runOn(stage: Stage, state: SourceState, scenario: Scenario): Replay {
  const { machine } = stage;
  const { events, end, notReached } = runScenario(stage, scenario);
  const outcomes = judge({ machine, events });
  return {
    state: stateName(state),
    tree: state.tree.title,
    machine,
    scenario: printScenario(scenario, machine.pageShift),
    events: events.slice(),
    end: end.kind,
    ...(end.kind === 'not-modelled' ? { reason: end.reason } : {}),
    notReached,
    exercised: invariants.flatMap(({ id }) => {
      const outcome = outcomes.get(id);
      return outcome === undefined || outcome.exercised === 0
        ? []
        : [{ invariant: id, count: outcome.exercised }];
    }),
    violations: placed(stage, state, scenario, events, outcomes),
  };
}

function placed(
  stage: Stage,
  state: SourceState,
  scenario: Scenario,
  events: EventSequence,
  outcomes: ReadonlyMap<string, Outcome>,
): ReplayedViolation[] {
  const source = relevantSource(state.tree, stage.machine);
  const violations = violationsOf(outcomes);
  const stacks = traceStacks(stage, scenario, violations);
  return placeViolations(stage, stacks, violations).map(({ violation, where, stack }) => {
    const { invariant, severity, event, related, addr, expected, seen } = violation;
    const trace = { machine: stage.machine, events };
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
      ...(addr === undefined || !isMapped(stage.machine, addr)
        ? {}
        : { drawing: drawPageTable(trace, { addr, before: Math.min(start, event), after: event }) }),
    };
  });
}
