// SPDX-License-Identifier: GPL-2.0-only

/** What the exit status of every verb means; scripts and hooks rely on these numbers. */
export const EXIT_STATUS = {
  /** The verb did all it was asked and has nothing to object to. */
  nothingFound: 0,
  /** At least one finding that counts against the series. */
  findings: 1,
  /** The command line or the input cannot be used; nothing was run. */
  badInput: 2,
  /** Something could not be run: not modelled, timed out, or a bug in rewalk itself. */
  incomplete: 3,
} as const;

export type ExitStatus = (typeof EXIT_STATUS)[keyof typeof EXIT_STATUS];

/** As help and the manual say it. */
export const EXIT_STATUS_MEANINGS: readonly (readonly [status: ExitStatus, meaning: string])[] = [
  [EXIT_STATUS.nothingFound, 'nothing found'],
  [EXIT_STATUS.findings, 'findings: see the matrix, and the command that runs each one again'],
  [EXIT_STATUS.badInput, 'the command line or the input cannot be used'],
  [EXIT_STATUS.incomplete, 'could not be completed: what was not modelled or timed out is listed'],
];
