// SPDX-License-Identifier: GPL-2.0-only

/** Source of a pattern for a number as people write it: `149`, `1,257`, `5.00`. Bounded, so that it stays exact. */
export const NUMBER = String.raw`(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,12})(?:\.\d{1,9})?`;

/** Units as they are written, each with the name used here. Longer ones first, for the pattern. */
const UNITS: readonly (readonly [pattern: string, unit: string])[] = [
  ['nano-?seconds?|nsecs?|ns', 'ns'],
  ['micro-?seconds?|usecs?|us|µs|μs', 'us'],
  ['milli-?seconds?|msecs?|ms', 'ms'],
  ['seconds?|secs?|s', 's'],
  ['cycles?', 'cycles'],
  ['GB/s(?:ec)?|GiB/s', 'GB/s'],
  ['MB/s(?:ec)?|MiB/s', 'MB/s'],
  ['KB/s(?:ec)?|KiB/s', 'KB/s'],
  ['ops/s(?:ec)?|op/s|ops per second', 'ops/s'],
  ['GiB|GB', 'GB'],
  ['MiB|MB', 'MB'],
  ['KiB|kB|KB', 'KB'],
  ['bytes?', 'bytes'],
];

/** Source of a pattern for a unit, with what must follow it. */
export const UNIT = String.raw`(?:${UNITS.map(([pattern]) => pattern).join('|')})(?![\w/])`;

const UNIT_NAMES = UNITS.map(([pattern, unit]) => [new RegExp(`^(?:${pattern})$`, 'i'), unit] as const);

/** The short name of a unit as written: `usecs` is `us`. Undefined for what is no unit. */
export function unitName(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return UNIT_NAMES.find(([pattern]) => pattern.test(text.trim()))?.[1];
}

/** A number as written, thousands separated by commas or not. */
export function numberOf(text: string): number {
  return Number(text.replaceAll(',', ''));
}

/** `value` to four significant digits: no claim is more exact than that. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** What a table's cell says: `11 ms`, `6 (-46%)`, `-43 %`, `8.3x`. */
export interface CellFigure {
  readonly value?: number;
  readonly unit?: string;
  readonly percent?: number;
  readonly factor?: number;
}

const CELL = new RegExp(
  `^[~≈]?([+-]?${NUMBER})\\s?(${UNIT}|[xX×](?!\\w)|%)?(?:\\s?\\(?\\s?([+-]?${NUMBER})\\s?%\\s?\\)?)?$`,
  'i',
);

/** Reads a cell; undefined if it holds no figure. */
export function cellFigure(cell: string): CellFigure | undefined {
  const match = cell.length > 60 ? null : CELL.exec(cell.trim());
  if (match === null) return undefined;
  const value = numberOf(match[1] ?? '');
  const mark = match[2];
  const percent = match[3] === undefined ? {} : { percent: numberOf(match[3]) };
  if (mark === '%') return { percent: value };
  if (mark !== undefined && /^[x×]$/i.test(mark)) return { factor: value, ...percent };
  const unit = unitName(mark);
  return { value, ...(unit === undefined ? {} : { unit }), ...percent };
}
