// SPDX-License-Identifier: GPL-2.0-only

import type { DigestRun } from './digest-schema.ts';
import { tellingRows } from './digest-text.ts';
import { oneLine } from './digest-words.ts';
import { escaped } from './html-text.ts';

// Small SVG pictures. Lengths are in pixels of the page.

const ROW = 22;
const NAME = 150;
const CELL = 58;
/** Of one character in the drawing of a page table. */
const LETTER = 6.7;

/** The matrix: a row a promise, a column a version; each verdict has its mark beside its colour. */
export function matrixPicture({ columns, rows }: DigestRun): string {
  const shown = tellingRows(rows);
  if (shown.length === 0) return '';
  const width = NAME + columns.length * CELL;
  const height = (shown.length + 1) * ROW;
  const heads = columns.map((name, column) => label(NAME + (column + 0.5) * CELL, 15, oneLine(name), 'head'));
  const lines = shown.flatMap(({ invariant, cells }, index) => {
    const y = (index + 1) * ROW;
    return [
      `<text x="0" y="${y + 15}">${escaped(invariant)}</text>`,
      ...cells.flatMap(({ verdict, mark }, column) => {
        const x = NAME + column * CELL;
        if (verdict === 'not-run' && mark === '') return [];
        return [
          `<rect x="${x + 1}" y="${y + 1}" width="${CELL - 2}" height="${ROW - 2}" rx="3" class="${verdict}"/>`,
          label(x + CELL / 2, y + 15, mark, 'mark'),
        ];
      }),
    ];
  });
  const title = `Promises by versions: ${shown.map(({ invariant }) => invariant).join(', ')}`;
  return picture(width, height, title, [...heads, ...lines]);
}

/** A page table before and after the event that broke the promise: a bar a row; what changed is marked. */
export function tablePicture(drawing: string): string {
  const rows = drawing.split('\n').slice(0, 40);
  const columns = Math.max(...rows.map((row) => row.length));
  const width = Math.ceil(columns * LETTER) + 12;
  const lines = rows.flatMap((row, index) => {
    const kind =
      index === 0 ? 'head' : row.startsWith('>') ? 'violated' : / \* /.test(row) ? 'changed' : 'not-run';
    const y = index * ROW;
    const bar =
      index === 0
        ? []
        : [`<rect x="0" y="${y + 1}" width="${width}" height="${ROW - 2}" rx="3" class="${kind}"/>`];
    return [...bar, `<text x="6" y="${y + 15}" class="code" xml:space="preserve">${escaped(row)}</text>`];
  });
  return picture(
    width,
    rows.length * ROW,
    'The page table before and after; > is the address, * what changed',
    lines,
  );
}

function label(x: number, y: number, text: string, kind: string): string {
  return `<text x="${x}" y="${y}" text-anchor="middle" class="${kind}">${escaped(text)}</text>`;
}

function picture(width: number, height: number, title: string, parts: readonly string[]): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}"><title>${escaped(title)}</title>${parts.join('')}</svg>`
  );
}
