// SPDX-License-Identifier: GPL-2.0-only

import { commentFates } from '../../../report/comment-text.ts';
import { clipped, counted, span, wrapped } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { Row } from '../page.ts';
import type { ReviewComment } from '../posted.ts';

/** Most lines that one comment takes among the lines of a patch. */
const MOST_LINES = 12;

/** Wider than this, prose cannot be followed. */
const MOST_COLUMNS = 100;

/** What someone said, as far as it is about one place: who, the words, and what became of it. */
export function commentRows(
  comment: ReviewComment,
  width: number,
  indent: number,
  withQuote: boolean,
): Row[] {
  const { author, date, text, byAuthor, question, quote } = comment;
  const blank = ' '.repeat(indent);
  const room = Math.max(20, Math.min(width, MOST_COLUMNS) - indent - 2);
  const who = terminalText(author?.name === '' ? author.address : (author?.name ?? 'someone'));
  const how = byAuthor ? ', the author' : question ? ' asks' : '';
  const words = text
    .split('\n')
    .flatMap((line) => (line.trim() === '' ? [''] : wrapped(terminalText(line), room)));
  const shown = words.slice(0, MOST_LINES);
  const left = words.length - shown.length;
  return [
    {
      line: [
        span(`${blank}» `, 'warn'),
        span(who + how, 'strong'),
        span(date === undefined ? '' : `  ${date.slice(0, 10)}`, 'dim'),
      ],
      stop: true,
    },
    ...(withQuote && quote !== undefined
      ? [{ line: [span(`${blank}  > ${clipped(terminalText(quote), room - 2)}`, 'dim')] }]
      : []),
    ...shown.map((line): Row => ({ line: [span(`${blank}  ${line}`)] })),
    ...(left > 0 ? [{ line: [span(`${blank}  (${counted(left, 'more line')} of this reply)`, 'dim')] }] : []),
    ...commentFates(comment).flatMap(({ text: fate, open }) =>
      wrapped(fate, room).map((line): Row => ({ line: [span(`${blank}  ${line}`, open ? 'warn' : 'dim')] })),
    ),
  ];
}
