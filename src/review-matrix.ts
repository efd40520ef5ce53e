// SPDX-License-Identifier: GPL-2.0-only

import type { Invariant } from './invariants/invariant.ts';
import type { MatrixCell, State } from './report/review-schema.ts';
import type { JobResult } from './run/job.ts';
import type { Machine } from './trace/machine.ts';

/**
 * What one job says of one promise. Only a promise that was put to the test holds.
 * @param failingInBase scenarios that break it before the series
 */
export function matrixCell(
  { version, label, patch }: State,
  machine: Machine,
  invariant: Invariant,
  result: JobResult,
  failingInBase: ReadonlySet<number> = new Set(),
): MatrixCell {
  const { exercised, violated } = result.outcomes[invariant.id] ?? { exercised: 0, violated: 0 };
  const cell = { version, label, patch, invariant: invariant.id, machine: machine.name, exercised, violated };
  if (violated > 0) return { ...cell, verdict: 'violated' };
  const unjudged = new Set(result.unjudged);
  if (failingInBase.size > 0 && [...failingInBase].every((scenario) => unjudged.has(scenario))) {
    const reason = 'what breaks it before the series could not be run';
    return { ...cell, verdict: 'not-modelled', reason };
  }
  if (exercised > 0) return { ...cell, verdict: 'holds' };
  if (!invariant.appliesTo(machine)) {
    return { ...cell, verdict: 'not-reached', reason: `${machine.name} cannot break it` };
  }
  if (result.timedOut !== undefined) return { ...cell, verdict: 'not-modelled', reason: result.timedOut };
  const [first] = result.notModelled;
  if (first !== undefined) return { ...cell, verdict: 'not-modelled', reason: first.reason };
  return { ...cell, verdict: 'not-reached', reason: 'no scenario put it to the test' };
}
