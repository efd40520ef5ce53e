// SPDX-License-Identifier: GPL-2.0-only

import type { Defect } from './review-defects.ts';
import type { VersionDefects } from './review-findings.ts';
import type { Plan } from './review-plan.ts';
import type { SourceState } from './review-states.ts';
import type { JobRequest, JobResult } from './run/job.ts';
import { scenarioWeight } from './run/reduce.ts';
import type { Scenario } from './run/scenario.ts';
import { printScenario } from './run/scenario-text.ts';
import type { Machine } from './trace/machine.ts';

/**
 * A job names one scenario for all that break a promise in one place. Where several defects meet in a place, that one
 * may show another defect than the one it is quoted for: a finding of patch 5 whose scenario fails without patch 5
 * convinces nobody. Such a defect gets a scenario of its own, as it was drawn, run once more.
 */
export interface Witness {
  readonly defect: Defect;
  readonly request: JobRequest;
}

/** Every defect whose scenario may be another one's, and the job that runs one of its own. */
export function missingWitnesses(
  versions: readonly VersionDefects[],
  states: readonly SourceState[],
  machines: readonly Machine[],
  plan: Plan,
): Witness[] {
  return versions.flatMap(({ label, machine: name, defects }) => {
    const machine = machines.find((each) => each.name === name)!;
    return defects.flatMap((defect): Witness[] => {
      if (defect.kind === 'inherited' || defect.ownsScenario) return [];
      const state = states.find((each) => each.label === label && each.patch === defect.patch)!;
      const scenario = lightest(defect, plan.scenariosOf(machine));
      const only = [printScenario(scenario, machine.pageShift)];
      return [{ defect, request: { ...plan.requestFor(state, machine), only, reduceTries: 0 } }];
    });
  });
}

/** The defects with what their own scenarios have shown. */
export function withWitnesses(
  versions: readonly VersionDefects[],
  witnesses: readonly Witness[],
  results: readonly (JobResult | undefined)[],
): VersionDefects[] {
  const shown = new Map(witnesses.map(({ defect }, index) => [defect, results[index]]));
  return versions.map((version) => ({
    ...version,
    defects: version.defects.map((defect) => {
      const result = shown.get(defect);
      return result === undefined ? defect : witnessed(defect, result);
    }),
  }));
}

function lightest({ scenarios, violation }: Defect, all: readonly Scenario[]): Scenario {
  const inPlace = [...scenarios].filter((scenario) => violation.scenarios.includes(scenario));
  const own = (inPlace.length > 0 ? inPlace : [...scenarios]).map((index) => all[index]!);
  return own.reduce((best, each) => (scenarioWeight(each) < scenarioWeight(best) ? each : best));
}

/** The scenario and what it shows; the place stays, unless the scenario shows the defect elsewhere only. */
function witnessed(defect: Defect, { violations }: JobResult): Defect {
  const { invariant, violation: before } = defect;
  const found = violations.filter((each) => each.invariant === invariant);
  const violation =
    found.find(({ where }) => where.function === before.where.function && where.line === before.where.line) ??
    found[0];
  if (violation === undefined) return defect;
  const { where, count, scenarios, events } = before;
  return { ...defect, violation: { ...violation, where, count, scenarios, events } };
}
