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

/** The same for holes, whose exact size nobody wants to know: `~510 GiB`. */
export function roughSizeText(bytes: ByteCount): string {
  const exact = sizeText(bytes);
  if (exact.length <= '1023 GiB'.length) return exact;
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `~${Math.floor(bytes / 1024 ** unit)} ${UNITS[unit]}`;
}
