// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount } from '../../base/units.ts';
import type { KernelWorld } from '../kernel.ts';
import { partOfState } from '../part-of-state.ts';

interface Reading {
  /** Where in its first page the reading begins, and how many bytes have been read since. */
  position: ByteCount;
}

export const readingPlace = partOfState((): Reading => ({ position: 0 }));

/** The next copies are of one reading, which begins so many bytes behind the start of a page. */
export function beginReading(k: KernelWorld, offset: ByteCount): void {
  k.state(readingPlace).position = offset;
}
