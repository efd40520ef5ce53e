// SPDX-License-Identifier: GPL-2.0-only

import type { Review } from '../../../report/review-schema.ts';
import { shownDefects, type ShownDefect } from '../../../report/shown-defects.ts';
import { span } from '../../../report/styled-text.ts';
import type { Known } from '../known.ts';
import { gravestDefects, reviewOn } from '../order.ts';
import type { Look, Page, Row } from '../page.ts';
import { findingRows } from './finding-row.ts';

const PREVIEW_FROM_LINES = 20;

/** All findings, those that the tree had before the series too; the one under the cursor in full. */
export function findingsPage(known: Known, { width, machine }: Look): Page {
  const page = { title: 'findings', head: [], mode: 'list', columns: 1, about: {} } as const;
  if (known.review === undefined) {
    const text = known.ended ? 'nothing was run' : 'nothing has been run yet';
    return { ...page, rows: [{ line: [span(text, 'dim')] }] };
  }
  const review = reviewOn(known.review, machine);
  const latest = review.series?.versions.at(-1)?.label;
  const { now, before, left, inherited } = shownDefects(review);
  const rows = [
    ...section(latest === undefined ? 'in the tree' : `in ${latest}`, gravestDefects(now), review, width),
    ...section('in earlier versions only', gravestDefects(before), review, width),
    ...section('left as in the tree before the series', gravestDefects(left), review, width),
    ...section(
      'in the tree before the series',
      gravestDefects(latest === undefined ? [] : inherited),
      review,
      width,
    ),
  ];
  return {
    ...page,
    rows: rows.length === 0 ? [{ line: [span('no findings', 'good')] }] : rows.slice(1),
    previewFrom: PREVIEW_FROM_LINES,
  };
}

function section(title: string, defects: readonly ShownDefect[], review: Review, width: number): Row[] {
  if (defects.length === 0) return [];
  const rows = findingRows(defects, review, width, true);
  return [
    { line: [] },
    { line: [span(`Findings ${title}`, 'heading')] },
    ...rows.map((row, index): Row => (index === 0 ? { ...row, stop: true } : row)),
  ];
}
