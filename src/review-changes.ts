// SPDX-License-Identifier: GPL-2.0-only

import { versionOption, type FindingContext } from './review-findings.ts';
import { replayCommand } from './report/replay-command.ts';
import type { BehaviourChange, PatchChanges } from './report/review-schema.ts';
import type { Plan } from './review-plan.ts';
import type { SourceState } from './review-states.ts';
import { scenarioWeight } from './run/reduce.ts';
import type { JobResult } from './run/job.ts';
import { printScenario } from './run/scenario-text.ts';
import type { Scenario } from './run/scenario.ts';
import {
  behaviourKinds,
  differingKinds,
  firstDifference,
  isVisible,
  type Behaviour,
  type BehaviourKind,
} from './trace/behaviour.ts';
import type { Machine } from './trace/machine.ts';

/** What was run, of which every patch is compared with what stands before it. */
export interface ComparedRuns {
  readonly states: readonly SourceState[];
  readonly machines: readonly Machine[];
  readonly plan: Plan;
  readonly results: readonly (JobResult | undefined)[];
}

/** A scenario that does something else after a patch. */
interface Example {
  readonly scenario: number;
  readonly before: Behaviour;
  readonly after: Behaviour;
}

/**
 * What each patch changes in what the kernel does, beside the promises: in how many scenarios, and in which respect, the
 * state behind the patch does otherwise than the one before it. Patches of one of which the neighbour was not run, or
 * not to its end, are left out.
 */
export function changesOfPatches(runs: ComparedRuns, context: FindingContext): PatchChanges[] {
  const { states, machines } = runs;
  return states.flatMap((state) => {
    const previous = stateBefore(states, state);
    if (previous === undefined) return [];
    return machines.flatMap((machine): PatchChanges[] => {
      const changes = changesOn(runs, previous, state, machine, context);
      return changes === undefined ? [] : [changes];
    });
  });
}

function stateBefore(
  states: readonly SourceState[],
  { version, label, patch }: SourceState,
): SourceState | undefined {
  if (version === 0) return undefined;
  if (patch === 1) return states[0];
  return states.find((other) => other.label === label && other.patch === patch - 1);
}

function changesOn(
  { plan, results }: ComparedRuns,
  previous: SourceState,
  state: SourceState,
  machine: Machine,
  context: FindingContext,
): PatchChanges | undefined {
  const before = plan.resultFor(results, previous, machine);
  const after = plan.resultFor(results, state, machine);
  if (before === undefined || after === undefined) return undefined;
  const { version, label, patch } = state;
  const of = { version, label, patch, machine: machine.name };
  const ran = comparable(before.behaviours, after.behaviours);
  const counts = { compared: ran.length, sameSource: before === after };
  const differing = before === after ? [] : ran.filter((each) => each.before !== each.after);
  if (differing.length === 0) return { ...of, ...counts, differing: 0, visible: 0, changes: [] };
  const scenarios = plan.scenariosOf(machine);
  const changes = byKind(differing, scenarios).map(({ kind, examples, visible }): BehaviourChange => {
    const smallest = lightest(visible.length > 0 ? visible : examples, scenarios);
    const { operations } = scenarios[smallest.scenario]!;
    const scenario = printScenario({ operations }, machine.pageShift);
    const { tree, sources, pick, fromTree } = context;
    const series = { sources, pick, version: versionOption({ version, label }), patch };
    const replay = replayCommand({ scenario, machine: machine.name, tree, fromTree, series });
    const { operation, ...difference } = firstDifference(smallest.before, smallest.after, kind)!;
    const atEnd = operation >= operations.length;
    const counted = { count: examples.length, visible: visible.length };
    return { kind, ...counted, ...difference, ...(atEnd && { atEnd }), scenario, replay };
  });
  const visible = differing.filter((each) => visibleKinds(each, scenarios[each.scenario]!).length > 0);
  return { ...of, ...counts, differing: differing.length, visible: visible.length, changes };
}

interface ChangedKind {
  readonly kind: BehaviourKind;
  readonly examples: readonly Example[];
  /** Those in which callers or the hardware can tell. */
  readonly visible: readonly Example[];
}

function byKind(differing: readonly Example[], scenarios: readonly Scenario[]): ChangedKind[] {
  const seen = differing.map((example) => ({
    example,
    kinds: kindsWorthTelling(example),
    visible: visibleKinds(example, scenarios[example.scenario]!),
  }));
  return behaviourKinds.flatMap((kind) => {
    const own = seen.filter(({ kinds }) => kinds.includes(kind));
    if (own.length === 0) return [];
    const visible = own.filter((each) => each.visible.includes(kind));
    return [
      { kind, examples: own.map(({ example }) => example), visible: visible.map(({ example }) => example) },
    ];
  });
}

function lightest(examples: readonly Example[], scenarios: readonly Scenario[]): Example {
  const weigh = ({ scenario }: Example): number => scenarioWeight(scenarios[scenario]!);
  return examples.reduce((best, each) => (weigh(each) < weigh(best) ? each : best));
}

/**
 * In what callers or the hardware can tell that something differs. A range that reaches from one area to another is another one
 * where areas lie elsewhere; and the second allocation to be refused is another one where there is one more before it.
 */
function visibleKinds({ before, after }: Example, { operations }: Scenario): readonly BehaviourKind[] {
  const kinds = differingKinds(before, after);
  const refuses = operations.some(({ fail }) => fail !== undefined);
  if (refuses && kinds.includes('allocation')) return [];
  return kinds.filter((kind) => isVisible(kind) && !(kind === 'flush' && kinds.includes('address')));
}

/** Scenarios that ran, as far as what they met is modelled, on both. */
function comparable(before: JobResult['behaviours'], after: JobResult['behaviours']): Example[] {
  return before.flatMap((was, scenario) => {
    const is = after[scenario];
    return was === null || is === null || is === undefined ? [] : [{ scenario, before: was, after: is }];
  });
}

/** Whatever else changes, the steps do so too: they are told where nothing else does. */
function kindsWorthTelling({ before, after }: Example): BehaviourKind[] {
  const kinds = differingKinds(before, after);
  return kinds.length === 1 ? kinds : kinds.filter((kind) => kind !== 'step');
}
