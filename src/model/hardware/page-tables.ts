// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../base/descriptor.ts';
import type { ByteCount, PhysAddr, Pfn, Ptr, VirtAddr } from '../../base/units.ts';
import type { Level, LevelName } from '../../trace/machine.ts';
import type { Kernel, KernelWorld } from '../kernel.ts';
import { frameOf, leafFrameAt, matches } from './entry.ts';

/** One page table: the frame that holds it, and where it stands in the tree. */
interface Table {
  readonly addr: Ptr;
  readonly pfn: Pfn;
  /** Behind its last byte. */
  readonly end: Ptr;
  /** Index in `machine.levels`. */
  readonly depth: number;
  readonly level: Level;
  /** Bytes that one entry covers. */
  readonly entrySize: ByteCount;
  /** Entries below it translate the lower half of the address space: arm64's root covers the upper half only. */
  readonly lowerHalf: number;
  /** First address that the table translates; undefined while no path from the root leads to it. */
  first: VirtAddr | undefined;
  /** Entries that are not 0. */
  used: number;
}

/** Every page table of this boot, by linear address. */
class PageTables {
  root: Table | undefined;
  readonly #tables = new Map<Ptr, Table>();
  /** The one that was asked for last: stores come in rows. */
  #recent: Table | undefined;

  /** The table that an entry lies in. */
  holding(entry: Ptr, tableSize: ByteCount): Table | undefined {
    const recent = this.#recent;
    if (recent !== undefined && entry >= recent.addr && entry < recent.end) return recent;
    const table = this.#tables.get(Math.floor(entry / tableSize) * tableSize);
    this.#recent = table;
    return table;
  }

  at(addr: Ptr): Table | undefined {
    return this.#tables.get(addr);
  }

  add(table: Table): void {
    this.#tables.set(table.addr, table);
  }

  remove(addr: Ptr): void {
    this.#tables.delete(addr);
    this.#recent = undefined;
  }
}

const makePageTables = (): PageTables => new PageTables();

function makeTable({ machine, pageSize, mem }: KernelWorld, addr: Ptr, depth: number): Table {
  const level = machine.levels[depth]!;
  return {
    addr,
    pfn: mem.pfnOfHeap(addr),
    end: addr + pageSize,
    depth,
    level,
    entrySize: 2 ** level.shift,
    lowerHalf: depth === 0 && machine.arch !== 'arm64' ? level.entries / 2 : 0,
    first: undefined,
    used: 0,
  };
}

/** From now on stores to tables become events, and addresses outside the linear map go through the tables. */
export function connectMmu(k: Kernel): void {
  const registry = k.state(makePageTables);
  k.mem.onTableStore = (addr, before, after) => noteStore(k, registry, addr, before, after);
  k.mem.translate = (addr, access) => translate(k, registry, addr, access);
}

/**
 * A zeroed table of a level, in a frame of its own; 0 when memory is exhausted. The first root becomes the tree's.
 * Emits `alloc`.
 */
export function allocateTable(k: KernelWorld, name: LevelName): Ptr {
  const { machine, pageSize: size } = k;
  const depth = machine.levels.findIndex((level) => level.name === name);
  if (depth < 0) return k.notModelled(`a ${name} table on ${machine.name}, which folds that level`);
  const addr = k.mem.allocate({ name: `${name} table`, size, align: size, table: true });
  if (addr === 0) return 0;
  const registry = k.state(makePageTables);
  const table = makeTable(k, addr, depth);
  registry.add(table);
  if (depth === 0 && registry.root === undefined) {
    registry.root = table;
    table.first = -(table.level.entries * table.entrySize);
  }
  k.trace.emit({ kind: 'alloc', what: 'table', addr, size, name: `${name} table`, level: name });
  return addr;
}

/** Gives a table back. Emits `free`. */
export function freeTable(k: KernelWorld, addr: Ptr): void {
  k.mem.release(addr);
  k.state(makePageTables).remove(addr);
  k.trace.emit({ kind: 'free', what: 'table', addr });
}

/** The first address that an entry translates. */
function addressAt({ first, entrySize, lowerHalf }: Table, index: number): VirtAddr | undefined {
  if (first === undefined) return undefined;
  return index < lowerHalf ? index * entrySize : first + index * entrySize;
}

