// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../base/u64.ts';
import type { Behaviour } from '../trace/behaviour.ts';
import type { Machine } from '../trace/machine.ts';
import type { JobResult, JobViolation, ReasonCount } from './job.ts';
import {
  violationsOf,
  type JudgedOutcome,
  type JudgedViolation,
  type PlacedViolation,
} from './judged-scenario.ts';
import { reduceScenario, scenarioWeight } from './reduce.ts';
import type { Scenario } from './scenario.ts';
import type { ScenarioRunner, Shown } from './scenario-runner.ts';
import { callsAtEnd } from './session.ts';
import { printScenario } from './scenario-text.ts';

/** Scenarios without end cost seconds; after so many the rest is left alone. */
const MOST_OUT_OF_FUEL = 8;
/** As many violations that look alike are traced to their place; if all had the same, so have the others. */
const ENOUGH = { bug: 8, risk: 4, cost: 4 } as const;

/** Violations in one place, as they come in. */
interface Group {
  readonly invariant: string;
  /** The first event that broke the promise, by scenario. */
  readonly events: Map<number, number>;
  count: number;
  weight: number;
  smallest: { readonly scenario: Scenario; readonly placed: PlacedViolation };
}

/** What a job's scenarios have shown so far on one of its machines. */
export class JobTally {
  readonly #runner: ScenarioRunner;
  readonly #machine: Machine;
  /** Place of the machine among the runner's. */
  readonly #which: number;
  readonly #tries: number;
  readonly #groups = new Map<string, Group>();
  readonly #usualPlaces = new Map<string, { readonly placed: PlacedViolation; times: number }>();
  readonly #outcomes = new Map<string, { exercised: number; violated: number }>();
  readonly #notModelled = new Map<string, number>();
  readonly #notReached = new Map<string, number>();
  readonly #unjudged: number[] = [];
  readonly #behaviours: (Behaviour | null)[] = [];
  #scenarios = 0;
  #outOfFuel = 0;
  #skipped = 0;

  constructor(runner: ScenarioRunner, machine: Machine, which: number, tries: number) {
    this.#runner = runner;
    this.#machine = machine;
    this.#which = which;
    this.#tries = tries;
  }

  /** Runs a scenario and counts what came of it. */
  take(scenario: Scenario): void {
    const index = this.#scenarios + this.#skipped;
    if (this.#outOfFuel >= MOST_OUT_OF_FUEL) {
      this.#skipped++;
      this.#unjudged.push(index);
      this.#behaviours.push(null);
      return;
    }
    this.#scenarios++;
    const shown = this.#runner.show(scenario, this.#which);
    this.#note(shown, index);
    const unplaced: JudgedViolation[] = [];
    for (const violation of violationsOf(shown.outcomes)) {
      const usual = this.#usualPlaces.get(likeness(scenario, violation));
      if (usual === undefined || usual.times < ENOUGH[violation.severity]) unplaced.push(violation);
      else this.#add(scenario, index, { ...usual.placed, violation });
    }
    if (unplaced.length === 0) return;
    for (const placed of shown.place(unplaced)) {
      this.#notePlace(likeness(scenario, placed.violation), placed);
      this.#add(scenario, index, placed);
    }
  }

