// SPDX-License-Identifier: GPL-2.0-only
import { bitsOfDescriptor, descriptorFromHalves, type Descriptor } from '../../base/descriptor.ts';
import { highHalf, lowHalf } from '../../base/u64.ts';
import type { ByteCount, PhysAddr, Pfn, Ptr, VirtAddr } from '../../base/units.ts';
import type { Level, LevelName } from '../../trace/machine.ts';
import { entryAddress, type TracedTable } from '../../trace/traced-table.ts';
import type { Kernel, KernelWorld } from '../kernel.ts';
import { frameOf, leafFrameAt, matches } from './entry.ts';
import { partOfState } from '../part-of-state.ts';

/** One page table: the frame that holds it, and where it stands in the tree. */
interface Table {
  readonly addr: Ptr;
  /** Behind its last byte. */
  readonly end: Ptr;
  /** Index in `machine.levels`. */
  readonly depth: number;
  readonly level: Level;
  /** Where it stands now. */
  traced: TracedTable;
  /** False while all its entries are 0 for certain. */
  isWritten: boolean;
  /** How the lower half of an entry looks that links a table: which bits tell, and what they are. */
  readonly linkMask: number;
  readonly linkBits: number;
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

const pageTables = partOfState((): PageTables => new PageTables());

function makeTable({ machine, pageSize, mem }: KernelWorld, addr: Ptr, depth: number): Table {
  const level = machine.levels[depth]!;
  return {
    addr,
    end: addr + pageSize,
    depth,
    level,
    traced: {
      level: level.name,
      pfn: mem.pfnOfHeap(addr),
      first: undefined,
      entrySize: 2 ** level.shift,
      lowerHalf: depth === 0 && machine.arch !== 'arm64' ? level.entries / 2 : 0,
    },
    isWritten: false,
    ...linkOf(level),
  };
}

/** What tells of links is in the lower half of an entry on all machines; at the last level nothing does. */
function linkOf({ table }: Level): { readonly linkMask: number; readonly linkBits: number } {
  if (table === undefined) return { linkMask: 0, linkBits: 1 };
  const isTold = table.value !== 'any' && bitsOfDescriptor(table.mask) < 2 ** 31;
  return isTold
    ? { linkMask: Number(bitsOfDescriptor(table.mask)), linkBits: Number(bitsOfDescriptor(table.value)) }
    : { linkMask: 0, linkBits: 0 };
}

/** From now on stores to tables become events, and addresses outside the linear map go through the tables. */
export function connectMmu(k: Kernel): void {
  const registry = k.state(pageTables);
  const { pageSize, trace } = k;
  const { entries } = k.mem;
  const size = pageSize | 0;
  entries.onStore = (addr, highBefore, lowBefore, high, low) => {
    const table = registry.holding(addr, pageSize);
    if (table === undefined) return;
    table.isWritten = true;
    const index = (addr - table.addr) / 8;
    const { stores } = trace;
    stores.tableWrite(k.cpu, table.traced, index, highBefore, lowBefore, high, low);
    if (isLink(table, low) || isLink(table, lowBefore)) {
      relink(k, registry, table, index, highBefore, lowBefore, high, low);
    } else if (stores.rows !== undefined) {
      const place = stores.rows.placeOf(k.cpu, table.traced);
      const { addr: start, linkMask, linkBits } = table;
      entries.open({ start, size, cpu: k.cpu, rows: stores.rows, place, linkMask, linkBits });
    }
  };
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
  const registry = k.state(pageTables);
  const table = makeTable(k, addr, depth);
  registry.add(table);
  if (depth === 0 && registry.root === undefined) {
    registry.root = table;
    const { entrySize } = table.traced;
    table.traced = movedTo(table.traced, -(table.level.entries * entrySize));
  }
  k.trace.emit({ kind: 'alloc', what: 'table', addr, size, name: `${name} table`, level: name });
  return addr;
}

/** Gives a table back, or the page that became one. Emits `free` or `page`. */
export function freeTable(k: Kernel, addr: Ptr): void {
  const isObject = k.mem.releaseTable(addr, k.pageSize);
  k.state(pageTables).remove(addr);
  if (isObject) k.trace.emit({ kind: 'free', what: 'table', addr });
  else k.__free_pages(k.virt_to_page(addr), 0);
}

function isLink({ linkMask, linkBits }: Table, lowHalfOfEntry: number): boolean {
  return (lowHalfOfEntry & linkMask) === linkBits;
}

/** One literal for all of them: they are of one shape then. */
function movedTo(
  { level, pfn, entrySize, lowerHalf }: TracedTable,
  first: VirtAddr | undefined,
): TracedTable {
  return { level, pfn, first, entrySize, lowerHalf };
}

/** What an entry pointed to is no longer in its place, and what it points to now is. */
function relink(
  k: KernelWorld,
  registry: PageTables,
  table: Table,
  index: number,
  highBefore: number,
  lowBefore: number,
  high: number,
  low: number,
): void {
  const before = descriptorFromHalves(highBefore, lowBefore);
  const after = descriptorFromHalves(high, low);
  const first = entryAddress(table.traced, index);
  const child = childOf(k, registry, table, after) ?? adopt(k, registry, table, after);
  const former = childOf(k, registry, table, before);
  if (former !== undefined && former !== child) setFirst(k, registry, former, undefined);
  if (child !== undefined && child.traced.first !== first) setFirst(k, registry, child, first);
}

function childOf(k: KernelWorld, registry: PageTables, table: Table, entry: Descriptor): Table | undefined {
  const format = table.level.table;
  if (format === undefined || !matches(entry, format)) return undefined;
  return registry.at(linearOf(k, frameOf(k.machine, entry)));
}

/**
 * Memory that was allocated for something else (early memory, a part of the kernel image, a page) is a table from the moment an
 * entry points to it: that is all that hardware knows of tables.
 */
function adopt(k: KernelWorld, registry: PageTables, parent: Table, entry: Descriptor): Table | undefined {
  const format = parent.level.table;
  if (format === undefined || !matches(entry, format)) return undefined;
  const addr = linearOf(k, frameOf(k.machine, entry));
  if (!k.mem.becomeTable(addr, k.pageSize)) return undefined;
  const table = makeTable(k, addr, parent.depth + 1);
  table.isWritten = !k.mem.isUntouched(addr, k.pageSize);
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
  table.traced = movedTo(table.traced, first);
  k.mem.entries.close();
  const hasTables = table.level.table !== undefined;
  if (!table.isWritten || (first === undefined && !hasTables)) return;
  for (let index = 0; index < table.level.entries; index++) {
    const entry = k.mem.ldDescriptor(table.addr + index * 8);
    if (entry === 0) continue;
    const bits = bitsOfDescriptor(entry);
    if (first !== undefined)
      k.trace.stores.tableWrite(k.cpu, table.traced, index, 0, 0, highHalf(bits), lowHalf(bits));
    const child = childOf(k, registry, table, entry);
    if (child !== undefined) setFirst(k, registry, child, entryAddress(table.traced, index));
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
    const { level } = table;
    const size = table.traced.entrySize;
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
