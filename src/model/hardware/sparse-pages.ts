// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr } from '../../base/units.ts';
import type { Machine } from '../../trace/machine.ts';

/** sizeof(struct page) on 64-bit kernels without extra debugging fields. */
export const STRUCT_PAGE_BYTES = 64;
export const SPARSE_PAGE_BYTES = 4096;

/** RAM outside the heap and the struct page array: there is much of both, and little of it is ever written. */
export class SparsePages {
  readonly #linear: Range;
  readonly #vmemmap: Range;
  readonly #pages = new Map<number, Page>();
  /** Numbers of the pages that are page tables. */
  readonly #tables = new Set<number>();
  /** What pages hold that nobody has asked for yet, oldest first. */
  #fillings: Filling[] = [];
  /** Pages of earlier boots, as these left them. */
  readonly #spare: Page[] = [];
  /** Number of the page that was asked for last, and it. */
  #recent = NaN;
  #page: Page = EMPTY;

  constructor(machine: Machine) {
    const { pageOffset, ramStart, ramPages, vmemmapStart } = machine.addresses;
    const range = (start: Ptr, size: ByteCount): Range => ({
      start: start + ramStart * size,
      end: start + (ramStart + ramPages) * size,
    });
    this.#linear = range(pageOffset, 2 ** machine.pageShift);
    this.#vmemmap = range(vmemmapStart, STRUCT_PAGE_BYTES);
  }

  /** Every byte reads as zero again. */
  reset(): void {
    for (const page of this.#pages.values()) this.#spare.push(page);
    this.#pages.clear();
    this.#fillings = [];
    this.#tables.clear();
    this.#recent = NaN;
    this.#page = EMPTY;
  }

  /**
   * Writes to every page from `start` to `end`, which are borders of pages of SPARSE_PAGE_BYTES: what is there at once, the
   * others when somebody asks for them. Of a block's 262,144 struct pages a scenario looks at a few.
   * @param write is given a page's words of 32 bits; it does the same to each page
   */
  fill(start: Ptr, end: Ptr, write: (words: Int32Array) => void): void {
    const filling = { first: start / SPARSE_PAGE_BYTES, end: end / SPARSE_PAGE_BYTES, write };
    for (const [number, { words }] of this.#pages) if (isIn(filling, number)) write(words);
    this.#fillings.push(filling);
  }

  /** Whether `addr` lies in the linear map of RAM, the heap's included, or in the struct page array. */
  has(addr: Ptr): boolean {
    const linear = this.#linear;
    if (addr >= linear.start && addr < linear.end) return true;
    const vmemmap = this.#vmemmap;
    return addr >= vmemmap.start && addr < vmemmap.end;
  }

  /** From now on `size` bytes of RAM are a page table, or no longer. False for what is no RAM. */
  setTable(addr: Ptr, size: ByteCount, isTable: boolean): boolean {
    if (!this.has(addr)) return false;
    for (let at = addr; at < addr + size; at += SPARSE_PAGE_BYTES) {
      if (isTable) this.#tables.add(at / SPARSE_PAGE_BYTES);
      else this.#tables.delete(at / SPARSE_PAGE_BYTES);
    }
    return true;
  }

  isTable(addr: Ptr): boolean {
    return this.#tables.size > 0 && this.#tables.has(Math.floor(addr / SPARSE_PAGE_BYTES));
  }

  /** Whether nobody has written to the page that holds `addr`: it is full of zeroes. */
  isUntouched(addr: Ptr): boolean {
    const number = Math.floor(addr / SPARSE_PAGE_BYTES);
    return !this.#pages.has(number) && !this.#fillings.some((filling) => isIn(filling, number));
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
      page = this.#emptyPage();
      for (const filling of this.#fillings) if (isIn(filling, number)) filling.write(page.words);
      this.#pages.set(number, page);
    }
    this.#recent = number;
    this.#page = page;
    return page;
  }

  #emptyPage(): Page {
    const spare = this.#spare.pop();
    spare?.words.fill(0);
    if (spare !== undefined) return spare;
    const bytes = new Uint8Array(SPARSE_PAGE_BYTES);
    return { bytes, words: new Int32Array(bytes.buffer) };
  }
}

interface Filling {
  /** Numbers of pages; `end` is exclusive. */
  readonly first: number;
  readonly end: number;
  write(words: Int32Array): void;
}

function isIn({ first, end }: Filling, number: number): boolean {
  return number >= first && number < end;
}

interface Range {
  readonly start: Ptr;
  readonly end: Ptr;
}

interface Page {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

const EMPTY: Page = { bytes: new Uint8Array(0), words: new Int32Array(0) };
