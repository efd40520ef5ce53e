// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../base/descriptor.ts';
import type { ByteCount, PageCount, Pfn, VirtAddr } from '../base/units.ts';
import type { EntryFormat, LevelFormat } from './page-table-entry.ts';

/** A translation that the tables no longer hold and a TLB may still use. */
export interface StaleTranslation {
  readonly addr: VirtAddr;
  /** What no flush has covered yet of the entry. */
  readonly size: ByteCount;
  readonly pfn: Pfn;
  readonly descriptor: Descriptor;
  readonly format: LevelFormat;
  /** Number of the event that cleared or replaced the entry. */
  readonly since: number;
}

/** A table that an entry no longer points to, and that a walker may still have cached. */
export interface StaleTable {
  readonly addr: VirtAddr;
  readonly size: ByteCount;
  /** Frame of the table. */
  readonly table: Pfn;
  readonly since: number;
}

/**
 * The worst TLB that the architecture allows: it holds every translation from the moment its entry became valid until
 * a flush covers it after the entry is gone. What the tables hold now may be cached at any time, so only what they no
 * longer hold needs to be kept here.
 *
 * Range flushes take from a block's translation what they cover on arm64 (a TLB may have cached the block in
 * pieces); on x86 and riscv any address of a page flushes all of the page.
 */
export class StaleTranslations {
  readonly #format: EntryFormat;
  /** By last-level table, then by page: the entries that begin there, latest first. */
  readonly #small = new Map<number, Map<VirtAddr, StaleTranslation[]>>();
  /** Blocks, which are few. */
  #large: StaleTranslation[] = [];
  #tables: StaleTable[] = [];

  constructor(format: EntryFormat) {
    this.#format = format;
  }

  get isEmpty(): boolean {
    return this.#small.size === 0 && this.#large.length === 0;
  }

  add(format: LevelFormat, addr: VirtAddr, descriptor: Descriptor, since: number): void {
    const pfn = this.#format.leafPfn(format, descriptor, addr);
    const stale = { addr, size: format.entrySize, pfn, descriptor, format, since };
    if (format !== this.#format.last) {
      this.#large.push(stale);
      return;
    }
    const key = Math.floor(addr / format.tableSize);
    let table = this.#small.get(key);
    if (table === undefined) this.#small.set(key, (table = new Map()));
    const here = table.get(addr);
    if (here === undefined) table.set(addr, [stale]);
    else here.unshift(stale);
  }

