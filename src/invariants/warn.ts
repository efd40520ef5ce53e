// SPDX-License-Identifier: GPL-2.0-only
import type { Invariant } from './invariant.ts';
import type { JudgedRun } from './judged-run.ts';

export const warn: Invariant = {
  id: 'warn',
  title: 'no WARN, no BUG',
  promise: 'No WARN or BUG fires for legal arguments.',
  source:
    'Documentation/process/deprecated.rst: WARN() and BUG() are for conditions that are expected never to be true.',
  why: 'Many systems run with panic_on_warn: a warning that a caller can trigger brings them down.',
  example: 'A sanity check is added with its condition the wrong way round.',
  limits:
    "What is legal is the scenario's word: calls that are meant to be refused may warn, and are not judged.",
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => ({
    return: () => {
      if (isLegal(run)) verdict.exercise();
    },
    warn: (event, n) => {
      if (!isLegal(run)) return;
      if (event.call === 'BUG') verdict.exercise();
      verdict.violate({
        key: event.condition,
        event: n,
        related: run.operation === undefined ? [] : [run.operation.n],
        expected: 'no warning',
        seen: `${event.call}: ${event.condition}`,
      });
    },
  }),
};

function isLegal({ operation, misused }: JudgedRun): boolean {
  return !misused && operation?.legal !== false;
}
