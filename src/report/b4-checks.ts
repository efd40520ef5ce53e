// SPDX-License-Identifier: GPL-2.0-only

import { hookFindings, isGraveEnough } from './hook-text.ts';
import type { Finding, Review } from './review-schema.ts';
import { counted } from './styled-text.ts';
import { terminalLines, terminalText } from './terminal-text.ts';
import { unknownsOf } from './unknowns.ts';

/** What b4 review shows in a cell of its matrix. */
export interface B4Check {
  readonly tool: string;
  readonly status: 'pass' | 'warn' | 'fail';
  /** One line. */
  readonly summary: string;
  /** Several lines. */
  readonly details?: string;
}

/** What of a review b4 asks for. */
export interface B4Question {
  /** Findings of this severity and graver ones fail; others warn. */
  readonly threshold: Finding['severity'];
  readonly baseline: boolean;
  /** Of the latest version; undefined for all its patches. */
  readonly patch: number | undefined;
}

/**
 * The lines for b4's prep-perpatch-check-cmd: `ERROR:` fails, every other line warns, none passes. What has no verdict
 * is a line, since silence would be a pass.
 */
export function prepLines(review: Review, question: B4Question): string[] {
  const findings = findingsFor(review, question).map((finding) => {
    const word = isGraveEnough(finding, question.threshold) ? 'ERROR' : 'WARNING';
    return `${word}: ${oneLine(finding)}; run again: ${finding.replay}`;
  });
  return [...findings, ...gapsOf(review, question).map((gap) => `WARNING: ${gap}`)].map(terminalText);
}

/** The answer to b4's review-perpatch-check-cmd and review-series-check-cmd. A missing verdict warns, and never passes. */
export function reviewCheck(review: Review, question: B4Question): B4Check {
  const findings = findingsFor(review, question);
  const gaps = gapsOf(review, question);
  const failing = findings.some((finding) => isGraveEnough(finding, question.threshold));
  const status = failing ? 'fail' : findings.length + gaps.length > 0 ? 'warn' : 'pass';
  const parts = [
    ...(findings.length === 0 ? [] : [counted(findings.length, 'finding')]),
    ...(gaps.length === 0 ? [] : ['not everything has a verdict']),
  ];
  const summary = parts.length === 0 ? 'all promises kept' : parts.join(', ');
  const details = [...findings.flatMap(detailLines), ...gaps].join('\n');
  return { tool: 'rewalk', status, summary, ...(details === '' ? {} : { details: terminalLines(details) }) };
}

function findingsFor(review: Review, { baseline, patch }: B4Question): Finding[] {
  return hookFindings(review, baseline).filter((finding) => patch === undefined || finding.patch === patch);
}

function oneLine({ severity, invariant, breaks = [], repairedBy, expected, seen }: Finding): string {
  const what = breaks.length === 0 ? invariant : `${invariant} of ${breaks.join(', ')}`;
  const then = repairedBy === undefined ? '' : `, repaired at patch ${repairedBy}`;
  return `${what} (${severity}) is broken here${then}: expected ${expected}, seen ${seen}`;
}

function detailLines(finding: Finding): string[] {
  const { patch, subject = '', where, code = '', scenario, machine, replay } = finding;
  return [
    `patch ${patch} ${subject}`,
    `  ${oneLine(finding)}`,
    `  ${where.file}:${where.line} in ${where.function}() ${code}`,
    ...(scenario === '' ? [] : [`  smallest case: ${scenario} on ${machine}`]),
    `  run again: ${replay}`,
  ];
}

/** What has no verdict: of one patch, or of the whole. */
function gapsOf(review: Review, { patch }: B4Question): string[] {
  const version = review.series?.versions.at(-1);
  if (patch === undefined || version === undefined)
    return grouped(unknownsOf(review).map(({ kind, text, invariant }) => ({ kind, text, invariant })));
  const state = `${version.label}/${patch}`;
  const met = review.notModelled
    .filter(({ states }) => states.includes(state))
    .map(({ reason }) => `not modelled: ${reason}`);
  const late = review.timedOut
    .filter((each) => each.label === version.label && each.patch === patch)
    .map(({ machine, reason }) => `given up on ${machine}: ${reason}`);
  const unread = unknownsOf(review)
    .filter(({ kind }) => kind === 'not-read')
    .map(({ text }) => text);
  const cells = review.matrix.filter((each) => each.label === version.label && each.patch === patch);
  const untested = review.invariants
    .map(({ id }) => id)
    .filter(
      (id) =>
        !cells.some(
          ({ invariant, verdict }) => invariant === id && (verdict === 'holds' || verdict === 'violated'),
        ),
    );
  return [...met, ...late, ...unread, ...notTested(untested)];
}

function grouped(
  unknowns: readonly { kind: string; text: string; invariant: string | undefined }[],
): string[] {
  const said = unknowns
    .filter(({ invariant }) => invariant === undefined)
    .map(({ kind, text }) => `${kind}: ${text}`);
  return [...said, ...notTested(unknowns.flatMap(({ invariant }) => invariant ?? []))];
}

/** Promises that nothing tested are told in one line. */
function notTested(invariants: readonly string[]): string[] {
  return invariants.length === 0 ? [] : [`no scenario put to the test: ${invariants.join(', ')}`];
}
