// SPDX-License-Identifier: GPL-2.0-only

import { textWidth, type Line, type Style } from '../../report/styled-text.ts';
import { terminalText } from '../../report/terminal-text.ts';

/** A piece of the screen. Nothing in its text makes a terminal do anything. */
export interface FrameSpan {
  readonly text: string;
  readonly style?: Style;
  /** Under the cursor. */
  readonly inverse?: true;
  /** What was looked for. */
  readonly match?: true;
}

const TAB = 8;
const GOES_ON = '…';
const PLAIN = /^[\u0020-\u007E]*$/;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The columns `from` up to `from + width` of a line: control characters shown, tabs expanded, no character cut in two. */
export function cutLine(line: Line, from: number, width: number): FrameSpan[] {
  const spans: FrameSpan[] = [];
  let column = 0;
  const until = from + width;
  for (const { text, style } of line) {
    const shown = expandTabs(terminalText(text), column);
    const { kept, end } = cutText(shown, column, from, until);
    column = end;
    if (kept !== '') spans.push(style === undefined ? { text: kept } : { text: kept, style });
    if (column > until) break;
  }
  return spans;
}

/** As `cutLine`; where the line goes on beyond its last column, that column says so. */
export function cutLineMarked(line: Line, from: number, width: number): FrameSpan[] {
  const cut = cutLine(line, from, width + 1);
  if (spansWidth(cut) <= width) return cut;
  return [...filled(cutLine(line, from, width - 1), width - 1), { text: GOES_ON, style: 'dim' }];
}

/** The part of a text between two columns, and where the text ends if it begins at `start`. */
function cutText(
  text: string,
  start: number,
  from: number,
  until: number,
): { readonly kept: string; readonly end: number } {
  if (PLAIN.test(text)) {
    const kept = text.slice(Math.max(0, from - start), Math.max(0, until - start));
    return { kept, end: start + text.length };
  }
  let kept = '';
  let column = start;
  for (const { segment } of graphemes.segment(text)) {
    const end = column + textWidth(segment);
    if (column >= from && end <= until) kept += segment;
    // Half of a wide character is a blank, so that what follows stays in its column.
    else if (end > from && column < until) kept += ' '.repeat(Math.min(end, until) - Math.max(column, from));
    column = end;
  }
  return { kept, end: column };
}

/** Blanks for tabs, in a text that begins at the column `start`. */
export function expandTabs(text: string, start: number): string {
  if (!text.includes('\t')) return text;
  let expanded = '';
  for (const part of text.split(/(\t)/)) {
    expanded += part === '\t' ? ' '.repeat(TAB - ((start + textWidth(expanded)) % TAB)) : part;
  }
  return expanded;
}

export function spansWidth(spans: readonly FrameSpan[]): number {
  return spans.reduce((sum, { text }) => sum + textWidth(text), 0);
}

/** The spans with blanks behind them up to `width` columns. */
export function filled(spans: readonly FrameSpan[], width: number): FrameSpan[] {
  const missing = width - spansWidth(spans);
  return missing > 0 ? [...spans, { text: ' '.repeat(missing) }] : [...spans];
}

/** The spans with every occurrence of what was looked for marked; one that goes across spans is not. */
export function withMatches(spans: readonly FrameSpan[], search: string): FrameSpan[] {
  if (search === '') return [...spans];
  const wanted = search.toLowerCase();
  return spans.flatMap((span) => {
    const parts: FrameSpan[] = [];
    let from = 0;
    const text = span.text.toLowerCase();
    // Where lower case has another length, places would not be the same.
    if (text.length !== span.text.length) return [span];
    for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, from)) {
      if (at > from) parts.push({ ...span, text: span.text.slice(from, at) });
      parts.push({ ...span, text: span.text.slice(at, at + wanted.length), match: true });
      from = at + wanted.length;
    }
    return from < span.text.length ? [...parts, { ...span, text: span.text.slice(from) }] : parts;
  });
}
