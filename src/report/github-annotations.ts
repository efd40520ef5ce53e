// SPDX-License-Identifier: GPL-2.0-only

import { placeAtTip } from './finding-place.ts';
import type { Finding, Review } from './review-schema.ts';
import { shownDefects, type ShownDefect } from './shown-defects.ts';
import { terminalLines } from './terminal-text.ts';
import { unknownsOf } from './unknowns.ts';

const COMMANDS: Readonly<Record<Finding['severity'], string>> = {
  bug: 'error',
  risk: 'warning',
  cost: 'notice',
};

/**
 * A review as workflow commands of GitHub Actions, one a line: findings at their lines in the source after the last
 * patch, and all that has no verdict as notices.
 */
export function reviewAsAnnotations(review: Review, { baseline }: { readonly baseline: boolean }): string[] {
  const { now, before, left, inherited } = shownDefects(review);
  const known = baseline && review.series !== null ? [...left, ...inherited] : [];
  return [
    ...[...now, ...known].map(({ finding }) => annotate(COMMANDS[finding.severity], finding)),
    ...before.map(describeEarlier),
    ...unknownsOf(review).map(({ kind, text }) => workflowCommand('notice', { title: kind }, text)),
  ];
}

function annotate(command: string, finding: Finding): string {
  const { invariant, breaks = [], version, label, patch, repairedBy, expected, seen, id } = finding;
  const place = placeAtTip(finding);
  const by = version === 0 ? 'in the tree before the series' : `broken by ${label} patch ${patch}`;
  const then = repairedBy === undefined ? '' : `, repaired by patch ${repairedBy}`;
  const lines = [
    ...(breaks.length === 0 ? [] : [`breaks ${breaks.join(', ')}`]),
    ...(place?.exact === false ? [`the line is that after patch ${patch}`] : []),
    `expected: ${expected}`,
    `seen: ${seen}`,
    `run again: ${finding.replay}`,
    id,
  ];
  const at = place === undefined ? {} : { file: place.file, line: String(place.line) };
  return workflowCommand(command, { ...at, title: `${invariant} ${by}${then}` }, lines.join('\n'));
}

function describeEarlier({ finding }: ShownDefect): string {
  const { label, patch, invariant, fixedIn, id } = finding;
  const gone = fixedIn === undefined ? '' : `, gone in ${fixedIn.label}`;
  return workflowCommand(
    'notice',
    { title: `${invariant} in an earlier version` },
    `${label} patch ${patch}${gone} (${id})`,
  );
}

function workflowCommand(
  command: string,
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${command} ${list.join(',')}::${escapeMessage(message)}`;
}

function escapeMessage(text: string): string {
  return terminalLines(text).replaceAll('%', '%25').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
