// SPDX-License-Identifier: GPL-2.0-only
import { hex, type U64 } from '../base/u64.ts';
import type { Pfn, VirtAddr } from '../base/units.ts';
import { AddressRanges } from './address-ranges.ts';
import type { Machine } from './machine.ts';

/** What a call returns beyond this is a pointer. */
const LEAST_POINTER = 2 ** 31;

/** An area that an operation made, [start, end) with its guard page. */
interface Region {
  readonly start: VirtAddr;
  readonly end: VirtAddr;
  readonly operation: number;
}

/**
 * Names for addresses and frames that are the same in two runs whose allocators decided otherwise: an address in an area
 * is so many bytes into what operation 2 made, a page of the allocator is one of its pages.
 */
export class PlaceNames {
  readonly #machine: Machine;
  readonly #regions: Region[] = [];
  #recent: Region | undefined;
  /** Where the linear map has the pages that the allocator gave out. */
  readonly #ownPages = new AddressRanges();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  addRegion(start: VirtAddr, size: number, operation: number): void {
    this.#recent = undefined;
    this.#regions.push({ start, end: start + size + 2 ** this.#machine.pageShift, operation });
  }

  /** The allocator gave out 2^order pages from there on. */
  addPages(pfn: Pfn, order: number): void {
    this.#ownPages.add(this.#linear(pfn), this.#linear(pfn + 2 ** order));
  }

  /** A number for a frame: one for all pages of the allocator. */
  frameNumber(pfn: Pfn): number {
    return this.#isOwn(pfn) ? -1 : pfn;
  }

  /** A number for an address, as `address()` would name it. */
  addressNumber(addr: VirtAddr): number {
    const region = this.#regionOf(addr);
    if (region !== undefined) return region.operation * 2 ** 48 + (addr - region.start);
    return this.#isLinearOfOwn(addr) ? -1 : addr;
  }

  frame(pfn: Pfn): string {
    return this.#isOwn(pfn) ? 'page' : hex(pfn);
  }

  address(addr: VirtAddr): string {
    const region = this.#regionOf(addr);
    if (region !== undefined) return `#${region.operation}+${hex(addr - region.start)}`;
    return this.#isLinearOfOwn(addr) ? 'page' : hex(addr);
  }

  /** The same for an address at which something ends. */
  end(addr: VirtAddr): string {
    const region = this.#regions.findLast(({ start, end }) => addr > start && addr <= end);
    return region === undefined ? this.address(addr) : `#${region.operation}+${hex(addr - region.start)}`;
  }

  /** A value that a call returned. */
  value(value: U64): string {
    if (typeof value !== 'number' || Math.abs(value) >= LEAST_POINTER) return 'an address';
    return this.#isOwn(value) ? 'page' : String(value);
  }

  #regionOf(addr: VirtAddr): Region | undefined {
    // Addresses come in rows.
    const last = this.#recent;
    if (last !== undefined && addr >= last.start && addr < last.end) return last;
    this.#recent = this.#regions.findLast(({ start, end }) => addr >= start && addr < end);
    return this.#recent;
  }

  #linear(pfn: Pfn): VirtAddr {
    return this.#machine.addresses.pageOffset + pfn * 2 ** this.#machine.pageShift;
  }

  #isLinearOfOwn(addr: VirtAddr): boolean {
    return this.#ownPages.firstOverlap(addr, addr + 1) !== undefined;
  }

  #isOwn(pfn: Pfn): boolean {
    return this.#isLinearOfOwn(this.#linear(pfn));
  }
}
