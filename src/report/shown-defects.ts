// SPDX-License-Identifier: GPL-2.0-only

import { groupedBy } from '../base/grouped.ts';
import { countsAgainstSeries } from './matrix-summary.ts';
import type { Finding, Review } from './review-schema.ts';

/** A defect as a reader meets it: once, in the newest version that has it. */
export interface ShownDefect {
  readonly finding: Finding;
  /** The same in older versions, oldest first. */
  readonly elsewhere: readonly Finding[];
}

/** What a review has found, in the order of reading. */
export interface ShownDefects {
  /** In the latest version, which is what would be applied; of a tree by itself, all. */
  readonly now: readonly ShownDefect[];
  /** In earlier versions only, newest first. */
  readonly before: readonly ShownDefect[];
  /** In the latest version as in the tree before the series, where a patch had to do with it. */
  readonly left: readonly ShownDefect[];
  /** In the tree before the series. */
  readonly inherited: readonly ShownDefect[];
}

/** A defect, and those of the same list that follow from it. */
export interface DefectWithConsequences {
  readonly defect: ShownDefect;
  readonly consequences: readonly Finding[];
}

/** A list with the defects that follow from another one of it below that one. */
export function withConsequences(defects: readonly ShownDefect[]): DefectWithConsequences[] {
  const ids = new Set(defects.map(({ finding }) => finding.id));
  const followsOne = ({ finding: { follows } }: ShownDefect): boolean =>
    follows !== undefined && ids.has(follows);
  return defects
    .filter((defect) => !followsOne(defect))
    .map((defect) => ({
      defect,
      consequences: defects.flatMap(({ finding }) =>
        finding.follows === defect.finding.id ? [finding] : [],
      ),
    }));
}

const GRAVITY: readonly Finding['severity'][] = ['bug', 'risk', 'cost'];

export function shownDefects(review: Review): ShownDefects {
  const { series, findings } = review;
  const latest = series?.versions.at(-1)?.label ?? 'base';
  const own = findings.filter((finding) => series === null || countsAgainstSeries(finding));
  const defects = [...groupedBy(own, ({ defect }) => defect).values()].map((group): ShownDefect => {
    const ordered = group.toSorted((a, b) => a.version - b.version);
    return { finding: ordered.at(-1)!, elsewhere: ordered.slice(0, -1) };
  });
  const inOrder = defects.toSorted(
    ({ finding: a }, { finding: b }) =>
      b.version - a.version || a.patch - b.patch || GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity),
  );
  return {
    now: inOrder.filter(({ finding }) => finding.label === latest),
    before: inOrder.filter(({ finding }) => finding.label !== latest),
    left: findings
      .filter((finding) => !own.includes(finding) && finding.version !== 0 && finding.label === latest)
      .map((finding) => ({ finding, elsewhere: [] })),
    inherited: findings
      .filter((finding) => !own.includes(finding) && finding.version === 0)
      .map((finding) => ({ finding, elsewhere: [] })),
  };
}
