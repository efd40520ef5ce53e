// SPDX-License-Identifier: GPL-2.0-only

import type { Digest, DigestEntry } from './digest-schema.ts';
import { oneLine, periodText, titleOf, totalsText } from './digest-words.ts';
import { clipped, counted, padded, span, textWidth, wrapped, type Line, type Style } from './styled-text.ts';

/** Lines of the summary: with the prompt below it, a terminal of 24. */
const SCREEN = 23;

/** From so many columns on, titles and reasons stand side by side; so many are kept for reasons. */
const TWO_COLUMNS = 72;
const REASONS = 28;

/** One screen: what the digest is of, and a line for each series in the order of what needs attention. */
export function renderSummary(digest: Digest, width: number): Line[] {
  const { sources, series, mails } = digest;
  const heading = `${sources.map(oneLine).join(', ')}: ${periodText(digest)}`;
  const lines: Line[] = wrapped(heading, width).map((text) => [span(text, 'heading')]);
  const totals = `${counted(mails, 'mail')} read; ${totalsText(digest)}`;
  for (const text of wrapped(totals, width)) lines.push([span(text)]);
  if (series.length === 0) return [...lines, [], [span('Nothing new.')]];
  lines.push([]);
  const columns = summaryColumns(series.slice(0, SCREEN), width);
  for (const [index, entry] of series.entries()) {
    const listed = summaryLines(entry, index + 1, columns);
    const isLast = index === series.length - 1;
    if (lines.length + listed.length + (isLast ? 0 : 1) > SCREEN) {
      return [...lines, [span(`    ${clipped(restText(series.slice(index)), width - 4)}`, 'dim')]];
    }
    lines.push(...listed);
  }
  return lines;
}

interface SummaryColumns {
  /** Without the number. */
  readonly all: number;
  /** Of titles; undefined where there is no room for two columns. */
  readonly title: number | undefined;
}

function summaryColumns(entries: readonly DigestEntry[], width: number): SummaryColumns {
  const all = width - 4;
  if (width < TWO_COLUMNS) return { all, title: undefined };
  const widest = (texts: readonly string[]): number => Math.max(...texts.map(textWidth));
  const reasons = Math.min(REASONS, widest(entries.map(({ attention }) => attention.join(', '))));
  return { all, title: Math.min(widest(entries.map(titleOf)), all - 2 - reasons) };
}

/** A title and why it stands where it stands: beside each other, or below each other where that is too narrow. */
function summaryLines(entry: DigestEntry, number: number, { all, title }: SummaryColumns): Line[] {
  const start = `${number}`.padStart(2);
  const beside = title === undefined ? undefined : reasonsWithin(entry.attention, all - 2 - title);
  if (title !== undefined && beside !== undefined) {
    const name = padded(clippedTitle(entry, title), title);
    return [[span(`${start}  ${name}  `), span(beside, styleOf(entry))]];
  }
  const below = clipped(entry.attention.join(', '), all);
  const name: Line = [span(`${start}  ${clippedTitle(entry, all)}`)];
  return below === '' ? [name] : [name, [span(`    ${below}`, styleOf(entry))]];
}

/** The version is not what is cut away. */
function clippedTitle({ title, latest }: DigestEntry, width: number): string {
  const label = ` (${latest.label})`;
  return `${clipped(oneLine(title), width - textWidth(label))}${label}`;
}

/** As many reasons as there is room for, and how many there are beside; undefined where not one fits. */
function reasonsWithin(reasons: readonly string[], room: number): string | undefined {
  for (let kept = reasons.length; kept > 0; kept -= 1) {
    const more = reasons.length - kept;
    const text = `${reasons.slice(0, kept).join(', ')}${more > 0 ? `, +${more}` : ''}`;
    if (textWidth(text) <= room) return text;
  }
  return reasons.length === 0 ? '' : undefined;
}

/** Of entries that a summary has no room for: `and 95 more, which wait for author (20), reviewers (60), maintainer (15)`. */
export function restText(entries: readonly DigestEntry[]): string {
  const waiting = (whom: DigestEntry['state']['waits']['for']): number =>
    entries.filter(({ state }) => state.waits.for === whom).length;
  const groups = (['author', 'reviewers', 'maintainer'] as const)
    .map((whom) => ({ whom, count: waiting(whom) }))
    .filter(({ count }) => count > 0);
  const named = groups.map(({ count, whom }) => `${whom} (${count})`).join(', ');
  return `and ${entries.length} more, which wait for ${named}`;
}

/** How grave what stands first is. */
export function styleOf({ run, state }: DigestEntry): Extract<Style, 'bad' | 'warn' | 'dim'> {
  if ('findings' in run && run.findings.some(({ severity }) => severity === 'bug')) return 'bad';
  return state.questions.length > 0 ? 'warn' : 'dim';
}