  #notePlace(like: string, placed: PlacedViolation): void {
    const usual = this.#usualPlaces.get(like);
    if (usual === undefined) this.#usualPlaces.set(like, { placed, times: 1 });
    else if (groupKey(usual.placed) === groupKey(placed)) usual.times++;
    else usual.times = -Infinity;
  }

  #note({ run: { end, notReached, judgement }, outcomes }: Shown, index: number): void {
    for (const [id, outcome] of outcomes) this.#noteOutcome(id, outcome);
    const lacking = notReached.filter(({ treeLacks }) => treeLacks);
    for (const { reason } of lacking) increment(this.#notReached, reason);
    // What the tree has no function for was left out of the scenario: what it lacks is not what is right.
    if (end.kind !== 'completed' || lacking.length > 0) this.#unjudged.push(index);
    const isWhole = end.kind !== 'not-modelled' && lacking.length === 0;
    this.#behaviours.push(isWhole ? judgement.behaviour : null);
    if (end.kind === 'not-modelled') increment(this.#notModelled, end.reason);
    if (end.kind === 'out-of-fuel') this.#outOfFuel++;
  }

  #noteOutcome(id: string, { exercised, violations }: JudgedOutcome): void {
    const sum = this.#outcomes.get(id) ?? { exercised: 0, violated: 0 };
    sum.exercised += exercised;
    sum.violated += violations.length;
    this.#outcomes.set(id, sum);
  }

  #add(scenario: Scenario, index: number, placed: PlacedViolation): void {
    const { invariant } = placed.violation;
    const weight = scenarioWeight(scenario);
    const key = groupKey(placed);
    const group = this.#groups.get(key);
    if (group === undefined) {
      const smallest = { scenario, placed };
      const events = new Map([[index, placed.violation.event]]);
      this.#groups.set(key, { invariant, events, count: 1, weight, smallest });
      return;
    }
    group.count++;
    if (!group.events.has(index)) group.events.set(index, placed.violation.event);
    if (weight >= group.weight) return;
    group.weight = weight;
    group.smallest = { scenario, placed };
  }

  result(): Omit<JobResult, 'bindings' | 'untranslated' | 'diagnostics' | 'lines'> {
    return {
      scenariosRun: this.#scenarios,
      unjudged: this.#unjudged,
      behaviours: this.#behaviours,
      notModelled: byCount(this.#notModelled),
      notReached: byCount(this.#notReached),
      ...(this.#skipped > 0 && {
        timedOut: `${this.#outOfFuel} scenarios did not end, and ${this.#skipped} were left out after them`,
      }),
      outcomes: Object.fromEntries(this.#outcomes),
      violations: [...this.#groups].map(([key, group]) => this.#finish(key, group)),
    };
  }

  /** The group with its scenario made as small as the tries allow. */
  #finish(key: string, group: Group): JobViolation {
    let { placed } = group.smallest;
    const scenario = reduceScenario(group.smallest.scenario, this.#tries, this.#machine, (smaller) => {
      const found = this.#findAgain(smaller, key, group.invariant);
      if (found !== undefined) placed = found;
      return found !== undefined;
    });
    const { violation, where, stack } = placed;
    const { run } = this.#runner.show(scenario, this.#which);
    const { operation = -1 } = violation;
    const added = callsAtEnd(scenario)[operation - scenario.operations.length];
    return {
      invariant: violation.invariant,
      severity: violation.severity,
      where,
      stack,
      ran: this.#runner.functionsRun(run),
      count: group.count,
      scenarios: [...group.events.keys()],
      events: [...group.events.values()],
      scenario: printScenario(scenario, this.#machine.pageShift),
      ...(violation.operation !== undefined && { operation: violation.operation }),
      ...(added !== undefined && { atEnd: added.call }),
      event: violation.event,
      related: violation.related,
      expected: violation.expected,
      seen: violation.seen,
      ...(violation.addr !== undefined && { addr: hex(violation.addr) }),
    };
  }

  #findAgain(scenario: Scenario, key: string, invariant: string): PlacedViolation | undefined {
    const shown = this.#runner.show(scenario, this.#which);
    const violations = shown.outcomes.get(invariant)?.violations ?? [];
    if (violations.length === 0) return undefined;
    return shown.place(violations).find((placed) => groupKey(placed) === key);
  }
}

/** One finding for one defect: what breaks the same promise in the same place is the same. */
function groupKey({ violation, where }: PlacedViolation): string {
  return JSON.stringify([violation.invariant, where.file, where.function, where.line]);
}

/** Violations with the same likeness are probably one defect. */
function likeness(scenario: Scenario, { invariant, key, operation }: JudgedViolation): string {
  return `${invariant} ${key} ${scenario.operations[operation ?? 0]?.call}`;
}

function increment(counts: Map<string, number>, reason: string): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
}

function byCount(counts: ReadonlyMap<string, number>): readonly ReasonCount[] {
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}
