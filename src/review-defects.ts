// SPDX-License-Identifier: GPL-2.0-only

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
  /** The text of a line of that state's source. */
  readonly lineOf: (file: string, line: number) => string | undefined;
}

export interface Defect {
  readonly invariant: string;
  /** The patch that brought it; for `left`, the patch that mended a part; 0 where the base has it. */
  readonly patch: number;
  /** The patch that does away with it, if one of the same version does. */
  readonly repairedBy: number | undefined;
  /**
   * `brought`: the scenarios fail after the patch and not before; `left`: they fail on the base as well, and the patch
   * mended others of the same place; `inherited`: they fail everywhere.
   */
  readonly kind: 'brought' | 'left' | 'inherited';
  readonly scenarios: ReadonlySet<number>;
  /** As seen right after the patch. */
  readonly violation: JobViolation;
  /** The text of the line. */
  readonly code: string | undefined;
}

/** Scenarios that fail over the same stretch of states, in the same place. */
interface Stretch {
  /** Index of the first and of the last state that fails. */
  readonly from: number;
  readonly to: number;
  /** As seen at `from`. */
  readonly violation: JobViolation;
  readonly scenarios: Set<number>;
}

/**
 * Every defect of one version on one machine. `states` begins with the tree before the series; the others follow in
 * order of patches.
 */
export function findDefects(states: readonly JudgedState[]): Defect[] {
  const invariants = new Set(
    states.flatMap(({ result }) => result.violations.map(({ invariant }) => invariant)),
  );
  return [...invariants].toSorted().flatMap((invariant) => defectsOf(invariant, states));
}

/** Scenarios that fail on at least one of the states, by invariant. */
export function failingBy(states: readonly JudgedState[]): Map<string, Set<number>> {
  const failing = new Map<string, Set<number>>();
  for (const { result } of states) {
    for (const { invariant, scenarios } of result.violations) {
      const known = failing.get(invariant) ?? new Set();
      for (const scenario of scenarios) known.add(scenario);
      failing.set(invariant, known);
    }
  }
  return failing;
}

function defectsOf(invariant: string, states: readonly JudgedState[]): Defect[] {
  const rows = states.map(({ result }) => failingScenarios(invariant, result));
  const stretches = mergedStretches(stretchesOf(rows, states), states);
  const last = states.length - 1;
  const mended = stretches.filter(({ from, to }) => from === 0 && to < last);
  return stretches
    .filter(({ from, to }) => from > 0 || to === last)
    .flatMap((stretch): Defect[] => {
      if (stretch.from > 0) return [asDefect(invariant, stretch, states, 'brought')];
      return inherited(invariant, stretch, mended, rows, states);
    });
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
  const stretches = new Map<string, Stretch>();
  const scenarios = [...new Set(rows.flatMap((row) => [...row.keys()]))].toSorted((a, b) => a - b);
  for (const scenario of scenarios) {
    for (let at = 0; at < rows.length; at++) {
      const violation = rows[at]!.get(scenario);
      if (violation === undefined) continue;
      const from = at;
      // A state that did not get to the scenario says nothing: what was broken before it still is.
      while (at + 1 < rows.length && (rows[at + 1]!.has(scenario) || !wasJudged(states[at + 1]!, scenario)))
        at++;
      // What the base has and the last patch does not get to is not known to be there still.
      if (from === 0 && at === rows.length - 1 && !rows[at]!.has(scenario)) continue;
      const key = `${from} ${at} ${placeKey(violation)}`;
      const stretch = stretches.get(key);
      if (stretch === undefined) {
        stretches.set(key, { from, to: at, violation, scenarios: new Set([scenario]) });
      } else stretch.scenarios.add(scenario);
    }
  }
  return [...stretches.values()];
}

function wasJudged({ result }: JudgedState, scenario: number): boolean {
  return !result.unjudged.includes(scenario);
}

function placeKey({ where }: JobViolation): string {
  return `${where.file}:${where.line} ${where.function}`;
}

/**
 * A later patch often brings more scenarios to a place that is already broken: that is the same defect. It is not
 * when the earlier one was repaired in between, or when the base has it.
 */
function mergedStretches(stretches: readonly Stretch[], states: readonly JudgedState[]): Stretch[] {
  const kept: Stretch[] = [];
  for (const stretch of stretches.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    const same = kept.find(
      (earlier) =>
        earlier.from > 0 &&
        earlier.from < stretch.from &&
        stretch.from <= earlier.to &&
        stretch.to === earlier.to &&
        samePlace(earlier, stretch, states),
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

/**
 * What the base has and the tip still has. Where a patch mended a part of what fails in that place, the rest is named
 * under that patch, because that is where a reader looks for it.
 */
function inherited(
  invariant: string,
  stretch: Stretch,
  mended: readonly Stretch[],
  rows: readonly Map<number, JobViolation>[],
  states: readonly JudgedState[],
): Defect[] {
  const partial = mended
    .filter((other) => placeKey(other.violation) === placeKey(stretch.violation))
    .toSorted((a, b) => b.scenarios.size - a.scenarios.size)[0];
  if (partial === undefined) return [asDefect(invariant, stretch, states, 'inherited')];
  const byPlace = new Map<string, Stretch>();
  for (const scenario of stretch.scenarios) {
    // The first state after the patch that got to the scenario.
    const from = rows.findIndex((row, index) => index > partial.to && row.has(scenario));
    const violation = rows[from]!.get(scenario)!;
    const known = byPlace.get(placeKey(violation));
    if (known === undefined) {
      byPlace.set(placeKey(violation), { from, to: stretch.to, violation, scenarios: new Set([scenario]) });
    } else known.scenarios.add(scenario);
  }
  return [...byPlace.values()].map((rest) => ({
    ...asDefect(invariant, rest, states, 'left'),
    patch: states[partial.to + 1]!.patch,
  }));
}

function asDefect(
  invariant: string,
  stretch: Stretch,
  states: readonly JudgedState[],
  kind: Defect['kind'],
): Defect {
  const { from, to, violation, scenarios } = stretch;
  const repairedBy = states[to + 1]?.patch;
  return {
    invariant,
    patch: states[from]!.patch,
    repairedBy,
    kind,
    scenarios,
    violation,
    code: codeOf(stretch, states),
  };
}
