// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Machine } from '../../trace/machine.ts';

/** sizeof(struct page) on 64-bit kernels without extra debugging fields. */
export const STRUCT_PAGE_BYTES = 64;
export const SPARSE_PAGE_BYTES = 4096;

/** RAM outside the heap and the struct page array: there is much of both, and little of it is ever written. */
export class SparsePages {
  readonly #machine: Machine;
  readonly #pages = new Map<number, Uint8Array>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Every byte reads as zero again. */
  reset(): void {
    this.#pages.clear();
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
    const number = Math.floor(addr / SPARSE_PAGE_BYTES);
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = new Uint8Array(SPARSE_PAGE_BYTES);
      this.#pages.set(number, page);
    }
    return page;
  }
}