function noteStore(
  k: KernelWorld,
  registry: PageTables,
  addr: Ptr,
  before: Descriptor,
  after: Descriptor,
): void {
  const table = registry.holding(addr, k.pageSize);
  if (table === undefined) return;
  const index = (addr - table.addr) / 8;
  table.used += (after === 0 ? 0 : 1) - (before === 0 ? 0 : 1);
  emitWrite(k, table, index, before, after);
  if (table.level.table === undefined) return;
  const first = addressAt(table, index);
  const child = childOf(k, registry, table, after) ?? adopt(k, registry, table, after);
  const former = childOf(k, registry, table, before);
  if (former !== undefined && former !== child) setFirst(k, registry, former, undefined);
  if (child !== undefined && child.first !== first) setFirst(k, registry, child, first);
}

function emitWrite(k: KernelWorld, table: Table, index: number, before: Descriptor, after: Descriptor): void {
  const addr = addressAt(table, index);
  const { pfn, level } = table;
  k.trace.emit({
    kind: 'table-write',
    cpu: k.cpu,
    level: level.name,
    addr,
    table: pfn,
    index,
    before,
    after,
  });
}

function childOf(k: KernelWorld, registry: PageTables, table: Table, entry: Descriptor): Table | undefined {
  const format = table.level.table;
  if (format === undefined || !matches(entry, format)) return undefined;
  return registry.at(linearOf(k, frameOf(k.machine, entry)));
}

/**
 * Memory that was allocated for something else (early memory, a part of the kernel image) is a table from the moment an
 * entry points to it: that is all that hardware knows of tables.
 */
function adopt(k: KernelWorld, registry: PageTables, parent: Table, entry: Descriptor): Table | undefined {
  const format = parent.level.table;
  if (format === undefined || !matches(entry, format)) return undefined;
  const addr = linearOf(k, frameOf(k.machine, entry));
  if (!k.mem.becomeTable(addr, k.pageSize)) return undefined;
  const table = makeTable(k, addr, parent.depth + 1);
  for (let index = 0; index < table.level.entries; index++) {
    if (k.mem.ldDescriptor(addr + index * 8) !== 0) table.used++;
  }
  registry.add(table);
  return table;
}

function linearOf({ machine, pageSize }: KernelWorld, pfn: Pfn): Ptr {
  return machine.addresses.pageOffset + pfn * pageSize;
}

/**
 * A table becomes reachable, or is no longer. What a reader must then know of a table that was filled before it was
 * linked is told as if it were written now, over empty entries; unlinking is told by the parent's event alone.
 */
function setFirst(k: KernelWorld, registry: PageTables, table: Table, first: VirtAddr | undefined): void {
  table.first = first;
  if (table.used === 0) return;
  for (let index = 0; index < table.level.entries; index++) {
    const entry = k.mem.ldDescriptor(table.addr + index * 8);
    if (entry === 0) continue;
    if (first !== undefined) emitWrite(k, table, index, 0, entry);
    const child = childOf(k, registry, table, entry);
    if (child !== undefined) setFirst(k, registry, child, addressAt(table, index));
  }
}

/** What the MMU makes of a kernel address: the tables as they are now, no TLB. */
function translate(
  k: KernelWorld,
  registry: PageTables,
  addr: VirtAddr,
  access: 'read' | 'write',
): PhysAddr | undefined {
  const { machine } = k;
  const { valid, writable } = machine.attributes;
  let table = registry.root;
  while (table !== undefined) {
    const { level, entrySize: size } = table;
    const entry = k.mem.ldDescriptor(table.addr + (Math.floor(addr / size) & (level.entries - 1)) * 8);
    if (!matches(entry, valid)) return undefined;
    if (level.leaf !== undefined && matches(entry, level.leaf)) {
      if (access === 'write' && !matches(entry, writable)) return undefined;
      const start = leafFrameAt(machine, level, entry, addr) * k.pageSize;
      return Math.floor(start / size) * size + (addr - Math.floor(addr / size) * size);
    }
    table = childOf(k, registry, table, entry);
  }
  return undefined;
}
