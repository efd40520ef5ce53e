// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, PageCount, Pfn, VirtAddr } from '../base/units.ts';

/** Lines that a virtually indexed cache may still hold of addresses that no longer translate. */
export interface LeftLines {
  readonly addr: VirtAddr;
  readonly size: ByteCount;
  /** Frame that they belong to, of the first page. */
  readonly pfn: Pfn;
  /** Number of the event that ended the mapping. */
  readonly since: number;
}

/** More than a report needs; a kernel that never flushes must not fill memory. */
const MOST_RANGES = 4096;

/**
 * The worst virtually indexed cache: it holds dirty lines of every address from the moment that it was mapped until a
 * flush covers it. Lines of what is mapped now do no harm, so only those are kept here that outlived their mapping.
 */
export class CachedLines {
  readonly #pageSize: ByteCount;
  #left: LeftLines[] = [];

  constructor(pageSize: ByteCount) {
    this.#pageSize = pageSize;
  }

  /** A mapping ended, and no flush has covered these addresses since it was made. */
  leave(addr: VirtAddr, size: ByteCount, pfn: Pfn, since: number): void {
    if (this.#left.length < MOST_RANGES) this.#left.push({ addr, size, pfn, since });
  }

  /** A flush covered [start, end). */
  flush(start: VirtAddr, end: VirtAddr): void {
    if (this.#left.length === 0 || start >= end) return;
    this.#left = this.#left.flatMap((lines) => this.#without(lines, start, end));
  }

  flushAll(): void {
    this.#left = [];
  }

  /** Lines left at an address of a leaf that belong to another frame than it maps there. */
  underLeaf(addr: VirtAddr, size: ByteCount, pfn: Pfn): LeftLines | undefined {
    return this.#left.find(
      (lines) =>
        lines.addr < addr + size &&
        lines.addr + lines.size > addr &&
        lines.pfn - lines.addr / this.#pageSize !== pfn - addr / this.#pageSize,
    );
  }

  /** Lines left of any of `count` frames from `pfn` on. */
  ofFrames(pfn: Pfn, count: PageCount): LeftLines | undefined {
    return this.#left.find(
      (lines) => lines.pfn < pfn + count && lines.pfn + lines.size / this.#pageSize > pfn,
    );
  }

  #without(lines: LeftLines, start: VirtAddr, end: VirtAddr): LeftLines[] {
    const last = lines.addr + lines.size;
    if (lines.addr >= end || last <= start) return [lines];
    const rest: LeftLines[] = [];
    if (lines.addr < start) rest.push({ ...lines, size: start - lines.addr });
    if (last > end) {
      const pfn = lines.pfn + (end - lines.addr) / this.#pageSize;
      rest.push({ ...lines, addr: end, size: last - end, pfn });
    }
    return rest;
  }
}
