// SPDX-License-Identifier: GPL-2.0-only
import type { VirtAddr } from '../base/units.ts';

/** A set of addresses as sorted, disjoint, non-adjacent ranges. Ranges that arrive in order cost nothing to add. */
export class AddressRanges {
  readonly #starts: VirtAddr[] = [];
  readonly #ends: VirtAddr[] = [];

  get isEmpty(): boolean {
    return this.#starts.length === 0;
  }

  clear(): void {
    this.#starts.length = 0;
    this.#ends.length = 0;
  }

  /** Adds [start, end); nothing when it is empty. */
  add(start: VirtAddr, end: VirtAddr): void {
    if (start >= end) return;
    const last = this.#ends.length - 1;
    if (last < 0 || start > this.#ends[last]!) {
      this.#starts.push(start);
      this.#ends.push(end);
      return;
    }
    if (start >= this.#starts[last]!) {
      this.#ends[last] = Math.max(this.#ends[last]!, end);
      return;
    }
    const from = this.#firstEndingAtOrAfter(start);
    let to = from;
    let low = start;
    let high = end;
    for (; to < this.#starts.length && this.#starts[to]! <= end; to++) {
      low = Math.min(low, this.#starts[to]!);
      high = Math.max(high, this.#ends[to]!);
    }
    this.#starts.splice(from, to - from, low);
    this.#ends.splice(from, to - from, high);
  }

  /** Takes [start, end) out. */
  remove(start: VirtAddr, end: VirtAddr): void {
    if (start >= end) return;
    const from = this.#firstEndingAtOrAfter(start + 1);
    if (from === this.#starts.length || this.#starts[from]! >= end) return;
    if (this.#starts[from]! >= start && this.#ends[from]! > end) {
      this.#starts[from] = end;
      return;
    }
    const starts: VirtAddr[] = [];
    const ends: VirtAddr[] = [];
    let to = from;
    for (; to < this.#starts.length && this.#starts[to]! < end; to++) {
      if (this.#starts[to]! < start) {
        starts.push(this.#starts[to]!);
        ends.push(start);
      }
      if (this.#ends[to]! > end) {
        starts.push(end);
        ends.push(this.#ends[to]!);
      }
    }
    this.#starts.splice(from, to - from, ...starts);
    this.#ends.splice(from, to - from, ...ends);
  }

  /** The first part of [start, end) that is not in the set; undefined when all of it is. */
  firstGap(start: VirtAddr, end: VirtAddr): { start: VirtAddr; end: VirtAddr } | undefined {
    if (start >= end) return undefined;
    const index = this.#firstEndingAtOrAfter(start + 1);
    if (index >= this.#starts.length || this.#starts[index]! > start) {
      return { start, end: index < this.#starts.length ? Math.min(end, this.#starts[index]!) : end };
    }
    if (this.#ends[index]! >= end) return undefined;
    const next = index + 1 < this.#starts.length ? this.#starts[index + 1]! : end;
    return { start: this.#ends[index]!, end: Math.min(end, next) };
  }

  /** The first range of the set that shares an address with [start, end). */
  firstOverlap(start: VirtAddr, end: VirtAddr): { start: VirtAddr; end: VirtAddr } | undefined {
    if (start >= end) return undefined;
    const index = this.#firstEndingAtOrAfter(start + 1);
    if (index >= this.#starts.length || this.#starts[index]! >= end) return undefined;
    return { start: this.#starts[index]!, end: this.#ends[index]! };
  }

  *[Symbol.iterator](): Generator<{ start: VirtAddr; end: VirtAddr }> {
    for (let index = 0; index < this.#starts.length; index++) {
      yield { start: this.#starts[index]!, end: this.#ends[index]! };
    }
  }

  #firstEndingAtOrAfter(addr: VirtAddr): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ends[middle]! < addr) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
