// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../base/descriptor.ts';
import type { Pfn, Ptr, VirtAddr } from '../base/units.ts';
import { AddressRanges } from './address-ranges.ts';
import type { AllocEvent, LockEvent, PageEvent, TableWriteEvent, TraceEvent } from './events.ts';
import type { LevelFormat } from './page-table-entry.ts';
import type { Machine } from './machine.ts';
import { PageTableState, type TableChangeListener } from './page-table-state.ts';
import { StaleTranslations } from './stale-translations.ts';

/** No allocator gives larger blocks, as log2 of pages; scenarios take some that are larger. */
const MOST_ORDER = 24;

/** An event with its number. */
export interface Numbered<T> {
  readonly n: number;
  readonly event: T;
}

/** How often a lock is held, and by which event it was first taken. */
interface Held {
  count: number;
  readonly n: number;
  readonly event: LockEvent;
}

/**
 * What can be known of the machine from the events up to now: page tables, worst-case TLB, caches announced, locks
 * and scopes held, live allocations and pages. One `step` per event, in order.
 */
export class MachineState implements TableChangeListener {
  readonly machine: Machine;
  readonly tables: PageTableState;
  readonly stale: StaleTranslations;
  /** Allocated and not freed, by address. */
  readonly allocations = new Map<Ptr, Numbered<AllocEvent>>();
  /** Taken from the page allocator and not returned, by first frame. */
  readonly pages = new Map<Pfn, Numbered<PageEvent>>();
  readonly #locks = new Map<Ptr, Held>();
  readonly #scopes = new Map<string, number>();
  /** Ranges that flush_cache_vmap() covered after what is mapped there was mapped. */
  readonly cacheVmap = new AddressRanges();
  /** Ranges that flush_cache_vunmap() covered since they were last mapped. */
  readonly cacheVunmap = new AddressRanges();
  #now = 0;

  constructor(machine: Machine) {
    this.machine = machine;
    this.tables = new PageTableState(machine, this);
    this.stale = new StaleTranslations(this.tables.format);
  }

