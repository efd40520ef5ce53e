// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../src/base/descriptor.ts';
import type { Pfn } from '../../src/base/units.ts';
import type { U64 } from '../../src/base/u64.ts';
import type { Intent, PageRun, TraceEvent } from '../../src/trace/events.ts';
import type { LevelName, Machine } from '../../src/trace/machine.ts';
import { EntryFormat, type LevelFormat } from '../../src/trace/page-table-entry.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { contiguousEntry, leafEntry, pageKernel, tableEntry } from '../trace/small-machines.ts';

export const PAGE = 4096;
export const KIB64 = 16 * PAGE;
export const MIB2 = 512 * PAGE;

interface EntryOptions {
  /** Entries to write; 1 if absent. */
  readonly count?: number;
  readonly prot?: Descriptor;
  readonly contiguous?: boolean;
}

/**
 * Builds a trace by hand: `traceOn(arm64).op('vmap', intent).map('pte', addr, pfn).returns().trace`. Tables above an
 * entry are written as they are needed, as a kernel that allocates them would.
 */
export class TraceBuilder {
  readonly machine: Machine;
  readonly events: TraceEvent[] = [];
  readonly #format: EntryFormat;
  /** Entries by level and address. */
  readonly #entries = new Map<string, Descriptor>();
  /** Frames of tables by level and place; that of the root is 1. */
  readonly #tables = new Map<string, Pfn>();
  #nextTable: number;
  #operations = 0;
  /** On arm64, what was stored is published before a call returns, unless a fixture says otherwise. */
  #publishes: boolean;

  constructor(machine: Machine) {
    this.machine = machine;
    this.#format = new EntryFormat(machine);
    this.#publishes = machine.arch === 'arm64';
    this.#nextTable = machine.addresses.heapStart + 16;
  }

  get trace(): Trace {
    return { machine: this.machine, events: this.events };
  }

  event(...events: readonly TraceEvent[]): this {
    this.events.push(...events);
    return this;
  }

  op(name: string, intent: Intent, also: { readonly isStatic?: true } = {}): this {
    return this.event({ kind: 'operation', operation: this.#operations++, cpu: 0, name, ...also, intent });
  }

  returns(result: { value?: U64; error?: number; addr?: number } = {}): this {
    const { value = 0, error = 0, ...rest } = result;
    if (this.#publishes) this.barriers('dsb ishst', 'isb');
    return this.event({ kind: 'return', operation: this.#operations - 1, value, error, ...rest });
  }

  /** Leaves of one level, one after the other, with consecutive frames. */
  map(level: LevelName, addr: number, pfn: number, options: EntryOptions = {}): this {
    const { count = 1, prot = pageKernel(this.machine), contiguous = false } = options;
    const format = this.#format.level(level);
    for (let index = 0; index < count; index++) {
      const make = contiguous ? contiguousEntry : leafEntry;
      const entry = make(this.machine, level, pfn + index * format.entryPages, prot);
      this.write(level, addr + index * format.entrySize, entry);
    }
    return this;
  }

  clear(level: LevelName, addr: number, count = 1): this {
    const { entrySize } = this.#format.level(level);
    for (let index = 0; index < count; index++) this.write(level, addr + index * entrySize, 0);
    return this;
  }

  write(level: LevelName, addr: number, after: Descriptor): this {
    const format = this.#format.level(level);
    for (const upper of this.#format.levels.slice(0, format.index)) {
      const first = Math.floor(addr / upper.entrySize) * upper.entrySize;
      const entry = this.#entries.get(`${upper.name} ${first}`) ?? 0;
      if (this.#format.kind(upper, entry) !== 'table') this.#newTable(upper, first);
    }
    return this.#store(format, addr, after);
  }

  tlb(start: number, end: number): this {
    return this.event({ kind: 'tlb-flush', scope: 'range', start, end, local: false });
  }

  tlbAll(): this {
    return this.event({ kind: 'tlb-flush', scope: 'all', start: 0, end: 0, local: false });
  }

  /** From here on barriers are what the fixture writes down. */
  withoutBarriers(): this {
    this.#publishes = false;
    return this;
  }

  barriers(...names: readonly string[]): this {
    return this.event(...names.map((name) => ({ kind: 'barrier', name }) as const));
  }

  /** An instruction alone. */
  tlbi(start: number, end: number, local = false): this {
    return this.event({ kind: 'tlb-flush', scope: 'range', start, end, local, bare: true });
  }

  cacheVmap(start: number, end: number): this {
    return this.event({ kind: 'cache-flush', call: 'flush_cache_vmap', start, end });
  }

  cacheVunmap(start: number, end: number): this {
    return this.event({ kind: 'cache-flush', call: 'flush_cache_vunmap', start, end });
  }

  area(addr: number, size: number, ...flagNames: readonly string[]): this {
    return this.event({ kind: 'area', addr, size, flags: 0, flagNames });
  }

  #newTable(format: LevelFormat, addr: number): void {
    const table = this.#nextTable++;
    const linear = this.machine.addresses.pageOffset + table * PAGE;
    const below = this.#format.levels[format.index + 1]!;
    const level = below.name;
    this.#tables.set(placeOf(below, addr), table);
    this.event({ kind: 'alloc', what: 'table', addr: linear, size: PAGE, name: `${level} table`, level });
    this.#store(format, addr, tableEntry(this.machine, table));
  }

  #store(format: LevelFormat, addr: number, after: Descriptor): this {
    const key = `${format.name} ${addr}`;
    const before = this.#entries.get(key) ?? 0;
    this.#entries.set(key, after);
    const slot = Math.floor(addr / format.entrySize) % format.entries;
    const index = slot < 0 ? slot + format.entries : slot;
    return this.event({
      kind: 'table-write',
      cpu: 0,
      level: format.name,
      addr,
      table: this.#tables.get(placeOf(format, addr)) ?? 1,
      index,
      before,
      after,
    });
  }
}

function placeOf({ name, tableSize }: LevelFormat, addr: number): string {
  return `${name} ${Math.floor(addr / tableSize)}`;
}

export function traceOn(machine: Machine): TraceBuilder {
  return new TraceBuilder(machine);
}

interface MapWish {
  readonly addr?: number;
  readonly pages: readonly PageRun[];
  readonly maxShift?: number;
  readonly legal?: boolean;
  readonly prot?: Descriptor;
}

/** A map call for these pages. */
export function mapIntent(machine: Machine, wish: MapWish): Intent {
  const { addr, pages, maxShift = 12, legal = true, prot = pageKernel(machine) } = wish;
  const size = pages.reduce((sum, { count }) => sum + count, 0) * PAGE;
  return { kind: 'map', ...(addr === undefined ? {} : { addr }), size, pages, prot, maxShift, legal };
}
