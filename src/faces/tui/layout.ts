// SPDX-License-Identifier: GPL-2.0-only

import { plainText, span, type Line } from '../../report/styled-text.ts';
import { terminalText } from '../../report/terminal-text.ts';
import { cutLine, cutLineMarked, filled, spansWidth, withMatches, type FrameSpan } from './cut-line.ts';
import type { Known } from './known.ts';
import type { Page, Row, View } from './page.ts';
import { placeOn, viewUnder, type Placed } from './place.ts';
import { currentView, type State } from './state.ts';
import { pageFor } from './views/page-for.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What is on the screen, and where. */
export interface Laid {
  readonly placed: Placed;
  /** Lines for rows. */
  readonly height: number;
  /** Columns for rows, the mark of the cursor among them. */
  readonly width: number;
  /** Beside the rows, below them, or not at all. */
  readonly preview: 'beside' | 'below' | 'none';
  readonly previewLines: readonly Line[];
}

/** The mark of the cursor, so that it can be seen without colours too. */
const CURSOR = '> ';
/** From this width on, a preview stands beside its list. */
const BESIDE_FROM = 150;
const MOST_LIST = 100;
const BETWEEN = ' │ ';
/** The least that is drawn; a smaller terminal shows a part. */
const LEAST: Size = { columns: 20, rows: 5 };

/** A view on a screen that has no other. */
export function pageOn(view: View, { machine }: State, known: Known, { columns }: Size): Page {
  return pageFor(view, known, { width: Math.max(LEAST.columns, columns) - CURSOR.length, machine });
}

/** Lays the current view out on a screen. */
export function layOut(state: State, known: Known, size: Size): Laid {
  const columns = Math.max(LEAST.columns, size.columns);
  const lines = Math.max(LEAST.rows, size.rows);
  const open = currentView(state);
  const pageOfWidth = (width: number): Page =>
    pageOn(open.view, state, known, { columns: width, rows: lines });
  const page = pageOfWidth(columns);
  // Title and keys.
  const free = lines - 2 - Math.min(page.head.length, Math.floor(lines / 3));
  const placed = placeOn(page, open, free);
  if (columns >= BESIDE_FROM && hasBeside(page, open.view)) {
    const width = Math.min(MOST_LIST, Math.floor(columns / 2));
    const beside = placeOn(pageOfWidth(width), open, free);
    const view = page.mode === 'list' ? viewUnder(beside) : findingNear(beside);
    const previewLines = previewOf(view, state, known, columns - width - BETWEEN.length);
    return { placed: beside, height: free, width, preview: 'beside', previewLines };
  }
  const under = viewUnder(placed);
  if (page.previewFrom !== undefined && lines >= page.previewFrom && under?.kind === 'explanation') {
    const all = previewOf(under, state, known, columns);
    const previewLines = all.slice(0, Math.floor(free * 0.45));
    const height = free - previewLines.length - 1;
    return { placed: placeOn(page, open, height), height, width: columns, preview: 'below', previewLines };
  }
  return { placed, height: free, width: columns, preview: 'none', previewLines: [] };
}

/** Beside a list stands what enter opens; beside a patch, the finding that is nearest, where it has any. */
function hasBeside({ mode, rows }: Page, { kind }: View): boolean {
  return mode === 'list' || (kind === 'patch' && rows.some(opensFinding));
}

function opensFinding({ opens }: Row): boolean {
  return opens !== undefined && 'kind' in opens && opens.kind === 'explanation';
}

/** The finding at the cursor, else the last one above it, else the first. */
function findingNear({ rows, row }: Placed): View | undefined {
  const above = rows.findLast((each, index) => index <= row && opensFinding(each));
  const opens = (above ?? rows.find(opensFinding))?.opens;
  return opens !== undefined && 'kind' in opens ? opens : undefined;
}

/** The beginning of what enter opens. */
function previewOf(view: View | undefined, { machine }: State, known: Known, width: number): readonly Line[] {
  if (view === undefined) return [];
  const { title, head, rows } = pageFor(view, known, { width, machine, isPreview: true });
  const named: Line[] = view.kind === 'explanation' ? [] : [[span(title, 'heading')], []];
  return [...named, ...head, ...rows.map(({ line }) => line)];
}

/** All lines of the screen, from the first to the last. */
export function drawFrame(state: State, known: Known, size: Size, laid: Laid): FrameSpan[][] {
  const columns = Math.max(LEAST.columns, size.columns);
  const { page } = laid.placed;
  const lines = Math.max(LEAST.rows, size.rows);
  const frame: FrameSpan[][] = [
    titleLine(page, state, known, columns),
    ...page.head
      .slice(0, Math.floor(lines / 3))
      .map((line) => cutLineMarked([span('  '), ...line], 0, columns)),
    ...drawRows(state, laid, columns),
    footLine(state, laid, columns),
  ];
  return frame.slice(0, size.rows);
}

