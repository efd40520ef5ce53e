// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../base/descriptor.ts';
import type { ByteCount, Pfn, VirtAddr } from '../base/units.ts';
import type { TableWriteEvent } from './events.ts';
import type { LevelName } from './machine.ts';

/** A page table as the events of its entries name it. Never changed: a table that is linked elsewhere gets a new one. */
export interface TracedTable {
  readonly level: LevelName;
  /** The frame that holds it. */
  readonly pfn: Pfn;
  /** First address that it translates; undefined while no path from the root leads to it. */
  readonly first: VirtAddr | undefined;
  /** Bytes that one entry covers. */
  readonly entrySize: ByteCount;
  /** Entries below it translate the lower half of the address space: arm64's root covers the upper half only. */
  readonly lowerHalf: number;
}

/** The first address that an entry translates. */
export function entryAddress(
  { first, entrySize, lowerHalf }: TracedTable,
  index: number,
): VirtAddr | undefined {
  if (first === undefined) return undefined;
  return index < lowerHalf ? index * entrySize : first + index * entrySize;
}

/** A store as an event. */
export function tableWriteEvent(store: {
  readonly cpu: number;
  readonly table: TracedTable;
  readonly index: number;
  readonly before: Descriptor;
  readonly after: Descriptor;
}): TableWriteEvent {
  const { cpu, table, index, before, after } = store;
  const { level, pfn } = table;
  return {
    kind: 'table-write',
    cpu,
    level,
    addr: entryAddress(table, index),
    table: pfn,
    index,
    before,
    after,
  };
}
