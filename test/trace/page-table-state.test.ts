// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Descriptor } from '../../src/base/descriptor.ts';
import type { TableWriteEvent, TraceEvent } from '../../src/trace/events.ts';
import { MachineState } from '../../src/trace/machine-state.ts';
import { OperationJournal } from '../../src/trace/operation-journal.ts';
import { netChanges, type TranslationChange } from '../../src/trace/translation-change.ts';
import { leafEntry, pageKernel, tableEntry, tiny } from './small-machines.ts';

const PAGE = 4096;
const BASE = tiny.addresses.vmallocStart;
const PAGES = 64;
const PROTECTIONS = [pageKernel(tiny), 0x1f] as const;

/** Physical tables as hardware has them, walked from the root for each page: slow and plainly right. */
class FlatMachine {
  readonly tables = new Map<number, Descriptor[]>([[100, [0, 0, 0, 0]]]);
  readonly events: TraceEvent[] = [];
  readonly #format = new MachineState(tiny).tables.format;

  /** Stores an entry of the table at a frame and tells of it as the hardware model does. */
  store(table: number, index: number, after: Descriptor): void {
    const entries = this.tables.get(table)!;
    const before = entries[index]!;
    entries[index] = after;
    const place = this.place(table);
    this.#emit(table, index, before, after, place);
    if (place === undefined) return;
    const format = this.#format.levels[place.level]!;
    if (this.#format.kind(format, after) === 'table') this.#emitBelow(this.#format.rawPfn(format, after));
  }

  /** Level and first address of a reachable table. */
  place(table: number): { level: number; addr: number } | undefined {
    const search = (at: number, level: number, addr: number): { level: number; addr: number } | undefined => {
      if (at === table) return { level, addr };
      const format = this.#format.levels[level]!;
      for (const [index, descriptor] of this.tables.get(at)!.entries()) {
        if (this.#format.kind(format, descriptor) !== 'table') continue;
        const found = search(
          this.#format.rawPfn(format, descriptor),
          level + 1,
          addr + index * format.entrySize,
        );
        if (found !== undefined) return found;
      }
      return undefined;
    };
    return search(100, 0, BASE);
  }

  /** `pfn:attributes` of every page that is mapped, by page number from BASE. */
  translations(): Map<number, string> {
    const map = new Map<number, string>();
    const walk = (table: number, level: number, page: number): void => {
      const format = this.#format.levels[level]!;
      for (const [index, descriptor] of this.tables.get(table)!.entries()) {
        const first = page + index * format.entryPages;
        const kind = this.#format.kind(format, descriptor);
        if (kind === 'table') walk(this.#format.rawPfn(format, descriptor), level + 1, first);
        if (kind !== 'leaf') continue;
        const leaf = this.#format.leaf(format, descriptor, BASE + first * PAGE);
        for (let i = 0; i < format.entryPages; i++)
          map.set(first + i, translationText(leaf.pfn + i, leaf.attributes));
      }
    };
    walk(100, 0, 0);
    return map;
  }

  #emitBelow(table: number): void {
    for (const [index, descriptor] of this.tables.get(table)!.entries()) {
      if (descriptor === 0) continue;
      const place = this.place(table)!;
      this.#emit(table, index, 0, descriptor, place);
      const format = this.#format.levels[place.level]!;
      if (this.#format.kind(format, descriptor) === 'table')
        this.#emitBelow(this.#format.rawPfn(format, descriptor));
    }
  }

  #emit(
    table: number,
    index: number,
    before: Descriptor,
    after: Descriptor,
    place: { level: number; addr: number } | undefined,
  ): void {
    const format = this.#format.levels[place?.level ?? LEVEL_OF.get(table)!]!;
    const addr = place === undefined ? undefined : place.addr + index * format.entrySize;
    const event: TableWriteEvent = {
      kind: 'table-write',
      cpu: 0,
      level: format.name,
      addr,
      table,
      index,
      before,
      after,
    };
    this.events.push(event);
  }
}

/** The type of a page's entry differs from a block's, not the translation. */
const TYPE_BIT = 1 << 15;
const translationText = (pfn: number, attributes: number): string => `${pfn}:${attributes & ~TYPE_BIT}`;

const LEVEL_OF = new Map([
  [100, 0],
  ...[110, 111].map((t) => [t, 1] as const),
  ...[120, 121, 122].map((t) => [t, 2] as const),
]);

type Action =
  | { do: 'leaf'; table: number; index: number; pfn: number; prot: number }
  | { do: 'clear'; table: number; index: number }
  | { do: 'link'; table: number; index: number; below: number }
  | { do: 'flush'; page: number; pages: number }
  | { do: 'flush-all' }
  | { do: 'begin' };

const tableFrame = fc.constantFrom(100, 110, 111, 120, 121, 122);
const slot = fc.nat(3);
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    do: fc.constant('leaf' as const),
    table: tableFrame,
    index: slot,
    pfn: fc.nat(7),
    prot: fc.nat(1),
  }),
  fc.record({ do: fc.constant('clear' as const), table: tableFrame, index: slot }),
  fc.record({ do: fc.constant('link' as const), table: tableFrame, index: slot, below: tableFrame }),
  fc.record({
    do: fc.constant('flush' as const),
    page: fc.nat(PAGES - 1),
    pages: fc.integer({ min: 1, max: 20 }),
  }),
  fc.record({ do: fc.constant('flush-all' as const) }),
  fc.record({ do: fc.constant('begin' as const) }),
);

