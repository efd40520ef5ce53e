// SPDX-License-Identifier: GPL-2.0-only

import { placeAtTip } from './finding-place.ts';
import { storyOfPlace } from './finding-text.ts';
import type { Finding, Review } from './review-schema.ts';
import { shownDefects, type ShownDefect } from './shown-defects.ts';
import { counted } from './styled-text.ts';
import { terminalLines, terminalText } from './terminal-text.ts';
import { unknownsOf } from './unknowns.ts';

type Level = 'error' | 'warning' | 'notice';

const COMMANDS: Readonly<Record<Finding['severity'], Level>> = {
  bug: 'error',
  risk: 'warning',
  cost: 'notice',
};

/** Most annotations of one level that GitHub shows of a step; it drops the others without a word. */
const MOST_SHOWN = 10;

/** An annotation before it is written. */
interface Annotation {
  readonly level: Level;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/**
 * A review as workflow commands of GitHub Actions, one a line: findings at their lines in the source after the last
 * patch, and all that has no verdict as notices. What GitHub would drop is told of in the last annotation of its level
 * and stands in the log, folded.
 */
export function reviewAsAnnotations(review: Review, { baseline }: { readonly baseline: boolean }): string[] {
  const { now, before, left, inherited } = shownDefects(review);
  const known = baseline && review.series !== null ? [...left, ...inherited] : [];
  const all: Annotation[] = [
    ...[...now, ...known].map(({ finding }) => annotate(finding)),
    ...before.map(describeEarlier),
    ...unknownsOf(review).map(({ kind, text }): Annotation => ({
      level: 'notice',
      properties: { title: kind },
      message: text,
    })),
  ];
  const levels = (['error', 'warning', 'notice'] as const).map((level) =>
    shownOf(all.filter((annotation) => annotation.level === level)),
  );
  const dropped = levels.flatMap((level) => level.dropped);
  return [...levels.flatMap(({ shown }) => shown).map(workflowCommand), ...folded(dropped)];
}

/** What is shown of the annotations of one level, of which the last says what is not. */
function shownOf(all: readonly Annotation[]): {
  readonly shown: readonly Annotation[];
  readonly dropped: readonly Annotation[];
} {
  if (all.length <= MOST_SHOWN) return { shown: all, dropped: [] };
  const shown = all.slice(0, MOST_SHOWN - 1);
  const dropped = all.slice(MOST_SHOWN - 1);
  const { level } = all[0]!;
  const title = counted(dropped.length, `more ${level}`);
  const message = `GitHub shows ${MOST_SHOWN} of a step; the others stand in its log`;
  return { shown: [...shown, { level, properties: { title }, message }], dropped };
}

/** For the log: no line of it is a command. */
function folded(annotations: readonly Annotation[]): string[] {
  if (annotations.length === 0) return [];
  const lines = annotations.map(({ level, properties: { file, line, title = '' }, message }) => {
    const place = file === undefined ? '' : `${file}:${line ?? '1'}: `;
    return terminalText(`  ${level}: ${place}${title}: ${message.replaceAll('\n', '; ')}`);
  });
  return [
    `::group::${counted(lines.length, 'annotation')} that GitHub does not show`,
    ...lines,
    '::endgroup::',
  ];
}

function annotate(finding: Finding): Annotation {
  const { invariant, breaks = [], version, label, patch, repairedBy, expected, seen, id } = finding;
  const place = placeAtTip(finding);
  const by = version === 0 ? 'in the tree before the series' : `broken by ${label} patch ${patch}`;
  const then = repairedBy === undefined ? '' : `, repaired by patch ${repairedBy}`;
  const lines = [
    ...(breaks.length === 0 ? [] : [`breaks ${breaks.join(', ')}`]),
    ...(place?.exact === false ? [`the line is that after patch ${patch}`] : []),
    ...storyOfPlace(finding).map(([about, text]) => `${about}: ${text}`),
    `expected: ${expected}`,
    `seen: ${seen}`,
    `run again: ${finding.replay}`,
    id,
  ];
  const at = place === undefined ? {} : { file: place.file, line: String(place.line) };
  const title = `${invariant} ${by}${then}`;
  return { level: COMMANDS[finding.severity], properties: { ...at, title }, message: lines.join('\n') };
}

function describeEarlier({ finding }: ShownDefect): Annotation {
  const { label, patch, invariant, fixedIn, id } = finding;
  const gone = fixedIn === undefined ? '' : `, gone in ${fixedIn.label}`;
  return {
    level: 'notice',
    properties: { title: `${invariant} in an earlier version` },
    message: `${label} patch ${patch}${gone} (${id})`,
  };
}

function workflowCommand({ level, properties, message }: Annotation): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${level} ${list.join(',')}::${escapeMessage(message)}`;
}

function escapeMessage(text: string): string {
  return terminalLines(text).replaceAll('%', '%25').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
