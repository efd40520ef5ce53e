// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../base/descriptor.ts';
import type { ByteCount, VirtAddr } from '../base/units.ts';
import type { Machine } from './machine.ts';
import type { OperationJournal } from './operation-journal.ts';
import { entryFormatOf, type EntryFormat, type Leaf, type LevelFormat } from './page-table-entry.ts';

/** A table as far as events told of it. `bigs` holds the rare entries that do not fit a plain number. */
interface Node {
  readonly addr: VirtAddr;
  readonly descriptors: Float64Array;
  /** By slot; few, so that small traces cost little. */
  readonly children: Map<number, Node> | undefined;
  bigs: Map<number, bigint> | undefined;
  /** The slots that were ever used: all others are empty and have no child. */
  low: number;
  high: number;
}

/** Where a lookup ended: the leaf, or the hole, and the addresses of which the same can be said. */
export interface Extent {
  readonly addr: VirtAddr;
  readonly size: ByteCount;
  readonly leaf: Leaf | undefined;
}

/** An entry was stored; told after the fact. */
export interface TableChangeListener {
  /** The leaf at `addr` no longer stands in the tables as it did: it was cleared, replaced or unlinked. */
  leafGone(format: LevelFormat, addr: VirtAddr, descriptor: Descriptor): void;
  /** A table pointer was taken out or pointed elsewhere. */
  tableGone(format: LevelFormat, addr: VirtAddr, descriptor: Descriptor): void;
}

/**
 * The reachable page tables, folded from `table-write` events alone: what each virtual address translates to. It
 * mirrors the tables' tree, so that large empty ranges cost nothing; tables above the first one that an event
 * mentions are taken to exist.
 */
export class PageTableState {
  readonly format: EntryFormat;
  /** Receives every change while an operation runs. */
  journal: OperationJournal | undefined;
  readonly #listener: TableChangeListener | undefined;
  readonly #roots = new Map<number, Node>();
  /** The table of each level that was used last: writes come in runs. */
  readonly #recent: (Node | undefined)[];

  constructor(machine: Machine, listener?: TableChangeListener) {
    this.format = entryFormatOf(machine);
    this.#listener = listener;
    this.#recent = this.format.levels.map(() => undefined);
  }

  /** The entry of a level that covers `addr`; 0 where no event told of one. */
  entry(format: LevelFormat, addr: VirtAddr): Descriptor {
    const node = this.#find(format, addr);
    return node === undefined ? 0 : read(node, slotOf(format, node, addr));
  }

  /** The entry at which a lookup of `addr` ends: 0 if it is empty, and more where it is kept but not valid. */
  rawEntry(addr: VirtAddr): Descriptor {
    const { size } = this.lookup(addr);
    const format = this.format.levels.find(({ entrySize }) => entrySize === size);
    return format === undefined ? 0 : this.entry(format, addr);
  }

  /** Stores an entry; returns what stood there. `addr` is any address that the entry covers. */
  store(format: LevelFormat, addr: VirtAddr, after: Descriptor): Descriptor {
    const node = this.#find(format, addr) ?? this.#make(format, addr);
    const slot = slotOf(format, node, addr);
    const before = read(node, slot);
    if (before === after) return before;
    const first = node.addr + slot * format.entrySize;
    this.journal?.append(format, first, before);
    write(node, slot, after);
    if (before === 0) return before;
    const kind = this.format.kind(format, before);
    if (kind === 'leaf') {
      const same = this.format.kind(format, after) === 'leaf' && this.format.sameTranslation(before, after);
      if (!same) this.#listener?.leafGone(format, first, before);
    } else if (kind === 'table' && !this.#pointsToSameTable(format, before, after)) {
      this.#listener?.tableGone(format, first, before);
      this.#dropBelow(format, node, slot);
    }
    return before;
  }

  /** What `addr` translates to. */
  translate(addr: VirtAddr): Leaf | undefined {
    return this.lookup(addr).leaf;
  }

