// SPDX-License-Identifier: GPL-2.0-only

import { hiddenStretches } from './review-hidden.ts';
import type { JobResult, JobViolation } from './run/job.ts';

/**
 * Finds out which patch brought what. Every state of a version runs the same scenarios, so each scenario has a row of
 * outcomes, from the tree before the series to the last patch. Where a row changes from kept to broken, that patch
 * brought it; rows that change at the same patch, in the same place of the same function, are one defect.
 */

/** What a job said of one state. */
export interface JudgedState {
  readonly patch: number;
  readonly result: JobResult;
  /** The text of every file that was run, by path. */
  readonly source: Readonly<Record<string, string>>;
  /** The text of a line of that state's source. */
  readonly lineOf: (file: string, line: number) => string | undefined;
}

/** What tells kinds of scenarios apart: the calls that one makes. */
export type CallsOf = (scenario: number) => string;

export interface Defect {
  readonly invariant: string;
  /** The patch that brought or left it; 0 where the base has it. */
  readonly patch: number;
  /** The patch that does away with it, if one of the same version does. */
  readonly repairedBy: number | undefined;
  /**
   * `brought`: the scenarios fail after the patch and not before; `left`: they fail on the base as well, and the patch
   * mended others of the same place or rewrote the way there; `inherited`: they fail everywhere.
   */
  readonly kind: 'brought' | 'left' | 'inherited';
  readonly scenarios: ReadonlySet<number>;
  /** The event that broke the promise right after the patch, by scenario; of those that show it then. */
  readonly events: ReadonlyMap<number, number>;
  /** As seen right after the patch. */
  readonly violation: JobViolation;
  /** Whether the scenario of `violation` surely shows this defect, and not another one of the same place. */
  readonly ownsScenario: boolean;
  /** The text of the line. */
  readonly code: string | undefined;
}

/** A defect on all machines that show it. */
export interface MergedDefect {
  readonly version: number;
  readonly label: string;
  readonly defect: Defect;
  readonly on: readonly { readonly machine: string; readonly defect: Defect }[];
}

/** Scenarios that fail over the same stretch of states, in the same place. */
export interface Stretch {
  /** Index of the first and of the last state that fails. */
  readonly from: number;
  readonly to: number;
  /** As seen at `from`. */
  readonly violation: JobViolation;
  readonly scenarios: Set<number>;
  /** The scenarios fail before it as well, in other places (review-hidden.ts). */
  readonly isHidden?: true;
}

/**
 * Every defect of one version on one machine. `states` begins with the tree before the series; the others follow in
 * order of patches.
 */
export function findDefects(states: readonly JudgedState[], callsOf: CallsOf): Defect[] {
  const invariants = new Set(
    states.flatMap(({ result }) => result.violations.map(({ invariant }) => invariant)),
  );
  return [...invariants].toSorted().flatMap((invariant) => defectsOf(invariant, states, callsOf));
}

/** Scenarios that fail, by invariant. */
export function failingBy({ violations }: JobResult): Map<string, Set<number>> {
  const failing = new Map<string, Set<number>>();
  for (const { invariant, scenarios } of violations) {
    const known = failing.get(invariant) ?? new Set();
    for (const scenario of scenarios) known.add(scenario);
    failing.set(invariant, known);
  }
  return failing;
}

function defectsOf(invariant: string, states: readonly JudgedState[], callsOf: CallsOf): Defect[] {
  const rows = states.map(({ result }) => failingScenarios(invariant, result));
  const all = [...stretchesOf(rows, states), ...hiddenStretches(invariant, states)];
  const stretches = mergedStretches(all, states);
  const last = states.length - 1;
  const mended = stretches.filter(({ from, to }) => from === 0 && to < last);
  const defects = stretches
    .filter(({ from, to }) => from > 0 || to === last)
    .flatMap((stretch): Defect[] => {
      if (stretch.from > 0) return [asDefect(invariant, stretch, { rows, states }, 'brought')];
      return inherited(invariant, stretch, { mended, rows, states, callsOf });
    });
  return defects.filter((defect) => !defects.some((other) => holds(other, defect)));
}

/** A cost that the base has is seen in so many of its scenarios for each where only a patch makes it visible. */
const FEW_AMONG = 10;

/**
 * What a patch has left in some place is one defect, though not every state gets to each of its scenarios; and so is a
 * cost that a later patch makes visible there in more of them (an address is aligned now, so that a larger leaf would
 * be possible). Where the base has the cost, a few more of its scenarios are no defect of the patch: areas came to lie
 * elsewhere.
 */
