// SPDX-License-Identifier: GPL-2.0-only

import { textWidth, wrapped } from '../../../report/styled-text.ts';

/** Lines of a mail that belong together; indices of its lines, both inclusive. */
export interface Paragraph {
  readonly first: number;
  readonly last: number;
}

const BULLET = /^(?:[-*+]|\d{1,3}[.)]) +/;
/** What git and people put a line each. */
const OWN_LINE = /^(?:[A-Za-z][\w-]*-by|Cc|Fixes|Link|Closes|Message-I[Dd]|Change-Id): |^[>|]/;
/** Words that stand in columns, as in a table or a diffstat. */
const COLUMNS = /\t|\S {2,}\S|\|/;

/** Lines in the paragraphs that they make; a line for which `isApart` holds begins one. */
export function paragraphsOf(lines: readonly string[], isApart: (line: number) => boolean): Paragraph[] {
  const found: Paragraph[] = [];
  for (const [line, text] of lines.entries()) {
    const before = found.at(-1);
    const goesOn =
      before !== undefined && !isApart(line) && continues(lines[before.first]!, lines[line - 1]!, text);
    if (goesOn) found[found.length - 1] = { first: before.first, last: line };
    else found.push({ first: line, last: line });
  }
  return found;
}

function continues(first: string, before: string, line: string): boolean {
  const [start, previous, words] = [first.trim(), before.trim(), line.trim()];
  if (words === '' || previous === '') return false;
  if ([previous, words].some((text) => COLUMNS.test(text) || OWN_LINE.test(text))) return false;
  if (BULLET.test(words)) return false;
  return (
    indentOf(line) === indentOf(before) || (before === first && indentOf(line) === hangingOf(start, first))
  );
}

/** A paragraph as it is, or, where it is too wide, filled anew. What stands in columns is left as it is. */
export function refolded(lines: readonly string[], width: number): readonly string[] {
  if (lines.every((line) => textWidth(line) <= width) || COLUMNS.test(lines[0]!.trim())) return lines;
  const [first = ''] = lines;
  const words = lines.map((line) => line.trim()).join(' ');
  const bullet = BULLET.exec(words)?.[0] ?? '';
  const indent = ' '.repeat(indentOf(first));
  const below = ' '.repeat(hangingOf(words, first));
  const room = Math.max(8, width - below.length);
  return wrapped(words.slice(bullet.length), room).map((part, index) =>
    index === 0 ? indent + bullet + part : below + part,
  );
}

function indentOf(line: string): number {
  return textWidth(/^ */.exec(line)![0]);
}

/** Where the lines of an item of a list go on: below its words. */
function hangingOf(words: string, first: string): number {
  return indentOf(first) + (BULLET.exec(words)?.[0].length ?? 0);
}
