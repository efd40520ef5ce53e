// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount } from '../base/units.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `64 KiB`, `2 MiB`: the largest unit that gives a whole number. */
export function sizeText(bytes: ByteCount): string {
  let value: number = bytes;
  let unit = 0;
  while (unit < UNITS.length - 1 && value !== 0 && value % 1024 === 0) {
    value /= 1024;
    unit++;
  }
  return `${value} ${UNITS[unit]}`;
}
