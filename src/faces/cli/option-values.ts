// SPDX-License-Identifier: GPL-2.0-only

import { InvalidArgumentError } from 'commander';

/** `a,b` and the option given twice both make a list. */
export function listOf(value: string, before: readonly string[] | undefined): readonly string[] {
  const items = value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) throw new InvalidArgumentError('It names nothing.');
  return [...(before ?? []), ...items];
}

/** The option given several times makes a list; commas are part of a value. */
export function repeated(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

export function positiveInteger(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError('It must be a number from 1 on.');
  return Number(value);
}

export function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It must be a number from 0 on.');
  return Number(value);
}
