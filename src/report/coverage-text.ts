// SPDX-License-Identifier: GPL-2.0-only

import { groupedBy } from '../base/grouped.ts';
import type { Coverage, ExercisedPatch, Origin, Review } from './review-schema.ts';
import {
  counted,
  lineWidth,
  padded,
  paddedLeft,
  span,
  textWidth,
  wrapped,
  type Line,
} from './styled-text.ts';

const ORIGINS: readonly Origin[] = ['patched', 'widened', 'tree', 'model', 'ignored', 'not-modelled'];

const GAP = 2;

/** Most reasons that the text shows; all are in the JSON. */
const MOST_REASONS = 12;

/** How many functions came from where, at the end of each version. */
export function renderCoverage(review: Review, width: number): Line[] {
  const tips = tipsOf(review.coverage);
  if (tips.length === 0) return [];
  const rows = tips.map((coverage) => ({
    name:
      coverage.version === 0 ? 'base' : `${coverage.label}, ${counted(coverage.patch, 'patch', 'patches')}`,
    coverage,
  }));
  const shown = ORIGINS.filter((origin) => tips.some(({ counts }) => (counts[origin] ?? 0) > 0));
  const nameWidth = Math.max(...rows.map(({ name }) => textWidth(name))) + 2;
  const machineWidth = Math.max(...tips.map(({ machine }) => textWidth(machine))) + 2;
  const head: Line = [
    span(padded('Functions from', nameWidth + machineWidth + 2), 'heading'),
    ...shown.map((origin) => span(`${origin}  `, 'dim')),
  ];
  const lines = rows.map(({ name, coverage }): Line => [
    span(`  ${padded(name, nameWidth)}${padded(coverage.machine, machineWidth)}`),
    ...shown.map((origin) => {
      const count = coverage.counts[origin] ?? 0;
      const style = origin === 'not-modelled' && count > 0 ? 'unknown' : 'dim';
      return span(`${paddedLeft(String(count), origin.length)}  `, style);
    }),
  ]);
  if (Math.max(...[head, ...lines].map(lineWidth)) <= width + GAP) return [head, ...lines];
  return [
    [span('Functions from', 'heading')],
    ...rows.flatMap(({ name, coverage }) => {
      const counts = shown.map((origin) => `${coverage.counts[origin] ?? 0} ${origin}`).join(', ');
      return wrapped(`${name} on ${coverage.machine}: ${counts}`, width - GAP).map((text): Line => [
        span(`  ${text}`, 'dim'),
      ]);
    }),
  ];
}

/** The last state of each version, machines apart; states that agree are said once. */
function tipsOf(coverage: readonly Coverage[]): Coverage[] {
  return [...groupedBy(coverage, ({ label, machine }) => `${label} ${machine}`).values()].map((states) =>
    states.toSorted((a, b) => a.patch - b.patch).at(-1)!,
  );
}

/** What scenarios ran into that is not modelled, and what did not end in time. Neither is ever success. */
export function renderNotRun(review: Review, width: number): Line[] {
  const { notModelled, timedOut, diagnostics } = review;
  const lines: Line[] = [];
  if (notModelled.length > 0) {
    lines.push([
      span('Not modelled', 'heading'),
      span('  scenarios that ended there have no verdict', 'dim'),
    ]);
    for (const { reason, count, machines, states } of notModelled.slice(0, MOST_REASONS)) {
      const where = `${counted(count, 'scenario')} on ${machines.join(', ')} in ${shortList(states)}`;
      for (const [index, text] of wrapped(`${reason} (${where})`, width - 4).entries()) {
        lines.push([span(index === 0 ? '  ? ' : '    ', 'unknown'), span(text)]);
      }
    }
    const more = notModelled.length - MOST_REASONS;
    if (more > 0) lines.push([span(`    and ${counted(more, 'more reason')}: see --json`, 'dim')]);
  }
  const unread = diagnostics.filter(({ severity }) => severity === 'error');
  if (unread.length > 0) {
    lines.push([span('Not read or not built', 'heading')]);
    for (const { message } of unread.slice(0, MOST_REASONS)) {
      for (const [index, text] of wrapped(message, width - 4).entries()) {
        lines.push([span(index === 0 ? '  ? ' : '    ', 'unknown'), span(text)]);
      }
    }
  }
  if (timedOut.length > 0) {
    lines.push([span('Not completed', 'heading')]);
    for (const { label, patch, machine, reason } of timedOut) {
      const state = label === 'base' ? 'base' : `${label} patch ${patch}`;
      lines.push([span('  ? ', 'unknown'), span(`${state} on ${machine}: ${reason}`)]);
    }
  }
  return lines;
}

/** Most lines of a patch that the text shows; all are in the JSON. */
const MOST_LINES = 6;

/** Lines that patches of the latest version add or remove and no scenario executed. */
export function renderNotExercised(review: Review, width: number): Line[] {
  const latest = review.series?.versions.at(-1)?.label;
  const own = review.exercised.filter(({ label }) => label === latest);
  const added = own.filter(({ missed }) => missed.length > 0);
  const removed = own.flatMap(({ label, patch, gone }) =>
    gone === undefined ? [] : [{ label, patch, gone }],
  );
  const lines: Line[] = [];
  const heading = (what: string): void => {
    lines.push([span('Not exercised', 'heading'), span(`  ${what}`, 'dim')]);
  };
  if (added.length > 0) heading('added lines that no scenario has executed');
  for (const { label, patch, executed, missed } of added) {
    const of = counted(executed + missed.length, 'line');
    lines.push([span('  ? ', 'unknown'), span(`${label} patch ${patch}: ${missed.length} of ${of}`)]);
    lines.push(...someLines(missed, width));
  }
  if (removed.length > 0) heading('removed lines that no scenario executed before');
  for (const { label, patch, gone } of removed) {
    lines.push([span('  ? ', 'unknown'), span(`${label} patch ${patch}: ${counted(gone.length, 'line')}`)]);
    lines.push(...someLines(gone, width));
  }
  return lines;
}

function someLines(all: ExercisedPatch['missed'], width: number): Line[] {
  const lines = all.slice(0, MOST_LINES).flatMap(({ file, line, function: name, text }) => {
    const shown = wrapped(`${file}:${line} ${name}(): ${text}`, width - 6);
    return shown.map((each): Line => [span(`      ${each}`, 'dim')]);
  });
  const more = all.length - MOST_LINES;
  return more > 0 ? [...lines, [span(`      and ${counted(more, 'more line')}: see --json`, 'dim')]] : lines;
}

function shortList(items: readonly string[]): string {
  return items.length <= 4
    ? items.join(', ')
    : `${items.slice(0, 3).join(', ')} and ${items.length - 3} more states`;
}
