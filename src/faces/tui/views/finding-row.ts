// SPDX-License-Identifier: GPL-2.0-only

import type { Finding, Review } from '../../../report/review-schema.ts';
import type { ShownDefect } from '../../../report/shown-defects.ts';
import { padded, span, textWidth, type Span, type Style } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { About, Row } from '../page.ts';

const SEVERITY_STYLE: Readonly<Record<Finding['severity'], Style>> = {
  bug: 'bad',
  risk: 'warn',
  cost: 'warn',
};

/** What keys such as `p` and `c` need to know of a finding. */
export function aboutFinding({ id, label, patch, where, machine }: Finding): About {
  return { finding: id, label, patch, file: where.file, function: where.function, machine };
}

/** Findings in one line each: which patch, how grave, which promise, which line of C, and what became of it. */
export function findingRows(
  defects: readonly ShownDefect[],
  review: Review,
  width: number,
  withLabel: boolean,
): Row[] {
  const places = defects.map(({ finding }) => placeText(finding, review, withLabel));
  const placeWidth = Math.max(0, ...places.map(textWidth));
  const promises = defects.map(({ finding }) => promiseText(finding));
  const promiseWidth = Math.max(0, ...promises.map(textWidth));
  return defects.map((defect, index): Row => {
    const { finding } = defect;
    const spans: Span[] = [
      span(padded(places[index]!, placeWidth + 1)),
      span(padded(finding.severity, 5), SEVERITY_STYLE[finding.severity]),
      span(padded(promises[index]!, promiseWidth + 1), 'strong'),
      span(terminalText(`${finding.where.file}:${finding.where.line}`)),
    ];
    const more = [`${terminalText(finding.where.function)}()`, storyText(defect)].filter(
      (text) => text !== '',
    );
    let used = spans.reduce((sum, { text }) => sum + textWidth(text), 0);
    for (const [at, text] of more.entries()) {
      // What does not fit is left out whole: the rest of it stands in the explanation.
      if (used + 1 + textWidth(text) > width) break;
      spans.push(span(` ${text}`, at === 0 ? undefined : 'dim'));
      used += 1 + textWidth(text);
    }
    return {
      line: spans,
      opens: { kind: 'explanation', id: finding.id },
      about: aboutFinding(finding),
      key: `finding ${finding.id}`,
    };
  });
}

function placeText({ version, label, patch }: Finding, { series }: Review, withLabel: boolean): string {
  if (version === 0) return 'base';
  const total = series?.versions.find((each) => each.label === label)?.total;
  const place = `${patch}/${total ?? '?'}`;
  return withLabel ? `${label} ${place}` : place;
}

function promiseText({ invariant, breaks = [] }: Finding): string {
  return breaks.length === 0 ? invariant : `${invariant} of ${breaks.join(', ')}`;
}

function storyText({ finding, elsewhere }: ShownDefect): string {
  const { repairedBy, fixedIn } = finding;
  const story: string[] = [];
  if (repairedBy !== undefined) story.push(`repaired by patch ${repairedBy}`);
  if (elsewhere.length > 0) story.push(`since ${elsewhere[0]!.label}`);
  if (fixedIn !== undefined) story.push(`gone in ${fixedIn.label}`);
  return story.join(', ');
}
