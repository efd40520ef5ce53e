// SPDX-License-Identifier: GPL-2.0-only

import { plainText } from '../../report/styled-text.ts';
import type { Page, Row, View } from './page.ts';
import type { OpenView } from './state.ts';

/** A page with the rows that a search leaves, and where the cursor is on them. */
export interface Placed {
  readonly page: Page;
  readonly rows: readonly Row[];
  /** Index in `rows`; -1 where there is nothing to rest on. */
  readonly row: number;
  /** In a list; 0 to columns - 1. */
  readonly column: number;
  /** Index of the first row that is shown. */
  readonly top: number;
}

/** `height` is that of the rows, in lines. */
export function placeOn(page: Page, open: OpenView, height: number): Placed {
  const rows = filteredRows(page, open.search);
  const row = rowOf(rows, page, open);
  const column = Math.max(0, Math.min(page.columns - 1, open.column ?? page.columns - 1));
  // Where a page begins in its middle, some lines before that place are shown too.
  const wanted = startsAt(page, open) === undefined ? open.top : row - Math.floor(height / 3);
  return { page, rows, row, column, top: topOf(rows, page, row, Math.max(0, wanted), height) };
}

/** Whether the cursor may rest on the row. */
export function isRestable(row: Row, mode: Page['mode']): boolean {
  return mode === 'text' || row.opens !== undefined;
}

/** What enter opens. */
export function viewUnder({ rows, row, column }: Placed): View | undefined {
  const opens = rows[row]?.opens;
  return isViews(opens) ? opens[Math.min(column, opens.length - 1)] : opens;
}

function isViews(opens: Row['opens']): opens is readonly View[] {
  return Array.isArray(opens);
}

export function matches({ line }: Row, search: string): boolean {
  return search !== '' && plainText(line).toLowerCase().includes(search.toLowerCase());
}

function filteredRows({ rows, mode }: Page, search: string): readonly Row[] {
  if (mode === 'text' || search === '') return rows;
  return rows.filter((row) => row.opens !== undefined && matches(row, search));
}

/** Undefined once the cursor was moved. */
function startsAt({ start }: Page, { row, key, search }: OpenView): number | undefined {
  return key === undefined && row === 0 && search === '' ? start : undefined;
}

function rowOf(rows: readonly Row[], page: Page, open: OpenView): number {
  const start = startsAt(page, open);
  if (start !== undefined) return nearest(rows, page.mode, start);
  const { row, key } = open;
  const kept = key === undefined ? -1 : rows.findIndex((each) => each.key === key);
  return nearest(rows, page.mode, kept === -1 ? row : kept);
}

/** The row at `index`, else the next on which the cursor may rest, else the one before. */
function nearest(rows: readonly Row[], mode: Page['mode'], index: number): number {
  const from = Math.max(0, Math.min(index, rows.length - 1));
  for (let at = from; at < rows.length; at++) if (isRestable(rows[at]!, mode)) return at;
  return rows.findLastIndex((row, at) => at < from && isRestable(row, mode));
}

/** The cursor is on the screen; at the first row that it can be on, so is what stands above. */
function topOf(rows: readonly Row[], page: Page, row: number, top: number, height: number): number {
  const last = Math.max(0, rows.length - height);
  if (row < 0) return Math.min(top, last);
  const isFirst = !rows.slice(0, row).some((each) => isRestable(each, page.mode));
  if (isFirst && row < height) return 0;
  const lowest = Math.max(0, row - height + 1);
  return Math.max(lowest, Math.min(top, row, last));
}