  /** The tables hold this translation again: what is cached of it is not stale. */
  restored(format: LevelFormat, addr: VirtAddr, descriptor: Descriptor): void {
    const same = (stale: StaleTranslation): boolean =>
      stale.addr === addr &&
      stale.format === format &&
      this.#format.sameTranslation(stale.descriptor, descriptor);
    if (format !== this.#format.last) {
      if (this.#large.length > 0) this.#large = this.#large.filter((stale) => !same(stale));
      return;
    }
    if (this.#small.size === 0) return;
    const table = this.#small.get(Math.floor(addr / format.tableSize));
    const here = table?.get(addr);
    if (table === undefined || here === undefined) return;
    this.#replace(
      table,
      addr,
      here.filter((stale) => !same(stale)),
    );
    this.#forgetIfEmpty(addr);
  }

  addTable(addr: VirtAddr, size: ByteCount, table: Pfn, since: number): void {
    this.#tables.push({ addr, size, table, since });
  }

  /** An unlinked table among some frames, while no flush touched the addresses that it served. */
  staleTable(first: Pfn, count: PageCount = 1): StaleTable | undefined {
    return this.#tables.find(({ table }) => table >= first && table < first + count);
  }

  flushAll(): void {
    this.#small.clear();
    this.#large = [];
    this.#tables = [];
  }

  /** Walkers forget every table; translations stay. */
  flushTables(): void {
    this.#tables = [];
  }

  flush(start: VirtAddr, end: VirtAddr): void {
    if (start >= end) return;
    if (this.#tables.length > 0) {
      this.#tables = this.#tables.filter(({ addr, size }) => addr >= end || addr + size <= start);
    }
    if (this.#large.length > 0) this.#large = this.#large.flatMap((stale) => this.#rest(stale, start, end));
    if (this.#small.size > 0) this.#flushSmall(start, end);
  }

  /** The stale translations that share an address with [start, end), in no particular order. */
  overlapping(start: VirtAddr, end: VirtAddr): StaleTranslation[] {
    const found = this.#large.filter(({ addr, size }) => addr < end && addr + size > start);
    this.#forEachPage(start, end, (_table, _addr, here) => found.push(...here));
    return found;
  }

  /** One stale translation of [start, end); cheap when there is none. */
  first(start: VirtAddr, end: VirtAddr): StaleTranslation | undefined {
    const large = this.#large.find(({ addr, size }) => addr < end && addr + size > start);
    if (large !== undefined || this.#small.size === 0) return large;
    let found: StaleTranslation | undefined;
    this.#forEachPage(start, end, (_table, addr, here) => {
      if (found === undefined || addr < found.addr) found = here[0];
    });
    return found;
  }

  /** The stale translations to any of `count` frames from `pfn` on. Looks at all of them. */
  toFrames(pfn: Pfn, count: number): StaleTranslation[] {
    const found: StaleTranslation[] = [];
    const look = (stale: StaleTranslation): void => {
      const pages = stale.size / this.#format.last.entrySize;
      if (stale.pfn < pfn + count && stale.pfn + pages > pfn) found.push(stale);
    };
    this.#large.forEach(look);
    for (const table of this.#small.values()) for (const here of table.values()) here.forEach(look);
    return found;
  }

  #rest(stale: StaleTranslation, start: VirtAddr, end: VirtAddr): StaleTranslation[] {
    const last = stale.addr + stale.size;
    if (stale.addr >= end || last <= start) return [stale];
    if (this.#format.machine.arch !== 'arm64') return [];
    const rest: StaleTranslation[] = [];
    if (stale.addr < start) rest.push({ ...stale, size: start - stale.addr });
    if (last > end) {
      const pages = (end - stale.addr) / this.#format.last.entrySize;
      rest.push({ ...stale, addr: end, size: last - end, pfn: stale.pfn + Math.floor(pages) });
    }
    return rest;
  }

  #flushSmall(start: VirtAddr, end: VirtAddr): void {
    this.#forEachPage(start, end, (table, addr) => table.delete(addr));
    const { tableSize } = this.#format.last;
    if ((end - start) / tableSize < this.#small.size) {
      for (let addr = start; addr < end + tableSize; addr += tableSize) this.#forgetIfEmpty(addr);
    } else {
      for (const [key, table] of this.#small) if (table.size === 0) this.#small.delete(key);
    }
  }

  #forEachPage(
    start: VirtAddr,
    end: VirtAddr,
    visit: (table: Map<VirtAddr, StaleTranslation[]>, addr: VirtAddr, here: StaleTranslation[]) => void,
  ): void {
    if (start >= end || this.#small.size === 0) return;
    const { tableSize } = this.#format.last;
    const from = Math.floor(start / tableSize);
    const to = Math.floor((end - 1) / tableSize);
    if (to - from < this.#small.size) {
      for (let key = from; key <= to; key++) {
        const table = this.#small.get(key);
        if (table !== undefined) this.#forEachPageOf(table, start, end, visit);
      }
      return;
    }
    for (const [key, table] of this.#small) {
      if (key >= from && key <= to) this.#forEachPageOf(table, start, end, visit);
    }
  }

  #forEachPageOf(
    table: Map<VirtAddr, StaleTranslation[]>,
    start: VirtAddr,
    end: VirtAddr,
    visit: (table: Map<VirtAddr, StaleTranslation[]>, addr: VirtAddr, here: StaleTranslation[]) => void,
  ): void {
    const page = this.#format.last.entrySize;
    const first = Math.floor(start / page) * page;
    if ((end - first) / page < table.size) {
      for (let addr = first; addr < end; addr += page) {
        const here = table.get(addr);
        if (here !== undefined) visit(table, addr, here);
      }
      return;
    }
    for (const [addr, here] of table) if (addr >= first && addr < end) visit(table, addr, here);
  }

  #replace(table: Map<VirtAddr, StaleTranslation[]>, addr: VirtAddr, here: StaleTranslation[]): void {
    if (here.length === 0) table.delete(addr);
    else table.set(addr, here);
  }

  #forgetIfEmpty(addr: VirtAddr): void {
    const key = Math.floor(addr / this.#format.last.tableSize);
    if (this.#small.get(key)?.size === 0) this.#small.delete(key);
  }
}
