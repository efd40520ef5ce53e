// SPDX-License-Identifier: GPL-2.0-only

import { span, type Line } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { Known } from '../known.ts';
import type { Look, Page, Row } from '../page.ts';
import { claimNotes } from './claim-notes.ts';
import { commentRows } from './comment-rows.ts';

/** The cover letter of a version, its claims with what became of them, and what was said to it. */
export function letterPage(label: string, known: Known, look: Look): Page {
  const { width } = look;
  const { series } = known;
  const version = series?.versions.find((each) => each.label === label);
  const title =
    `${label} 0/${version?.total ?? '?'} ${terminalText(version?.cover?.subject ?? '')}`.trimEnd();
  const page = { title, head: [], mode: 'text', columns: 1, about: { label } } as const;
  const cover = version?.cover;
  if (cover === undefined) {
    return {
      ...page,
      rows: [{ line: [span(`${label} has no cover letter: ] opens its first patch`, 'dim')] }],
    };
  }
  const facts = [cover.author?.name, cover.date?.slice(0, 10), cover.messageId].filter(
    (fact) => fact !== undefined,
  );
  const head: Line = [span(terminalText(facts.join(', ')), 'dim')];
  const notes = claimNotes(label, 0, known, look);
  const comments = version?.comments.filter(({ patch }) => patch === undefined || patch === 0) ?? [];
  const rows: Row[] = [
    { line: head },
    ...(notes.summary.length === 0 ? [] : [{ line: notes.summary }]),
    { line: [] },
    ...notes.rows('message', cover.body),
    ...comments.flatMap((comment) => [{ line: [] }, ...commentRows(comment, width, 0, true)]),
  ];
  return { ...page, rows, asks: notes.asks };
}
