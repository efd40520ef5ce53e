// SPDX-License-Identifier: GPL-2.0-only

import { renderChanges } from './changes-text.ts';
import { renderCoverage, renderNotExercised, renderNotRun } from './coverage-text.ts';
import { changesNothingRun, renderLeftOut } from './left-out-text.ts';
import { renderConsequence, renderDefect } from './finding-text.ts';
import { renderMatrix } from './matrix-text.ts';
import type { Review } from './review-schema.ts';
import { isIncomplete } from './completeness.ts';
import { shownDefects, withConsequences, type ShownDefect } from './shown-defects.ts';
import { counted, lineWidth, span, wrapped, type Line } from './styled-text.ts';

export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Findings that the tree before the series has too are shown in full. */
  readonly baseline: boolean;
  /** Of what a patch changes, the smallest example each. */
  readonly verbose?: boolean;
}

/** A review for a terminal: the matrix on the first screen, then each finding, then what was not run. */
export function renderReview(review: Review, { width, baseline, verbose = false }: TextOptions): Line[] {
  const sections: Line[][] = [
    renderHead(review, width),
    renderMatrix(review, width),
    ...renderDefects(review, width, baseline),
    renderChanges(review, width, verbose),
    renderNotRun(review, width),
    renderLeftOut(review, width),
    renderNotExercised(review, width),
    renderCoverage(review, width),
    renderConclusion(review, width),
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
    `${counted(scenarios.run, 'scenario')} judged on ${counted(scenarios.jobs, 'different state')}, seed ${seed}` +
      (review.mode === 'from-tree' ? ', every function from the tree' : ''),
  );
  for (const fact of facts) for (const text of wrapped(fact, width)) lines.push([span(text, 'dim')]);
  return lines;
}

/** The latest version first: it is what would be applied. */
function renderDefects(review: Review, width: number, baseline: boolean): Line[][] {
  const { now, before, left, inherited } = shownDefects(review);
  const latest = review.series?.versions.at(-1)?.label;
  const sections: Line[][] = [];
  const add = (title: string, defects: readonly ShownDefect[]): void => {
    for (const [index, { defect, consequences }] of withConsequences(defects).entries()) {
      const text = [
        ...renderDefect(defect, review, width),
        ...consequences.flatMap((finding) => renderConsequence(finding, width)),
      ];
      sections.push(index === 0 ? [[span(title, 'heading')], [], ...text] : text);
    }
  };
  add(latest === undefined ? 'Findings' : `Findings in ${latest}`, now);
  add('Findings in earlier versions only', before);
  add(`Left as in the base by ${latest ?? ''}, and not counted`, left);
  if (baseline) add('In the tree before the series', inherited);
  else if (inherited.length > 0) {
    const text = `${counted(inherited.length, 'finding')} of the tree before the series not counted: --baseline shows them`;
    sections.push([[span(text, 'dim')]]);
  }
  return sections;
}

function nothingFound(review: Review, unknown: boolean): Line {
  const latest = review.series?.versions.at(-1)?.label;
  const unexecuted = notExecuted(review);
  const style = unknown || unexecuted !== undefined ? 'warn' : 'good';
  if (latest !== undefined && changesNothingRun(review)) {
    return [span(`Nothing found: ${latest} changes nothing that is run`, 'warn')];
  }
  return [span(unexecuted === undefined ? 'Nothing found' : `Nothing found; ${unexecuted}`, style)];
}

/** What a reader must know who would take silence for success: lines of the latest version that nothing has run. */
function notExecuted(review: Review): string | undefined {
  const latest = review.series?.versions.at(-1)?.label;
  const own = review.exercised.filter(({ label }) => label === latest);
  const executed = own.reduce((sum, each) => sum + each.executed, 0);
  const missed = own.reduce((sum, each) => sum + each.missed.length, 0);
  const gone = own.reduce((sum, each) => sum + (each.gone?.length ?? 0), 0);
  if (latest === undefined) return undefined;
  if (missed === 0)
    return gone === 0
      ? undefined
      : `${counted(gone, 'line')} that ${latest} removes ${gone === 1 ? 'was' : 'were'} not executed before`;
  if (executed === 0) return `no line that ${latest} adds was executed`;
  const of = counted(executed + missed, 'line');
  return `${missed} of ${of} that ${latest} adds ${missed === 1 ? 'was' : 'were'} not executed`;
}

function renderConclusion(review: Review, width: number): Line[] {
  const { now, before } = shownDefects(review);
  const latest = review.series?.versions.at(-1)?.label;
  const count = now.length + before.length;
  const roots = withConsequences(now).length;
  const following = now.length - roots;
  const unknown = isIncomplete(review);
  if (count === 0) return joined([nothingFound(review, unknown), ...limits(undefined, unknown)], width);
  const found: Line =
    latest === undefined
      ? [span(counted(count, 'finding'), 'bad')]
      : [
          span(`${counted(roots, 'finding')} in ${latest}`, now.length === 0 ? 'good' : 'bad'),
          span(
            following === 0
              ? ''
              : `, with ${following} that ${following === 1 ? 'follows' : 'follow'} from another`,
          ),
          span(before.length === 0 ? '' : `, ${before.length} more in earlier versions only`),
        ];
  return joined([found, ...limits(notExecuted(review), unknown)], width);
}

/** What the findings do not tell. */
function limits(unexecuted: string | undefined, unknown: boolean): Line[] {
  return [
    ...(unexecuted === undefined ? [] : [[span(unexecuted, 'warn')]]),
    ...(unknown ? [[span('not everything could be run', 'unknown')]] : []),
  ] satisfies Line[];
}

/** Parts of a sentence on as few lines as they need. */
function joined(parts: readonly Line[], width: number): Line[] {
  const lines: Line[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last === undefined || lineWidth(last) + 2 + lineWidth(part) > width) lines.push(part);
    else lines[lines.length - 1] = [...last, span('; '), ...part];
  }
  return lines;
}