function drawRows(state: State, laid: Laid, columns: number): FrameSpan[][] {
  const { height, width, preview, previewLines } = laid;
  const rows = Array.from({ length: height }, (_, index) => drawRow(state, laid, index));
  if (preview === 'beside') {
    return rows.map((spans, index) => [
      ...filled(spans, width),
      { text: BETWEEN, style: 'dim' },
      ...cutLineMarked(previewLines[index] ?? [], 0, columns - width - BETWEEN.length),
    ]);
  }
  if (preview === 'below') {
    const rule: FrameSpan[] = [{ text: '─'.repeat(columns), style: 'dim' }];
    return [...rows, rule, ...previewLines.map((line) => cutLineMarked(line, 0, columns))];
  }
  return rows;
}

function drawRow(state: State, { placed, width }: Laid, index: number): FrameSpan[] {
  const { page, rows, row, column, top } = placed;
  const at = top + index;
  const shown = rows[at];
  if (shown === undefined) return [];
  const open = currentView(state);
  const scrolled = page.mode === 'text' ? (open.column ?? 0) : 0;
  const room = width - CURSOR.length;
  const isHere = at === row;
  const line = isHere && shown.lineAt !== undefined ? shown.lineAt(column) : shown.line;
  const spans = withMatches(cutLineMarked(line, scrolled, room), open.search);
  if (!isHere) return [{ text: '  ' }, ...spans];
  // One colour for the whole line: what is bright on a background may be gone on its inverse.
  return filled([{ text: CURSOR }, ...spans], width).map(({ text, match }) => ({
    text,
    inverse: true,
    ...(match === true ? { match } : {}),
  }));
}

function titleLine({ title }: Page, { machine }: State, known: Known, columns: number): FrameSpan[] {
  const right = [machine, progressText(known)].filter((text) => text !== undefined).join('  ');
  const end: FrameSpan[] =
    right === '' ? [] : [{ text: ` ${terminalText(right)}`, style: known.ended ? 'dim' : 'warn' }];
  const room = Math.max(0, columns - spansWidth(end));
  const left = cutLineMarked([span('rewalk  ', 'dim'), span(terminalText(title), 'heading')], 0, room);
  return [...filled(left, room), ...end];
}

function progressText({ progress, ended, review, pending }: Known): string | undefined {
  if (ended) return review === undefined ? 'nothing run' : 'all run';
  if (progress === undefined) return 'reading';
  const share = `${progress.done}/${progress.total} run`;
  return pending.length === 0 && progress.done === progress.total ? 'closing' : share;
}

const FOOTERS: Readonly<Record<View['kind'], string>> = {
  overview: 'enter open  1-9 patch  d versions  w letter  f findings  m machine  / filter  ? keys  q leave',
  findings: 'enter why  p patch  c code  / filter  ? keys  q back',
  explanation: 'p patch  c code  ] next finding  tab section  / search  ? keys  q back',
  promise: 'enter why  p patch  h l machine  ? keys  q back',
  patch: '[ ] 1-9 patch  { } version  tab finding  enter open  c code  / search  ? keys  q back',
  letter: '] first patch  { } version  d versions  / search  ? keys  q back',
  versions: 'enter open  { } version  tab section  / search  ? keys  q back',
  code: '[ ] patch  { } version  p patch  / search  ? keys  q back',
  reply: '[ ] replies  p patch  tab answer  / search  ? keys  q back',
  mail: '[ ] mails  tab answer  / search  ? keys  q back',
  coverage: '/ search  ? keys  q back',
  help: '/ search  q back',
};

function footLine(state: State, { placed, height }: Laid, columns: number): FrameSpan[] {
  const { view, search } = currentView(state);
  const position = positionText(placed, height);
  const room = columns - position.length - 1;
  const found =
    search === ''
      ? ''
      : `${placed.rows.filter((row) => plainText(row.line).toLowerCase().includes(search.toLowerCase())).length} found`;
  const left: Line = state.isTyping
    ? [span(`/${search}`, 'strong'), span('▏')]
    : state.notice !== undefined
      ? [span(state.notice, 'warn')]
      : search !== ''
        ? [span(`/${search}`, 'strong'), span(`  ${found}  n N next, before  esc all`, 'dim')]
        : [span(fitting(FOOTERS[view.kind], room), 'dim')];
  return [...filled(cutLine(left, 0, room), room + 1), { text: position, style: 'dim' }];
}

/** As many keys as there is room for; the last two, help and the way out, always. */
function fitting(text: string, width: number): string {
  const parts = text.split('  ');
  while (parts.length > 2 && parts.join('  ').length > width) parts.splice(-3, 1);
  return parts.join('  ');
}

function positionText({ rows, top, row, page }: Placed, height: number): string {
  if (rows.length <= height) return '';
  if (page.mode === 'text') return `${row + 1}/${rows.length}`;
  return top + height >= rows.length ? 'end' : `${Math.round(((top + height) * 100) / rows.length)}%`;
}
