// SPDX-License-Identifier: GPL-2.0-only

import type { Finding, MatrixCell } from './report/review-schema.ts';
import type { Answer } from './review-coverage.ts';

/**
 * The row of `bisect`: a patch breaks it where it breaks a promise that a later patch of the version repairs. What
 * stays broken up to the end is not its business.
 */
export function bisectCells(answers: readonly Answer[], findings: readonly Finding[]): MatrixCell[] {
  const midway = findings.filter(({ invariant }) => invariant === 'bisect');
  return answers
    .filter(({ state }) => state.version > 0)
    .map(({ state: { version, label, patch }, machine, result }): MatrixCell => {
      const violated = midway.filter(
        (finding) =>
          finding.label === label && finding.patch === patch && finding.machines.includes(machine.name),
      ).length;
      const cell = { version, label, patch, invariant: 'bisect', machine: machine.name };
      const counts = { exercised: result.scenariosRun, violated };
      if (violated > 0) return { ...cell, ...counts, verdict: 'violated' };
      if (result.scenariosRun > 0) return { ...cell, ...counts, verdict: 'holds' };
      return { ...cell, ...counts, verdict: 'not-reached', reason: 'nothing could be run' };
    });
}