function apply(machine: FlatMachine, step: Action): void {
  if (step.do === 'flush' || step.do === 'flush-all') {
    const all = step.do === 'flush-all';
    const start = all ? 0 : BASE + step.page * PAGE;
    const end = all ? 0 : start + step.pages * PAGE;
    machine.events.push({ kind: 'tlb-flush', scope: all ? 'all' : 'range', start, end, local: false });
    return;
  }
  if (step.do === 'begin') return;
  for (const below of [110, 111, 120, 121, 122]) {
    if (!machine.tables.has(below)) machine.tables.set(below, [0, 0, 0, 0]);
  }
  const level = LEVEL_OF.get(step.table)!;
  if (step.do === 'clear') return machine.store(step.table, step.index, 0);
  if (step.do === 'link') {
    // A tree: a table hangs below one entry only.
    const linked = [...machine.tables.values()].flat().includes(tableEntry(tiny, step.below));
    if (LEVEL_OF.get(step.below) !== level + 1 || linked) return;
    return machine.store(step.table, step.index, tableEntry(tiny, step.below));
  }
  const name = tiny.levels[level]!.name;
  const pages = 4 ** (2 - level);
  machine.store(step.table, step.index, leafEntry(tiny, name, step.pfn * pages, PROTECTIONS[step.prot]!));
}

function seen(
  lookup: (addr: number) => { pfn: number; addr: number; attributes: number } | undefined,
): Map<number, string> {
  const map = new Map<number, string>();
  for (let page = 0; page < PAGES; page++) {
    const leaf = lookup(BASE + page * PAGE);
    if (leaf === undefined) continue;
    const pfn = leaf.pfn + (BASE + page * PAGE - leaf.addr) / PAGE;
    map.set(page, translationText(pfn, leaf.attributes));
  }
  return map;
}

describe('the fold of table writes', () => {
  it('agrees with a walk of the physical tables after every event sequence', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (steps) => {
        const flat = new FlatMachine();
        const state = new MachineState(tiny);
        let n = 0;
        let atBegin = flat.translations();
        let journal = new OperationJournal();
        state.tables.journal = journal;
        const cached = new Map<number, Set<string>>();
        for (const step of steps) {
          if (step.do === 'begin') {
            atBegin = flat.translations();
            state.tables.journal = journal = new OperationJournal();
          }
          apply(flat, step);
          const live = flat.translations();
          for (; n < flat.events.length; n++) {
            const event = flat.events[n]!;
            state.step(event, n);
            if (event.kind === 'tlb-flush') forget(cached, event);
          }
          for (const [page, text] of live) cached.set(page, (cached.get(page) ?? new Set()).add(text));
          expect(seen((addr) => state.tables.translate(addr))).toEqual(live);
          expect(seen((addr) => state.tables.lookupBefore(addr, journal).leaf)).toEqual(atBegin);
          expect(leavesSeen(state)).toEqual(live);
          expect(changedPages(netChanges(state.tables, journal))).toEqual(differingPages(atBegin, live));
          expect(staleSeen(state, live)).toEqual(staleExpected(cached, live));
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Flushing forgets what is cached; what the tables still hold is cached again at once. */
function forget(
  cached: Map<number, Set<string>>,
  event: { scope: string; start: number; end: number },
): void {
  for (const page of cached.keys()) {
    const addr = BASE + page * PAGE;
    if (event.scope === 'all' || (addr >= event.start && addr < event.end)) cached.delete(page);
  }
}

function changedPages(changes: readonly TranslationChange[]): number[] {
  return changes.flatMap(({ addr, size }) =>
    Array.from({ length: size / PAGE }, (_, index) => (addr - BASE) / PAGE + index),
  );
}

function differingPages(before: Map<number, string>, after: Map<number, string>): number[] {
  return Array.from({ length: PAGES }, (_, page) => page).filter(
    (page) => before.get(page) !== after.get(page),
  );
}

function leavesSeen(state: MachineState): Map<number, string> {
  const map = new Map<number, string>();
  state.tables.forEachLeaf(BASE, BASE + PAGES * PAGE, (leaf) => {
    for (let i = 0; i < leaf.size / PAGE; i++) {
      map.set((leaf.addr - BASE) / PAGE + i, translationText(leaf.pfn + i, leaf.attributes));
    }
  });
  return map;
}

function staleSeen(state: MachineState, live: Map<number, string>): string[] {
  const set = new Set<string>();
  for (const { addr, size, pfn, descriptor, format } of state.stale.overlapping(BASE, BASE + PAGES * PAGE)) {
    const { attributes } = state.tables.format.leaf(format, descriptor, addr);
    for (let i = 0; i < size / PAGE; i++) {
      const page = (addr - BASE) / PAGE + i;
      if (live.get(page) !== translationText(pfn + i, attributes))
        set.add(`${page}=${translationText(pfn + i, attributes)}`);
    }
  }
  return [...set].toSorted();
}

function staleExpected(cached: Map<number, Set<string>>, live: Map<number, string>): string[] {
  const list: string[] = [];
  for (const [page, texts] of cached) {
    for (const text of texts) if (live.get(page) !== text) list.push(`${page}=${text}`);
  }
  return list.toSorted();
}
