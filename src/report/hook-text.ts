// SPDX-License-Identifier: GPL-2.0-only

import { isIncomplete } from './completeness.ts';
import { renderCommand, storyOfPlace } from './finding-text.ts';
import { countsAgainstSeries } from './matrix-summary.ts';
import type { Finding, Review } from './review-schema.ts';
import { counted, span, wrapped, type Line, type Style } from './styled-text.ts';
import { unknownsOf } from './unknowns.ts';

/** What a hook stands before, and what it lets through. */
export interface HookTask {
  /** `push`, `mail`, `review`. */
  readonly act: string;
  /** The command that goes on in spite of the hook. */
  readonly regardless: string;
  /** The command that shows all. */
  readonly more: string;
  /** Findings of this severity and graver ones stop. */
  readonly threshold: Finding['severity'];
  /** What the tree before the series has too counts as well. */
  readonly baseline: boolean;
}

const GRAVITY: readonly Finding['severity'][] = ['bug', 'risk', 'cost'];
const STYLES: Readonly<Record<Finding['severity'], Style>> = { bug: 'bad', risk: 'warn', cost: 'warn' };

/** Findings shown with their case; of more, a line each; of still more, their number. */
const MOST_IN_FULL = 2;
const MOST_LINES = 6;

/** The findings that a hook looks at, the gravest first: those of the latest version that count against it. */
export function hookFindings({ series, findings }: Review, baseline: boolean): Finding[] {
  const latest = series?.versions.at(-1)?.label;
  return findings
    .filter((finding) => (finding.label === latest && countsAgainstSeries(finding)) || baseline)
    .toSorted((a, b) => GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity) || a.patch - b.patch);
}

export function isGraveEnough({ severity }: Finding, threshold: Finding['severity']): boolean {
  return GRAVITY.indexOf(severity) <= GRAVITY.indexOf(threshold);
}

/** What a hook prints, and whether it stops; nothing to print where there is nothing to say. */
export function renderHook(review: Review, task: HookTask, width: number): { stops: boolean; lines: Line[] } {
  const findings = hookFindings(review, task.baseline);
  const grave = findings.filter((finding) => isGraveEnough(finding, task.threshold));
  const stops = grave.length > 0;
  const lines: Line[] = [];
  if (stops)
    lines.push([
      span('rewalk: ', 'strong'),
      span(`${counted(grave.length, 'finding')}, this ${task.act} is stopped`, 'bad'),
    ]);
  else if (findings.length > 0)
    lines.push([span('rewalk: ', 'strong'), span(`nothing that stops this ${task.act}`)]);
  for (const [index, finding] of findings.slice(0, MOST_LINES).entries()) {
    lines.push(...headLines(finding, review, width));
    if (index < MOST_IN_FULL) lines.push(...caseLines(finding, width));
  }
  const more = findings.length - MOST_LINES;
  if (more > 0) lines.push([span(`  and ${counted(more, 'more finding')}`, 'dim')]);
  lines.push(...unknownLines(review, width));
  if (lines.length === 0) return { stops, lines };
  lines.push([span('see all:', 'dim')], ...renderCommand(task.more, width));
  if (stops) lines.push([span('go on regardless:', 'dim')], ...renderCommand(task.regardless, width));
  return { stops, lines };
}

function headLines(finding: Finding, review: Review, width: number): Line[] {
  const { severity, invariant, breaks = [], machines } = finding;
  const what = breaks.length === 0 ? invariant : breaks.join(', ');
  const on = machines.length === review.machines.length ? '' : ` (${machines.join(', ')})`;
  return [
    [span('  '), span(severity, STYLES[severity]), span(`  ${what}`, 'strong'), span(on, 'dim')],
    ...wrapped(storyOf(finding, review), width - 4).map((text): Line => [span(`    ${text}`)]),
  ];
}

/** Which patch did it, and whether the tip is broken or only what lies before it. */
function storyOf({ version, patch, subject, repairedBy }: Finding, { series }: Review): string {
  if (version === 0) return 'in the tree before the series';
  const total = series?.versions.at(-1)?.patches.length ?? 0;
  const commit = series?.versions.at(-1)?.patches.find((each) => each.patch === patch)?.commit;
  const name = `patch ${patch} of ${total}${commit === undefined ? '' : `, ${commit.slice(0, 12)}`}`;
  const by = `broken at ${name}${subject === undefined ? '' : ` (${subject})`}`;
  return repairedBy === undefined
    ? `${by} and at the tip`
    : `${by}, repaired at patch ${repairedBy}: the tip is whole, a bisection in between is not`;
}

function caseLines(finding: Finding, width: number): Line[] {
  const { expected, seen, scenario, machine, replay, where } = finding;
  const facts = [
    ['at', `${where.file}:${where.line} in ${where.function}()`],
    ...storyOfPlace(finding),
    ['expected', expected],
    ['seen', seen],
    ...(scenario === '' ? [] : [['case', `${scenario} on ${machine}`]]),
  ];
  return [
    ...facts.flatMap(([name = '', text = '']) =>
      wrapped(text, width - 14).map((part, index): Line => [
        span(`    ${(index === 0 ? name : '').padEnd(8)}  `, 'dim'),
        span(part),
      ]),
    ),
    ...renderCommand(replay, width),
  ];
}

/** A verdict that is missing is said, shortly: it is no success. */
function unknownLines(review: Review, width: number): Line[] {
  if (!isIncomplete(review)) return [];
  const unknowns = unknownsOf(review).filter(({ kind }) => kind !== 'not-reached');
  const [first] = unknowns;
  if (first === undefined) return [];
  const more = unknowns.length === 1 ? '' : `, and ${unknowns.length - 1} more`;
  const text = `rewalk: not everything could be run, and what was not has no verdict: ${first.text}${more}`;
  return wrapped(text, width).map((part): Line => [span(part, 'unknown')]);
}