function holds(old: Defect, other: Defect): boolean {
  if (old === other || old.kind === 'brought') return false;
  const isSamePlace =
    old.violation.where.function === other.violation.where.function && old.code === other.code;
  if (!isSamePlace) return false;
  if (old.kind === 'left' && other.kind === 'left') return old.scenarios.size > other.scenarios.size;
  if (other.kind !== 'brought' || other.violation.severity !== 'cost') return false;
  if (old.kind === 'inherited') return old.scenarios.size >= FEW_AMONG * other.scenarios.size;
  return old.patch < other.patch;
}

function failingScenarios(invariant: string, result: JobResult): Map<number, JobViolation> {
  const failing = new Map<number, JobViolation>();
  for (const violation of result.violations) {
    if (violation.invariant !== invariant) continue;
    for (const scenario of violation.scenarios) if (!failing.has(scenario)) failing.set(scenario, violation);
  }
  return failing;
}

function stretchesOf(rows: readonly Map<number, JobViolation>[], states: readonly JudgedState[]): Stretch[] {
  const closed = new Map<string, Stretch>();
  const open = new Map<string, Stretch>();
  const scenarios = [...new Set(rows.flatMap((row) => [...row.keys()]))].toSorted((a, b) => a - b);
  for (const scenario of scenarios) {
    for (let at = 0; at < rows.length; at++) {
      const violation = rows[at]!.get(scenario);
      if (violation === undefined) continue;
      const from = at;
      const { seen, next } = runFrom(scenario, from, rows, states);
      const isOpen = next === rows.length && seen < next - 1;
      at = next - 1;
      // What the base has and the last patches do not get to is not known to be there still.
      if (isOpen && from === 0) continue;
      const into = isOpen ? open : closed;
      const key = `${from} ${isOpen ? '' : seen} ${placeKey(violation)}`;
      const known = into.get(key);
      if (known !== undefined) known.scenarios.add(scenario);
      else {
        const to = isOpen ? rows.length - 1 : seen;
        into.set(key, { from, to, violation, scenarios: new Set([scenario]) });
      }
    }
  }
  return [...closed.values(), ...withoutWitness([...closed.values()], [...open.values()])];
}

/** The states from `from` on that fail, or do not get to the scenario: the last that fails, and the first that holds. */
function runFrom(
  scenario: number,
  from: number,
  rows: readonly Map<number, JobViolation>[],
  states: readonly JudgedState[],
): { readonly seen: number; readonly next: number } {
  let seen = from;
  let next = from + 1;
  for (; next < rows.length; next++) {
    if (rows[next]!.has(scenario)) seen = next;
    else if (wasJudged(states[next]!, scenario)) break;
  }
  return { seen, next };
}

/**
 * Stretches whose end is not known, because the last states do not get to the scenario. Where others of the same place
 * tell how it ended, these join them; the rest counts as still broken.
 */
function withoutWitness(closed: readonly Stretch[], open: readonly Stretch[]): Stretch[] {
  return open.filter((stretch) => {
    const witness = closed.find(
      ({ from, violation }) => from === stretch.from && placeKey(violation) === placeKey(stretch.violation),
    );
    for (const scenario of stretch.scenarios) witness?.scenarios.add(scenario);
    return witness === undefined;
  });
}

function wasJudged({ result }: JudgedState, scenario: number): boolean {
  return !result.unjudged.includes(scenario);
}

function placeKey({ where }: JobViolation): string {
  return `${where.file}:${where.line} ${where.function}`;
}

/**
 * Scenarios differ in when they begin and cease to show a defect: a later patch brings more of them to a place that is
 * already broken, or takes some away while others still fail there. That is the same defect, unless the base has it.
 */
function mergedStretches(stretches: readonly Stretch[], states: readonly JudgedState[]): Stretch[] {
  const kept: Stretch[] = [];
  for (const stretch of stretches.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    const same = kept.find(
      (wider) =>
        wider.from > 0 &&
        wider.from <= stretch.from &&
        wider.to >= stretch.to &&
        samePlace(wider, stretch, states),
    );
    if (same === undefined) kept.push(stretch);
    else for (const scenario of stretch.scenarios) same.scenarios.add(scenario);
  }
  return kept;
}

function samePlace(a: Stretch, b: Stretch, states: readonly JudgedState[]): boolean {
  if (a.violation.where.function !== b.violation.where.function) return false;
  return codeOf(a, states) === codeOf(b, states);
}

