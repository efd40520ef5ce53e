// SPDX-License-Identifier: GPL-2.0-only

import type { Finding } from './report/review-schema.ts';
import type { SourceState } from './review-states.ts';
import { followLine } from './series/line-map.ts';

/**
 * Adds where the line of each finding is in the source that would be applied. The base's findings and those of the
 * latest version have such a line, others belong to a source that nobody will look at.
 */
export function placedAtTip(findings: readonly Finding[], states: readonly SourceState[]): Finding[] {
  const tip = states.at(-1)!;
  return findings.map((finding) => {
    if (finding.label !== tip.label && finding.version !== 0) return finding;
    const state = states.find(({ label, patch }) => label === finding.label && patch === finding.patch);
    const { file, line } = finding.where;
    const before = state?.tree.read(file);
    const after = tip.tree.read(file);
    const found = before === undefined || after === undefined ? undefined : followLine(before, after, line);
    return found === undefined ? finding : { ...finding, atTip: { file, line: found } };
  });
}
