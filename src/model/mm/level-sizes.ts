// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Shift, VirtAddr } from '../../base/units.ts';
import type { Machine } from '../../trace/machine.ts';
import { levelsOf } from '../hardware/levels.ts';
import { perMachine } from '../hardware/per-machine.ts';

/** What C knows as PAGE_SHIFT, PMD_SHIFT, PUD_SIZE and so on, of one machine. */
export interface LevelSizes {
  readonly pageShift: Shift;
  readonly pageSize: ByteCount;
  readonly pmdShift: Shift;
  readonly pmdSize: ByteCount;
  readonly pudShift: Shift;
  readonly pudSize: ByteCount;
  readonly p4dShift: Shift;
  readonly p4dSize: ByteCount;
  readonly pgdSize: ByteCount;
}

/**
 * The sizes of a machine's levels; a folded level has the size of the next larger one that exists, as in C.
 */
export const levelSizes = perMachine(computeSizes);

function computeSizes(machine: Machine): LevelSizes {
  const pmdShift = levelsOf(machine).pmd.shift;
  const pudShift = levelsOf(machine).pud.shift;
  const p4dShift = levelsOf(machine).p4d.shift;
  return {
    pageShift: machine.pageShift,
    pageSize: 2 ** machine.pageShift,
    pmdShift,
    pmdSize: 2 ** pmdShift,
    pudShift,
    pudSize: 2 ** pudShift,
    p4dShift,
    p4dSize: 2 ** p4dShift,
    pgdSize: 2 ** levelsOf(machine).pgd.shift,
  };
}

/**
 * Where the entry that covers `addr` ends, or `end` if that comes first: pgd_addr_end() and its relatives.
 */
export function entryEnd(addr: VirtAddr, end: VirtAddr, size: ByteCount): VirtAddr {
  const boundary = Math.floor(addr / size) * size + size;
  // Minus one so that a boundary or an end at the very top of the address space, which is 0, counts as the largest.
  return boundary - 1 < end - 1 ? boundary : end;
}

/** `size` is a power of two. */
export function isAligned(value: number, size: number): boolean {
  return value % size === 0;
}

/** The next multiple of `size`, a power of two, at or above `value`. */
export function alignUp(value: number, size: number): number {
  return Math.ceil(value / size) * size;
}