function codeOf({ from, violation }: Stretch, states: readonly JudgedState[]): string | undefined {
  const { file, line } = violation.where;
  return states[from]!.lineOf(file, line)?.trim();
}

/** What a stretch is seen in the light of. */
interface Among {
  /** What the base has and a patch mends. */
  readonly mended: readonly Stretch[];
  readonly rows: readonly Map<number, JobViolation>[];
  readonly states: readonly JudgedState[];
  readonly callsOf: CallsOf;
}

/**
 * What the base has and the tip still has. It stands under a patch of the series where a reader looks for it there: the
 * patch mended a part of what fails in that place, or it rewrote the way there and kept the fault.
 */
function inherited(invariant: string, stretch: Stretch, { mended, rows, states, callsOf }: Among): Defect[] {
  const nearby = mended.filter((other) => placeKey(other.violation) === placeKey(stretch.violation));
  const byState = new Map<string, Stretch>();
  for (const scenario of stretch.scenarios) {
    const by = mendedAt(scenario, nearby, callsOf) ?? takenOverAt(scenario, stretch, rows, states);
    // The first state from there on that got to the scenario.
    const from = rows.findIndex((row, index) => index >= by && row.has(scenario));
    const violation = rows[from]!.get(scenario)!;
    const key = `${from} ${placeKey(violation)}`;
    const known = byState.get(key);
    if (known !== undefined) known.scenarios.add(scenario);
    else byState.set(key, { from, to: stretch.to, violation, scenarios: new Set([scenario]) });
  }
  return [...byState.values()].map((rest) =>
    asDefect(invariant, rest, { rows, states }, rest.from === 0 ? 'inherited' : 'left'),
  );
}

/** Index of the state after the patch that mended most of the scenarios that make the same calls; undefined for none. */
function mendedAt(scenario: number, nearby: readonly Stretch[], callsOf: CallsOf): number | undefined {
  const calls = callsOf(scenario);
  const alike = nearby.map(({ to, scenarios }) => ({
    at: to + 1,
    count: [...scenarios].filter((other) => callsOf(other) === calls).length,
  }));
  return alike.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count)[0]?.at;
}

/**
 * Index of the first state whose way to the fault leads through a function that the series has changed by then and that
 * was not on the way in the base; 0 where there is none. A function that only has another name now is no new one.
 */
function takenOverAt(
  scenario: number,
  { violation }: Stretch,
  rows: readonly Map<number, JobViolation>[],
  states: readonly JudgedState[],
): number {
  const before = functionsOnTheWay(violation);
  const at = rows.findIndex((row, index) => {
    const now = row.get(scenario);
    if (index === 0 || now === undefined) return false;
    const { bindings } = states[index]!.result;
    const names = functionsOnTheWay(now);
    const joined = bindings.filter(
      ({ name, origin }) => origin === 'patched' && names.has(name) && !before.has(name),
    );
    const bound = new Set(bindings.map(({ name }) => name));
    const vanished = [...before].filter((name) => !bound.has(name));
    return joined.length > vanished.length;
  });
  return Math.max(0, at);
}

function functionsOnTheWay({ stack, where }: JobViolation): ReadonlySet<string> {
  return new Set([where.function, ...stack.map((frame) => frame.function)]);
}

function eventsOf(
  violationOf: (scenario: number) => JobViolation | undefined,
  scenarios: ReadonlySet<number>,
): ReadonlyMap<number, number> {
  const events = new Map<number, number>();
  for (const scenario of scenarios) {
    const violation = violationOf(scenario);
    const at = violation?.scenarios.indexOf(scenario) ?? -1;
    if (at !== -1) events.set(scenario, violation!.events[at]!);
  }
  return events;
}

function asDefect(
  invariant: string,
  stretch: Stretch,
  { rows, states }: Pick<Among, 'rows' | 'states'>,
  kind: Defect['kind'],
): Defect {
  const { from, to, violation, scenarios, isHidden } = stretch;
  const failsElsewhere = kind === 'brought' ? rows[from - 1]! : undefined;
  return {
    invariant,
    patch: states[from]!.patch,
    repairedBy: states[to + 1]?.patch,
    kind,
    scenarios,
    events: eventsOf((scenario) => (isHidden ? violation : rows[from]!.get(scenario)), scenarios),
    violation,
    ownsScenario: violation.scenarios.every((scenario) =>
      failsElsewhere === undefined ? scenarios.has(scenario) : !failsElsewhere.has(scenario),
    ),
    code: codeOf(stretch, states),
  };
}
