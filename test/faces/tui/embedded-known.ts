// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { News } from '../../../src/faces/tui/messages.ts';
import { Session, type Terminal } from '../../../src/faces/tui/session.ts';
import type { Size } from '../../../src/faces/tui/layout.ts';
import type { Question } from '../../../src/faces/tui/messages.ts';
import { readSeries } from '../../../src/read-series.ts';
import { Review } from '../../../src/report/review-schema.ts';

const root = join(import.meta.dirname, '../../..');
const read = await readSeries([join(root, 'patches/contiguous-vmap')], undefined);

/** The embedded series in all its versions, as the terminal gets it. */
export const embeddedSeries = read.value.series[0]!;

/** What was found in its last version, on one machine. */
export const embeddedReview = Review.parse(
  JSON.parse(readFileSync(join(root, 'test/review/golden/v4-arm64-4k.json'), 'utf8')),
);

export const everythingRun: readonly News[] = [
  { news: 'series', series: embeddedSeries },
  { news: 'end', review: embeddedReview, diagnostics: [] },
];

/** A session that has learnt the news, and what it has asked for and done since. */
export function sessionOf(
  news: readonly News[],
  size: Size = { columns: 80, rows: 24 },
): { readonly session: Session; readonly asked: Question[]; readonly done: string[] } {
  const asked: Question[] = [];
  const done: string[] = [];
  const terminal: Terminal = {
    leave: () => done.push('leave'),
    redraw: () => done.push('redraw'),
    suspend: () => done.push('suspend'),
    copy: (text) => done.push(`copy ${text}`),
  };
  const session = new Session(
    ['patches/contiguous-vmap'],
    size,
    (question) => asked.push(question),
    terminal,
  );
  for (const each of news) session.learn(each);
  return { session, asked, done };
}

/** The screen without its colours. */
export function screenOf(session: Session): string[] {
  return session.frame().map((spans) =>
    spans
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );
}

/** The line under the cursor. */
export function lineUnder(session: Session): string | undefined {
  return session
    .frame()
    .find((spans) => spans.some(({ inverse }) => inverse === true))
    ?.map(({ text }) => text)
    .join('')
    .trimEnd();
}

export function titleOf(session: Session): string {
  return screenOf(session)[0]!;
}