  /** What `addr` translates to, with the extent of the answer. */
  lookup(addr: VirtAddr): Extent {
    return this.#lookup(addr, undefined);
  }

  /** What `addr` translated to before the changes in `journal`, which must be the latest ones. */
  lookupBefore(addr: VirtAddr, journal: OperationJournal): Extent {
    return this.#lookup(addr, journal);
  }

  #lookup(addr: VirtAddr, journal: OperationJournal | undefined): Extent {
    const { levels } = this.format;
    let node = this.#roots.get(Math.floor(addr / levels[0]!.tableSize));
    for (const format of levels) {
      const first = Math.floor(addr / format.entrySize) * format.entrySize;
      const original = journal?.original(format, first);
      const slot = node === undefined ? 0 : slotOf(format, node, addr);
      const descriptor = original ?? (node === undefined ? 0 : read(node, slot));
      const kind = this.format.kind(format, descriptor);
      if (kind === 'leaf') {
        return { addr: first, size: format.entrySize, leaf: this.format.leaf(format, descriptor, first) };
      }
      const child = node?.children?.get(slot);
      const descend = kind === 'table' || (original === undefined && child !== undefined);
      if (!descend || (child === undefined && journal === undefined) || format === this.format.last) {
        return { addr: first, size: format.entrySize, leaf: undefined };
      }
      node = child;
    }
    throw new Error('a lookup ends at the last level');
  }

  /** Every leaf that shares an address with [start, end), in ascending order. */
  forEachLeaf(start: VirtAddr, end: VirtAddr, visit: (leaf: Leaf) => void): void {
    const root = this.format.levels[0]!;
    for (const node of this.#rootsIn(start, end)) this.#visit(root, node, start, end, visit);
  }

  leaves(start: VirtAddr, end: VirtAddr): Leaf[] {
    const leaves: Leaf[] = [];
    this.forEachLeaf(start, end, (leaf) => leaves.push(leaf));
    return leaves;
  }

  #visit(format: LevelFormat, node: Node, start: VirtAddr, end: VirtAddr, visit: (leaf: Leaf) => void): void {
    const from = Math.max(node.low, Math.floor((start - node.addr) / format.entrySize));
    const to = Math.min(node.high + 1, Math.ceil((end - node.addr) / format.entrySize));
    const below = node.children?.size === 0 ? undefined : node.children;
    for (let slot = from; slot < to; slot++) {
      const descriptor = read(node, slot);
      if (descriptor === 0 && below === undefined) continue;
      const addr = node.addr + slot * format.entrySize;
      if (descriptor !== 0 && this.format.kind(format, descriptor) === 'leaf') {
        visit(this.format.leaf(format, descriptor, addr));
        continue;
      }
      const child = below?.get(slot);
      if (child !== undefined) this.#visit(this.format.levels[format.index + 1]!, child, start, end, visit);
    }
  }

  /** Every entry that is not empty of the tables that cover [start, end), tables before what they point to. */
  forEachEntry(
    start: VirtAddr,
    end: VirtAddr,
    visit: (format: LevelFormat, addr: VirtAddr, descriptor: Descriptor) => void,
  ): void {
    const descend = (format: LevelFormat, node: Node): void => {
      const from = Math.max(node.low, Math.floor((start - node.addr) / format.entrySize));
      const to = Math.min(node.high + 1, Math.ceil((end - node.addr) / format.entrySize));
      for (let slot = from; slot < to; slot++) {
        const descriptor = read(node, slot);
        if (descriptor !== 0) visit(format, node.addr + slot * format.entrySize, descriptor);
        const child = node.children?.get(slot);
        if (child !== undefined) descend(this.format.levels[format.index + 1]!, child);
      }
    };
    const root = this.format.levels[0]!;
    for (const node of this.#rootsIn(start, end)) descend(root, node);
  }

  /** One or two on any real machine: the halves of the address space. */
  #rootsIn(start: VirtAddr, end: VirtAddr): Node[] {
    const { tableSize } = this.format.levels[0]!;
    const roots = [...this.#roots.values()].filter(({ addr }) => addr < end && addr + tableSize > start);
    return roots.length < 2 ? roots : roots.toSorted((a, b) => a.addr - b.addr);
  }

  #find(format: LevelFormat, addr: VirtAddr): Node | undefined {
    const recent = this.#recent[format.index];
    if (recent !== undefined && addr >= recent.addr && addr < recent.addr + format.tableSize) return recent;
    const { levels } = this.format;
    let node = this.#roots.get(Math.floor(addr / levels[0]!.tableSize));
    for (let index = 0; index < format.index && node !== undefined; index++) {
      node = node.children?.get(slotOf(levels[index]!, node, addr));
    }
    if (node !== undefined) this.#recent[format.index] = node;
    return node;
  }

  #make(format: LevelFormat, addr: VirtAddr): Node {
    const { levels } = this.format;
    const key = Math.floor(addr / levels[0]!.tableSize);
    let node = this.#roots.get(key);
    if (node === undefined) this.#roots.set(key, (node = this.#newNode(levels[0]!, addr)));
    for (let index = 0; index < format.index; index++) {
      const slot = slotOf(levels[index]!, node, addr);
      let child = node.children!.get(slot);
      if (child === undefined) {
        child = this.#newNode(levels[index + 1]!, addr);
        node.children!.set(slot, child);
        noteUse(node, slot);
      }
      node = child;
    }
    this.#recent[format.index] = node;
    return node;
  }

  #newNode(format: LevelFormat, addr: VirtAddr): Node {
    return {
      addr: Math.floor(addr / format.tableSize) * format.tableSize,
      descriptors: new Float64Array(format.entries),
      children: format === this.format.last ? undefined : new Map(),
      bigs: undefined,
      low: format.entries,
      high: -1,
    };
  }

  #pointsToSameTable(format: LevelFormat, before: Descriptor, after: Descriptor): boolean {
    if (this.format.kind(format, after) !== 'table') return false;
    return this.format.rawPfn(this.format.last, before) === this.format.rawPfn(this.format.last, after);
  }

  /** The table under an entry is out of reach: so is all that it mapped. */
  #dropBelow(format: LevelFormat, node: Node, slot: number): void {
    const child = node.children?.get(slot);
    if (child === undefined) return;
    const below = this.format.levels[format.index + 1]!;
    for (let index = 0; index < below.entries; index++) {
      const addr = child.addr + index * below.entrySize;
      const descriptor = read(child, index);
      if (descriptor !== 0) {
        this.journal?.append(below, addr, descriptor);
        const kind = this.format.kind(below, descriptor);
        if (kind === 'leaf') this.#listener?.leafGone(below, addr, descriptor);
        else if (kind === 'table') this.#listener?.tableGone(below, addr, descriptor);
      }
      this.#dropBelow(below, child, index);
    }
    node.children!.delete(slot);
    this.#recent.fill(undefined, format.index + 1);
  }
}

function slotOf(format: LevelFormat, node: Node, addr: VirtAddr): number {
  return Math.floor((addr - node.addr) / format.entrySize);
}

function read(node: Node, slot: number): Descriptor {
  const value = node.descriptors[slot]!;
  return Number.isNaN(value) ? node.bigs!.get(slot)! : value;
}

function noteUse(node: Node, slot: number): void {
  if (slot < node.low) node.low = slot;
  if (slot > node.high) node.high = slot;
}

function write(node: Node, slot: number, descriptor: Descriptor): void {
  noteUse(node, slot);
  if (typeof descriptor === 'number') {
    node.descriptors[slot] = descriptor;
    return;
  }
  node.descriptors[slot] = Number.NaN;
  (node.bigs ??= new Map()).set(slot, descriptor);
}
