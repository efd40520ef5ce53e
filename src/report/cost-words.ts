// SPDX-License-Identifier: GPL-2.0-only

import type { Agreement } from '../costs/agreement.ts';
import type { Measured } from './costs.ts';
import {
  counted,
  padded,
  paddedLeft,
  span,
  textWidth,
  wrapped,
  type Line,
  type Style,
} from './styled-text.ts';

// Words and tables that costs of calls and of threads have in common.

export const INDENT = '  ';
const NAME_WIDTH = 12;

/** What is to be said of a modelled ratio beside a claimed one. */
export const verdicts: Readonly<Record<Agreement, { readonly text: string; readonly style: Style }>> = {
  agrees: { text: 'agrees', style: 'good' },
  less: { text: 'the same direction, but less', style: 'warn' },
  more: { text: 'the same direction, but more', style: 'warn' },
  differs: { text: 'differs', style: 'bad' },
};

export const noFigure = { text: 'there is no modelled figure', style: 'unknown' } as const;

/** What was run, and where. */
export function renderPlace({ name, machine, weights, cpus }: Measured, what: string, width: number): Line[] {
  const place = `${what} on ${machine}, ${counted(cpus, 'CPU')}, weighed as ${weights}`;
  return [[span(name, 'strong')], ...indented(place, width, 'dim')];
}

/** Lines of cells, the first of each to the left. */
export function table(rows: readonly (readonly string[])[], nameWidth = NAME_WIDTH): Line[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => textWidth(row[column] ?? ''))),
  );
  return rows.map(([name = '', ...cells], index): Line => {
    const text = cells.map((cell, at) => paddedLeft(cell, widths[at + 1]! + 2)).join('');
    return [span(INDENT + padded(name, nameWidth)), span(text.trimEnd(), index === 0 ? 'strong' : undefined)];
  });
}

/** A paragraph set in, what follows its first line further. */
export function indented(text: string, width: number, style?: Style): Line[] {
  return wrapped(text, width - 2 * INDENT.length).map((line, index): Line => [
    span(`${INDENT}${index === 0 ? '' : INDENT}${line}`, style),
  ]);
}

/** Nanoseconds with the unit that reads best. */
export function timeText(ns: number | null): string {
  if (ns === null) return '?';
  if (ns < 9995) return `${number(Math.round(ns))} ns`;
  return ns < 9.995e6 ? `${number(round(ns / 1000, 1))} us` : `${number(round(ns / 1e6, 1))} ms`;
}

/** `1.35x`; nothing where there is no ratio. */
export function timesText(ratio: number | null): string {
  if (ratio === null) return '';
  return `${ratio < 100 ? ratio.toFixed(2) : number(Math.round(ratio))}x`;
}

/** With a sign. */
export function signed(ns: number): string {
  return `${ns < 0 ? '-' : '+'}${timeText(Math.abs(ns))}`;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** With commas. */
export function number(value: number): string {
  return value.toLocaleString('en-US');
}
