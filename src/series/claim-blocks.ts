// SPDX-License-Identifier: GPL-2.0-only

import { cellFigure } from './claim-figures.ts';

/** A piece of a message in which a claim can stand by itself: a paragraph, a list item, a sentence, or a table. */
export interface ClaimBlock {
  /** In one line. */
  readonly text: string;
  /** Line of the message, 1-based, on which the character at an offset of `text` stands. */
  lineAt(offset: number): number;
  /** The rows' cells, if it is a table. */
  readonly table?: readonly TableRow[];
}

export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
}

interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

/** Lines longer than this are a whole message run into one, as archive pages have it. */
const RUN_ON = 400;

/** Splits a message. `firstLine` is the number of its first line. */
export function claimBlocks(text: string, firstLine: number): ClaimBlock[] {
  const lines = text.split('\n').map((line, index) => ({ line: firstLine + index, text: line.trimEnd() }));
  const blocks: ClaimBlock[] = [];
  let open: NumberedLine[] = [];
  const close = (): void => {
    if (open.length > 0) blocks.push(proseBlock(open));
    open = [];
  };
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? { line: 0, text: '' };
    const rows = tableAt(lines, index);
    if (rows.length > 0) {
      close();
      blocks.push(tableBlock(lines.slice(index, index + rows.length), rows));
      index += rows.length - 1;
    } else if (line.text.length > RUN_ON) {
      close();
      blocks.push(...runOnBlocks(line));
    } else if (line.text.trim() === '') {
      close();
    } else {
      if (/^\s{0,12}(?:[-*+•]|\d{1,2}[.)])\s+\S/.test(line.text)) close();
      open.push(line);
    }
  }
  close();
  return blocks;
}

function proseBlock(lines: readonly NumberedLine[]): ClaimBlock {
  const starts: { offset: number; line: number }[] = [];
  let text = '';
  for (const { line, text: raw } of lines) {
    const plain = text === '' ? raw.trim().replace(/^(?:[-*+•]|\d{1,2}[.)])\s+/, '') : raw.trim();
    if (text !== '') text += ' ';
    starts.push({ offset: text.length, line });
    text += plain;
  }
  const first = lines[0]?.line ?? 1;
  return { text, lineAt: (at) => starts.findLast(({ offset }) => offset <= at)?.line ?? first };
}

function tableBlock(lines: readonly NumberedLine[], rows: readonly TableRow[]): ClaimBlock {
  const first = lines[0]?.line ?? 1;
  const text = lines.map((line) => line.text.trim().replace(/\s+/g, ' ')).join(' ');
  return { text, lineAt: () => first, table: rows.filter(({ cells }) => cells.length > 0) };
}

/** The sentences of a message that was run into one line; a table in it is found by its numbers. */
function runOnBlocks({ line, text }: NumberedLine): ClaimBlock[] {
  const lineAt = (): number => line;
  return text
    .split(/(?<=[.:;]) (?=\S)/)
    .filter((sentence) => sentence.length <= 1000)
    .flatMap((sentence): ClaimBlock[] => {
      const found =
        /^((?:[A-Za-z][\w/+-]{0,30} ){2,10})((?:\d[\d.]{0,12} ){5,400}\d[\d.]{0,12})(?= [A-Z]|$)/.exec(
          sentence,
        );
      const rows = found === null ? undefined : runOnRows(found[1] ?? '', (found[2] ?? '').split(' '), line);
      if (found === null || rows === undefined) return [{ text: sentence, lineAt }];
      const rest = sentence.slice(found[0].length).trim();
      return [{ text: found[0], lineAt, table: rows }, ...(rest === '' ? [] : [{ text: rest, lineAt }])];
    });
}

/** Rows of a table whose line ends are lost: as many columns as let the first one rise all the way. */
function runOnRows(heading: string, numbers: readonly string[], line: number): TableRow[] | undefined {
  for (const columns of [3, 2, 4, 5, 6]) {
    if (numbers.length % columns !== 0 || numbers.length < 2 * columns) continue;
    const rows = Array.from({ length: numbers.length / columns }, (_, row) =>
      numbers.slice(row * columns, (row + 1) * columns),
    );
    if (!rows.every((row, at) => at === 0 || Number(row[0]) > Number(rows[at - 1]?.[0]))) continue;
    return [{ line, cells: headingCells(heading, columns) }, ...rows.map((cells) => ({ line, cells }))];
  }
  return undefined;
}

/** A heading's words as cells. Where there are more words than columns, the last column is the longer one. */
function headingCells(heading: string, columns: number): string[] {
  const words = heading.trim().split(/\s+/);
  if (words.length < columns) return [];
  return [...words.slice(0, columns - 1), words.slice(columns - 1).join(' ')];
}

/** The rows of the table that begins at `index`, rules between rows as rows without cells; empty if none does. */
function tableAt(lines: readonly NumberedLine[], index: number): TableRow[] {
  const rows: TableRow[] = [];
  for (let at = index; at < lines.length && at < index + 200; at += 1) {
    const { text, line } = lines[at] ?? { text: '', line: 0 };
    const cells = cellsOf(text);
    if (cells.length < 2 && !isRule(text)) break;
    rows.push({ line, cells: isRule(text) ? [] : cells });
  }
  const heading = rows.length === 0 ? looseHeading(lines, index) : undefined;
  if (heading !== undefined) {
    const below = tableAt(lines, index + 1);
    return below.length === 0 || below.some(({ cells }) => cells.length !== heading.cells.length)
      ? []
      : [heading, ...below];
  }
  const numeric = rows.filter(({ cells }) => cells.slice(1).some((cell) => cellFigure(cell) !== undefined));
  return numeric.length < 2 ? [] : rows;
}

/** A line of words above rows of bare numbers is their heading, however it is spaced. */
function looseHeading(lines: readonly NumberedLine[], index: number): TableRow | undefined {
  const { text, line } = lines[index] ?? { text: '', line: 0 };
  const columns = bareNumbers(lines[index + 1]?.text ?? '').length;
  if (columns < 2 || text.length > 120 || /[\d.;:]/.test(text)) return undefined;
  const cells = headingCells(text, columns);
  return cells.length === 0 ? undefined : { line, cells };
}

function isRule(text: string): boolean {
  return /^[\s|+:=-]{3,300}$/.test(text) && /[-=]{3}/.test(text);
}

/** Cells between bars, tabs or wide gaps; a line of bare numbers has one in each. */
function cellsOf(text: string): string[] {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > RUN_ON) return [];
  if (trimmed.includes('|')) {
    const cells = trimmed.split('|').map((cell) => cell.trim().replace(/\s+/g, ' '));
    if (cells.at(-1) === '') cells.pop();
    return cells;
  }
  const wide = trimmed.split(/\t+|\s{2,}/);
  return wide.length > 1 ? wide : bareNumbers(trimmed);
}

function bareNumbers(text: string): string[] {
  const words = text.trim().split(' ');
  return words.length > 1 && words.every((word) => /^\d[\d.,]{0,15}$/.test(word)) ? words : [];
}
