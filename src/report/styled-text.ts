// SPDX-License-Identifier: GPL-2.0-only

import stringWidth from 'string-width';

/** What a piece of text is, for a face that has colours. Everything must read as well without them. */
export type Style =
  'heading' | 'strong' | 'dim' | 'good' | 'bad' | 'warn' | 'unknown' | 'command' | 'added' | 'removed';

export interface Span {
  readonly text: string;
  readonly style?: Style;
}

/** One line for a terminal, without its newline. */
export type Line = readonly Span[];

export function span(text: string, style?: Style): Span {
  return style === undefined ? { text } : { text, style };
}

/** The text of a line, without what a face adds to it. */
export function plainText(line: Line): string {
  return line.map(({ text }) => text).join('');
}

/** Columns that a text takes in a terminal. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

/** Columns that a line takes in a terminal. */
export function lineWidth(line: Line): number {
  return line.reduce((width, { text }) => width + textWidth(text), 0);
}

/** `text` with spaces behind it up to `width` columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** `text` with spaces before it up to `width` columns. */
export function paddedLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}

/** `text` cut to `width` columns, with an ellipsis where something is missing. */
export function clipped(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) {
    if (textWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** `text` broken at spaces into lines of at most `width` columns; a word longer than that keeps a line to itself. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** `1 patch`, `2 patches`: the plural is given where it is not just an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
