// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr, VirtAddr } from '../../base/units.ts';

/** A range of address space in use (or waiting for its purge), and the vmap_area object in memory that describes it. */
export interface AreaRange {
  readonly start: VirtAddr;
  readonly end: VirtAddr;
  readonly area: Ptr;
}

/** Ranges that do not overlap, by address. Its shape is not observable, so a sorted array does. */
export class AreaIndex {
  readonly #ranges: AreaRange[] = [];

  /** Inserts a range. Returns the range that it overlaps instead, if there is one. */
  insert(range: AreaRange): AreaRange | undefined {
    const at = this.#firstEndingAfter(range.start);
    const next = this.#ranges[at];
    if (next !== undefined && next.start < range.end) return next;
    this.#ranges.splice(at, 0, range);
    return undefined;
  }

  /** Removes the range of a vmap_area that starts at `start`; false if it is not here. */
  remove(start: VirtAddr): boolean {
    const at = this.#firstEndingAfter(start);
    if (this.#ranges[at]?.start !== start) return false;
    this.#ranges.splice(at, 1);
    return true;
  }

  /** The range that holds `addr`. */
  find(addr: VirtAddr): AreaRange | undefined {
    const range = this.#ranges[this.#firstEndingAfter(addr)];
    return range !== undefined && range.start <= addr ? range : undefined;
  }

  /** The lowest range that ends above `addr`. */
  findExceeding(addr: VirtAddr): AreaRange | undefined {
    return this.#ranges[this.#firstEndingAfter(addr)];
  }

  get size(): number {
    return this.#ranges.length;
  }

  ranges(): readonly AreaRange[] {
    return this.#ranges;
  }

  /** Takes every range out, lowest first. */
  takeAll(): AreaRange[] {
    return this.#ranges.splice(0);
  }

  #firstEndingAfter(addr: VirtAddr): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ranges[middle]!.end <= addr) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
