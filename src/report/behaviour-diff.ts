// SPDX-License-Identifier: GPL-2.0-only

import type { Finding, MatrixCell, Review } from './review-schema.ts';

/** What two versions of a series do differently, from a review of both. */
export interface BehaviourDiff {
  /** Findings that only the newer version has, and that only the older one has. */
  readonly appeared: readonly Finding[];
  readonly gone: readonly Finding[];
  /** Findings of the newer version that the older one has too. */
  readonly kept: readonly Finding[];
  /** Verdicts and costs that differ after the last patches. */
  readonly cells: readonly { readonly before: MatrixCell; readonly after: MatrixCell }[];
}

/** Sets the two versions of a review side by side; `from` and `to` are their labels. */
export function behaviourDiff(review: Review, from: string, to: string): BehaviourDiff {
  const of = (label: string): Finding[] => review.findings.filter((finding) => finding.label === label);
  const has = (findings: readonly Finding[], { defect }: Finding): boolean =>
    findings.some((other) => other.defect === defect);
  const [before, after] = [of(from), of(to)];
  const older = lastCells(review, from);
  const cells = lastCells(review, to).flatMap((cell) => {
    const other = older.find(
      ({ invariant, machine }) => invariant === cell.invariant && machine === cell.machine,
    );
    const differs =
      other !== undefined && (other.verdict !== cell.verdict || other.violated !== cell.violated);
    return differs ? [{ before: other, after: cell }] : [];
  });
  return {
    appeared: after.filter((finding) => !has(before, finding)),
    gone: before.filter((finding) => !has(after, finding)),
    kept: after.filter((finding) => has(before, finding)),
    cells,
  };
}

/** The verdicts after a version's last patch. */
function lastCells({ matrix }: Review, label: string): MatrixCell[] {
  const own = matrix.filter((cell) => cell.label === label && cell.invariant !== 'bisect');
  const last = Math.max(...own.map(({ patch }) => patch));
  return own.filter(({ patch }) => patch === last);
}
