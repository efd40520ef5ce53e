// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, PhysAddr } from '../../base/units.ts';
import { partOfState } from '../part-of-state.ts';

/** RAM that the firmware told of, not to be mapped if so marked. */
export interface MemoryBank {
  readonly start: PhysAddr;
  readonly end: PhysAddr;
  readonly isMapped: boolean;
}

/** What memblock knows. A scenario says which memory there is; without one there is none. */
export interface MemoryBanks {
  banks: readonly MemoryBank[];
}

export const memoryBanks = partOfState((): MemoryBanks => ({ banks: [] }));

/** The banks with [start, start + size) marked; what the range cuts becomes two. */
export function withMark(
  banks: readonly MemoryBank[],
  start: PhysAddr,
  size: ByteCount,
  isMapped: boolean,
): readonly MemoryBank[] {
  const end = start + size;
  return banks.flatMap((bank) => {
    const from = Math.max(start, bank.start);
    const to = Math.min(end, bank.end);
    if (from >= to) return [bank];
    return [
      { ...bank, end: from },
      { start: from, end: to, isMapped },
      { ...bank, start: to },
    ].filter((part) => part.start < part.end);
  });
}
