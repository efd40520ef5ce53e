// SPDX-License-Identifier: GPL-2.0-only

import { groupedBy } from './base/grouped.ts';
import type { Coverage, NotModelled, Origin, Review } from './report/review-schema.ts';
import { stateName, type SourceState } from './review-states.ts';
import type { JobResult } from './run/job.ts';
import type { Machine } from './trace/machine.ts';

/** What was said of one state on one machine. */
export interface Answer {
  readonly state: SourceState;
  readonly machine: Machine;
  readonly result: JobResult;
}

/** How many functions came from where; which ones, for the base and the last patch of each version. */
export function coverageOf(answers: readonly Answer[]): Coverage[] {
  return answers.map(({ state, machine, result }) => {
    const { version, label, patch } = state;
    const counts: Record<Origin, number> = {
      patched: 0,
      widened: 0,
      tree: 0,
      model: 0,
      ignored: 0,
      'not-modelled': 0,
    };
    for (const { origin } of result.bindings) counts[origin]++;
    const isTip = !answers.some((other) => other.state.label === label && other.state.patch > patch);
    const functions = result.bindings.map(({ name, origin, reason }) => ({
      name,
      origin,
      ...(reason === undefined ? {} : { reason }),
    }));
    const scenarios = result.scenariosRun;
    return { version, label, patch, machine: machine.name, counts, scenarios, ...(isTip && { functions }) };
  });
}

/** What scenarios ran into, most frequent first. */
export function notModelledOf(answers: readonly Answer[]): NotModelled[] {
  const met = answers.flatMap(({ state, machine, result }) =>
    result.notModelled.map(({ reason, count }) => ({
      reason,
      count,
      machine: machine.name,
      state: stateName(state),
    })),
  );
  return [...groupedBy(met, ({ reason }) => reason)]
    .map(([reason, each]) => ({
      reason,
      count: Math.max(...each.map(({ count }) => count)),
      machines: [...new Set(each.map(({ machine }) => machine))],
      states: [...new Set(each.map(({ state }) => state))],
    }))
    .toSorted((a, b) => b.count - a.count);
}

export function timedOutOf(answers: readonly Answer[]): Review['timedOut'] {
  return answers.flatMap(({ state: { version, label, patch }, machine, result }) =>
    result.timedOut === undefined
      ? []
      : [{ version, label, patch, machine: machine.name, reason: result.timedOut }],
  );
}
