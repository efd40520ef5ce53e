// SPDX-License-Identifier: GPL-2.0-only

import type { ReviewComment } from '../series/series.ts';
import { clipped, counted, span, type Line } from './styled-text.ts';
import { terminalText } from './terminal-text.ts';

/** Most columns of a quote, and of a comment's first line. */
const WIDTH = 90;

/** What a reply says, part by part: what it quotes and where that stands, its first words, and what became of it. */
export function renderComments(comments: readonly ReviewComment[], indent: string): Line[] {
  return comments.flatMap((comment) => {
    const quote = comment.quote === undefined ? '' : ` ${clipped(terminalText(comment.quote), WIDTH)}`;
    const words = clipped(terminalText(comment.text.replace(/\s+/g, ' ')), WIDTH);
    const verb = comment.byAuthor ? 'author ' : comment.question ? 'asks   ' : 'says   ';
    return [
      [span(`${indent}${commentPlace(comment)}`), span(quote, 'dim')],
      [span(`${indent}  ${verb} ${words}`)],
      ...commentFates(comment).map((fate): Line => [
        span(`${indent}  ${fate.text}`, fate.open ? 'warn' : 'dim'),
      ]),
    ];
  });
}

/** `on mm/vmalloc.c:3512 vmap_batched():` or what is known of it. */
function commentPlace({ part, file, line, side, function: name, patch, quote }: ReviewComment): string {
  if (part === 'message') return patch === 0 ? 'on the cover letter:' : 'on the message:';
  if (part === undefined) return quote === undefined ? 'on all of it:' : 'on:';
  const at = line === undefined ? '' : `:${line}${side === 'old' ? ' (before)' : ''}`;
  const path = file === undefined ? '(a file that is not quoted)' : terminalText(file);
  return `on ${path}${at}${name === undefined ? '' : ` ${terminalText(name)}()`}:`;
}

/** What became of a comment; `open` for what still waits for its author. */
export function commentFates(comment: ReviewComment): { text: string; open: boolean }[] {
  if (comment.byAuthor) return [];
  const lines: { text: string; open: boolean }[] = [];
  const { question, answeredBy, changedInNext: next, creditedIn } = comment;
  if (question) {
    const by = terminalText(answeredBy?.author?.name ?? '');
    const text =
      answeredBy === undefined
        ? "no answer of the author's was read"
        : answeredBy.quotes
          ? `answered by ${by}`
          : `a later mail of ${by} does not quote it`;
    lines.push({ text, open: answeredBy === undefined });
  }
  if (next !== undefined && next.outcome !== 'cannot-be-told') {
    const kept = `${next.kept} of ${counted(next.lines, 'quoted line')} as before`;
    lines.push({ text: `${next.version}: ${next.outcome}, ${kept}`, open: false });
  }
  for (const { version, patch, line, text, by } of creditedIn ?? []) {
    const place = `${version} ${patch}, line ${line}, names the ${by.join(' and the ')}`;
    lines.push({ text: `${place}: ${clipped(terminalText(text), WIDTH)}`, open: false });
  }
  return lines;
}