  step(event: TraceEvent, n: number): void {
    this.#now = n;
    switch (event.kind) {
      case 'table-write':
        this.#stepTableWrite(event);
        break;
      case 'tlb-flush':
        this.#stepTlbFlush(event.scope === 'all', event.start, event.end, event.local);
        break;
      case 'cache-flush':
        this.#stepCacheFlush(event.call, event.start, event.end);
        break;
      case 'alloc':
        this.allocations.set(event.addr, { n, event });
        break;
      case 'free':
        this.allocations.delete(event.addr);
        break;
      case 'page':
        if (event.change === 'alloc') this.pages.set(event.pfn, { n, event });
        else this.#freePages(event);
        break;
      case 'lock':
        this.#stepLock(event, n);
        break;
      case 'scope': {
        const depth = (this.#scopes.get(event.scope) ?? 0) + (event.change === 'enter' ? 1 : -1);
        if (depth === 0) this.#scopes.delete(event.scope);
        else this.#scopes.set(event.scope, depth);
        break;
      }
      default:
    }
  }

  /** Locks and scopes that are held, by a text that names them, with how often. */
  held(): Map<string, number> {
    const held = new Map<string, number>();
    for (const { event, count } of this.#locks.values()) {
      held.set(`lock ${event.name}`, (held.get(`lock ${event.name}`) ?? 0) + count);
    }
    for (const [scope, depth] of this.#scopes) held.set(`scope ${scope}`, depth);
    return held;
  }

  leafGone(format: LevelFormat, addr: VirtAddr, descriptor: Descriptor): void {
    this.stale.add(format, addr, descriptor, this.#now);
  }

  tableGone(format: LevelFormat, addr: VirtAddr, descriptor: Descriptor): void {
    const { format: entries } = this.tables;
    this.stale.addTable(addr, format.entrySize, entries.rawPfn(entries.last, descriptor), this.#now);
  }

  /** Pages may come back one by one that were taken as a block, and the other way round. */
  #freePages({ pfn, order }: PageEvent): void {
    const end = pfn + 2 ** order;
    for (let at = this.#blockAround(pfn) ?? pfn; at < end;) {
      const held = this.pages.get(at);
      if (held !== undefined) {
        this.pages.delete(at);
        if (at < pfn || at + 2 ** held.event.order > end) this.#keepOutside(held, pfn, end);
      }
      at += held === undefined ? 1 : 2 ** held.event.order;
    }
  }

  /** The first frame of the block that `pfn` is part of. */
  #blockAround(pfn: Pfn): Pfn | undefined {
    for (let order = 0; order <= MOST_ORDER; order++) {
      const start = Math.floor(pfn / 2 ** order) * 2 ** order;
      const held = this.pages.get(start);
      if (held !== undefined && start + 2 ** held.event.order > pfn) return start;
    }
    return undefined;
  }

  /** What of a block lies outside of [start, end), as blocks. */
  #keepOutside({ n, event }: Numbered<PageEvent>, start: Pfn, end: Pfn): void {
    const { pfn, order } = event;
    if (pfn + 2 ** order <= start || pfn >= end) this.pages.set(pfn, { n, event });
    else if (pfn < start || pfn + 2 ** order > end) {
      for (const half of [pfn, pfn + 2 ** (order - 1)]) {
        this.#keepOutside({ n, event: { ...event, pfn: half, order: order - 1 } }, start, end);
      }
    }
  }

  #stepTableWrite(event: TableWriteEvent): void {
    if (event.addr === undefined) return;
    const { format: entries } = this.tables;
    const format = entries.level(event.level);
    this.tables.store(format, event.addr, event.after);
    if (entries.kind(format, event.after) !== 'leaf') return;
    if (!this.stale.isEmpty) this.stale.restored(format, event.addr, event.after);
    if (!this.cacheVmap.isEmpty) this.cacheVmap.remove(event.addr, event.addr + format.entrySize);
    if (!this.cacheVunmap.isEmpty) this.cacheVunmap.remove(event.addr, event.addr + format.entrySize);
  }

  /**
   * A flush of this CPU alone leaves what other CPUs cached. Outside of vmalloc space it counts in full: the fixmap is
   * used on one CPU, or before there are others.
   */
  #stepTlbFlush(all: boolean, start: VirtAddr, end: VirtAddr, local: boolean): void {
    if (!local) {
      if (all) this.stale.flushAll();
      else this.stale.flush(start, end);
      // x86's INVLPG forgets all that a walker has cached of tables, whatever the address (Intel SDM, volume 3, 5.10.4.1).
      if (this.machine.arch === 'x86' && start < end) this.stale.flushTables();
      return;
    }
    const { vmallocStart, vmallocEnd } = this.machine.addresses;
    this.stale.flush(all ? -Infinity : start, all ? vmallocStart : Math.min(end, vmallocStart));
    this.stale.flush(all ? vmallocEnd : Math.max(start, vmallocEnd), all ? Infinity : end);
  }

  #stepCacheFlush(call: string, start: VirtAddr, end: VirtAddr): void {
    const { vmallocStart, vmallocEnd } = this.machine.addresses;
    if (call === 'flush_cache_all') {
      this.cacheVmap.add(vmallocStart, vmallocEnd);
      this.cacheVunmap.add(vmallocStart, vmallocEnd);
    } else (call === 'flush_cache_vmap' ? this.cacheVmap : this.cacheVunmap).add(start, end);
  }

  #stepLock(event: LockEvent, n: number): void {
    const held = this.#locks.get(event.lock);
    const count = (held?.count ?? 0) + (event.change === 'acquire' ? 1 : -1);
    if (count === 0) this.#locks.delete(event.lock);
    else if (held !== undefined) held.count = count;
    else this.#locks.set(event.lock, { count, n, event });
  }
}
