// SPDX-License-Identifier: GPL-2.0-only

import { renderCoverage, renderNotRun } from './coverage-text.ts';
import { renderFinding } from './finding-text.ts';
import { renderMatrix } from './matrix-text.ts';
import { countsAgainstSeries } from './matrix-summary.ts';
import type { Finding, Review } from './review-schema.ts';
import { counted, span, wrapped, type Line } from './styled-text.ts';

export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Findings that the tree before the series has too are shown in full. */
  readonly baseline: boolean;
}

/** A review for a terminal: the matrix on the first screen, then each finding, then what was not run. */
export function renderReview(review: Review, { width, baseline }: TextOptions): Line[] {
  const sections: Line[][] = [
    renderHead(review, width),
    renderMatrix(review, width),
    ...renderFindings(review, width, baseline),
    renderNotRun(review, width),
    renderCoverage(review, width),
    [renderConclusion(review)],
  ];
  return sections
    .filter((section) => section.length > 0)
    .flatMap((section, index) => (index === 0 ? section : [[], ...section]));
}

function renderHead(review: Review, width: number): Line[] {
  const { series, tree, machines, scenarios, seed } = review;
  const title = series?.title ?? `${tree.title}, as it is`;
  const lines: Line[] = wrapped(title, width).map((text) => [span(text, 'heading')]);
  const facts: string[] = [];
  if (series !== null) {
    const patches = series.versions.reduce((sum, version) => sum + version.patches.length, 0);
    const labels = series.versions.map(({ label }) => label).join(', ');
    facts.push(`${labels}: ${counted(patches, 'patch', 'patches')} on ${tree.title}`);
  }
  facts.push(machines.map(({ name }) => name).join(', '));
  facts.push(
    `${counted(scenarios.run, 'scenario')} run on ${counted(scenarios.jobs, 'different state')}, seed ${seed}` +
      (review.mode === 'from-tree' ? ', every function from the tree' : ''),
  );
  for (const fact of facts) for (const text of wrapped(fact, width)) lines.push([span(text, 'dim')]);
  return lines;
}

/** The latest version first: it is what would be applied. */
function renderFindings(review: Review, width: number, baseline: boolean): Line[][] {
  const latest = review.series?.versions.at(-1)?.label ?? 'base';
  const own = review.findings.filter((finding) => review.series === null || countsAgainstSeries(finding));
  const inherited = review.findings.filter((finding) => !own.includes(finding));
  const now = own.filter(({ label }) => label === latest);
  const before = own.filter(({ label }) => label !== latest).toReversed();
  const sections: Line[][] = [];
  const add = (title: string, findings: readonly Finding[]): void => {
    for (const [index, finding] of findings.entries()) {
      const text = renderFinding(finding, review, width);
      sections.push(index === 0 ? [[span(title, 'heading')], [], ...text] : text);
    }
  };
  add(review.series === null ? 'Findings' : `Findings in ${latest}`, now);
  add('Findings in earlier versions', before);
  if (baseline)
    add(
      'In the tree before the series',
      inherited.filter(({ version }) => version === 0),
    );
  else if (inherited.length > 0) {
    const count = new Set(inherited.map(({ defect }) => defect)).size;
    const text = `${counted(count, 'finding')} of the tree before the series not counted: --baseline shows them`;
    sections.push([[span(text, 'dim')]]);
  }
  return sections;
}

function renderConclusion(review: Review): Line {
  const own = review.findings.filter((finding) => review.series === null || countsAgainstSeries(finding));
  const latest = review.series?.versions.at(-1)?.label;
  const unknown = review.notModelled.length > 0 || review.timedOut.length > 0;
  const tail = unknown ? [span('; not everything could be run', 'unknown')] : [];
  if (own.length === 0) return [span('Nothing found', unknown ? 'warn' : 'good'), ...tail];
  if (latest === undefined) return [span(counted(own.length, 'finding'), 'bad'), ...tail];
  const now = own.filter(({ label }) => label === latest).length;
  return [
    span(counted(own.length, 'finding'), 'bad'),
    span(`, ${now === 0 ? 'none' : String(now)} of them in ${latest}`),
    ...tail,
  ];
}
