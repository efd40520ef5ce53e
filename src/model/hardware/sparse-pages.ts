// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Machine } from '../../trace/machine.ts';

/** sizeof(struct page) on 64-bit kernels without extra debugging fields. */
export const STRUCT_PAGE_BYTES = 64;
export const SPARSE_PAGE_BYTES = 4096;

/** RAM outside the heap and the struct page array: there is much of both, and little of it is ever written. */
export class SparsePages {
  readonly #machine: Machine;
  readonly #pages = new Map<number, Page>();
  /** Number of the page that was asked for last, and it. */
  #recent = NaN;
  #page: Page = EMPTY;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Every byte reads as zero again. */
  reset(): void {
    this.#pages.clear();
    this.#recent = NaN;
    this.#page = EMPTY;
  }

  /** Whether `addr` lies in the linear map of RAM, the heap's included, or in the struct page array. */
  has(addr: Ptr): boolean {
    const { pageOffset, ramStart, ramPages, vmemmapStart } = this.#machine.addresses;
    const pfn = (addr - pageOffset) / 2 ** this.#machine.pageShift;
    if (pfn >= ramStart && pfn < ramStart + ramPages) return true;
    const page = (addr - vmemmapStart) / STRUCT_PAGE_BYTES;
    return page >= ramStart && page < ramStart + ramPages;
  }

  /** The page that holds `addr`. */
  at(addr: Ptr): Uint8Array {
    return this.#find(addr).bytes;
  }

  /** The same as words of 32 bits. */
  wordsAt(addr: Ptr): Int32Array {
    return this.#find(addr).words;
  }

  #find(addr: Ptr): Page {
    const number = Math.floor(addr / SPARSE_PAGE_BYTES);
    if (number === this.#recent) return this.#page;
    let page = this.#pages.get(number);
    if (page === undefined) {
      const bytes = new Uint8Array(SPARSE_PAGE_BYTES);
      page = { bytes, words: new Int32Array(bytes.buffer) };
      this.#pages.set(number, page);
    }
    this.#recent = number;
    this.#page = page;
    return page;
  }
}

interface Page {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

const EMPTY: Page = { bytes: new Uint8Array(0), words: new Int32Array(0) };
