// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, VirtAddr } from '../base/units.ts';

/** Addresses that a scenario had mapped, as its caller knows them. */
interface MappedRange {
  readonly start: VirtAddr;
  /** Exclusive. */
  readonly end: VirtAddr;
  /** The callee was free to use leaves of that size, which may only go as a whole. */
  readonly group: ByteCount;
  /** The call succeeded; else there may be something anywhere in the range. */
  readonly whole: boolean;
}

/**
 * What a scenario may still do where: kernel callers map nothing over a mapping, and unmap no part of what may be one
 * leaf. Scenarios that would are not run, since nothing is owed to them.
 */
export class MappedRanges {
  #ranges: MappedRange[] = [];

  add(range: MappedRange): void {
    this.#ranges.push(range);
  }

  /** Nothing in [start, end) is mapped any more. */
  remove(start: VirtAddr, end: VirtAddr): void {
    this.#ranges = this.#ranges.flatMap((range) => [
      ...(range.start < start ? [{ ...range, end: Math.min(range.end, start) }] : []),
      ...(range.end > end ? [{ ...range, start: Math.max(range.start, end) }] : []),
    ]);
  }

  overlaps(start: VirtAddr, end: VirtAddr): boolean {
    return this.#ranges.some((range) => range.start < end && start < range.end);
  }

  /** Is all that is mapped in [start, end) mapped by leaves of that size, by calls that succeeded? */
  isMadeOf(leaf: ByteCount, start: VirtAddr, end: VirtAddr): boolean {
    return this.#ranges
      .filter((range) => range.start < end && start < range.end)
      .every(({ group, whole }) => whole && group === leaf);
  }

  /** Is every address mapped, by calls that succeeded? */
  covers(start: VirtAddr, end: VirtAddr): boolean {
    let from = start;
    for (const range of this.#ranges.filter(({ whole }) => whole).toSorted((a, b) => a.start - b.start)) {
      if (range.start <= from) from = Math.max(from, range.end);
    }
    return from >= end;
  }

  /** Does one of the ends lie where a leaf may go across it? */
  cuts(start: VirtAddr, end: VirtAddr): boolean {
    return this.#ranges.some((range) =>
      [start, end].some((at) => at > range.start && at < range.end && at % range.group !== 0),
    );
  }
}
