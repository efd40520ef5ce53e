// SPDX-License-Identifier: GPL-2.0-only

import type { Finding, Review } from '../../report/review-schema.ts';
import { shownDefects, type ShownDefect } from '../../report/shown-defects.ts';

const GRAVITY: readonly Finding['severity'][] = ['bug', 'risk', 'cost'];

/** Bugs before risks, risks before costs; else as they come. */
export function gravestDefects(defects: readonly ShownDefect[]): ShownDefect[] {
  return defects.toSorted(
    ({ finding: a }, { finding: b }) => GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity),
  );
}

/** All findings in the order of reading: those in what would be applied come first. */
export function findingsInOrder(review: Review): Finding[] {
  const { now, before, left, inherited } = shownDefects(review);
  return [now, before, left, inherited].flatMap((defects) =>
    gravestDefects(defects).map(({ finding }) => finding),
  );
}

/** What a review says of one machine; of all, without a name. */
export function reviewOn(review: Review, machine: string | undefined): Review {
  if (machine === undefined) return review;
  return {
    ...review,
    matrix: review.matrix.filter((cell) => cell.machine === machine),
    findings: review.findings.filter(({ machines }) => machines.includes(machine)),
  };
}
