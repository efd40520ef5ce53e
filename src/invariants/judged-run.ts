// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, VirtAddr } from '../base/units.ts';
import type { EventSequence, Intent, OperationEvent, ReturnEvent, TraceEvent } from '../trace/events.ts';
import { leafRuns, writtenLeafRuns, type LeafRun } from '../trace/leaf-runs.ts';
import { MachineState } from '../trace/machine-state.ts';
import type { Machine } from '../trace/machine.ts';
import type { OperationJournal } from '../trace/operation-journal.ts';
import { changesOutside, netChanges, type TranslationChange } from '../trace/translation-change.ts';
import type { Trace } from '../trace/trace.ts';

/** An entry point at work. */
export interface JudgedOperation {
  readonly event: OperationEvent;
  /** Number of that event. */
  readonly n: number;
  readonly intent: Intent;
  /** Every page-table entry that changed since it began. */
  readonly journal: OperationJournal;
  /** No other operation was under way at the same time: what changed, it changed. */
  alone: boolean;
  /** The caller keeps to the rules: no bad pages, no sizes that do not exist, no attributes for what is not mapped. */
  readonly legal: boolean;
  /** Allocations that were refused to it. */
  refusals: number;
  /** Those of them that asked for more than one page at once: the callee may have another way. */
  largeRefusals: number;
  /** A WARN fired: what follows from it is told by that. */
  warned: boolean;
}

/** What a map call mapped, once it succeeded. */
export interface MappedRange {
  readonly addr: VirtAddr;
  readonly end: VirtAddr;
  readonly size: ByteCount;
}

type MapIntent = Extract<Intent, { kind: 'map' }>;

/** A trace as far as it has been read: what invariants look at. */
export class JudgedRun {
  readonly machine: Machine;
  readonly state: MachineState;
  readonly pageSize: ByteCount;
  /** The operation that the current event belongs to. */
  operation: JudgedOperation | undefined;
  /** The operation that returned last: what the scenario records of its result comes after its return. */
  returned: JudgedOperation | undefined;
  /** A caller changed attributes of what is not mapped: what entries hold from then on is its own doing. */
  misused = false;
  readonly #events: EventSequence;
  /** Number of the current event. */
  #now = 0;
  #leafRuns: { now: number; start: VirtAddr; end: VirtAddr; runs: readonly LeafRun[] } | undefined;
  #written: { now: number; runs: readonly LeafRun[] } | undefined;

  constructor(trace: Trace) {
    this.machine = trace.machine;
    this.#events = trace.events;
    this.pageSize = 2 ** trace.machine.pageShift;
    this.state = new MachineState(trace.machine);
  }

  /** Takes the next event in. */
  step(event: TraceEvent, n: number): void {
    this.#now = n;
    this.state.step(event, n);
  }

  inVmallocSpace(addr: VirtAddr): boolean {
    return addr >= this.machine.addresses.vmallocStart && addr < this.machine.addresses.vmallocEnd;
  }

  /** The linear map: attributes of pages may change there as a side effect of what happens to their aliases. */
  inLinearMap(addr: VirtAddr): boolean {
    const { pageOffset, ramStart, ramPages } = this.machine.addresses;
    return addr >= pageOffset && addr < pageOffset + (ramStart + ramPages) * this.pageSize;
  }

  /** The intent of the current operation if it is a map call that returned success, with whole pages, and was free to. */
  mapped(
    event: ReturnEvent,
  ): { intent: MapIntent; range: MappedRange; operation: JudgedOperation } | undefined {
    const { operation } = this;
    if (operation?.intent.kind !== 'map' || event.error !== 0 || !operation.alone) return undefined;
    const { intent } = operation;
    const addr = intent.addr ?? event.addr;
    if (addr === undefined || addr % this.pageSize !== 0 || intent.size <= 0) return undefined;
    return { intent, range: { addr, end: addr + intent.size, size: intent.size }, operation };
  }

  /** Whether the caller may ask for this, as things stand before the call. */
  isLegal(intent: Intent): boolean {
    switch (intent.kind) {
      case 'map':
      case 'huge':
      case 'show':
        return intent.legal;
      case 'other':
        return intent.legal !== false;
      case 'protect':
        return intent.beyond !== true && this.#isMapped(intent.addr, intent.addr + intent.size);
      case 'take':
      case 'unmap':
      case 'resize':
      case 'linear':
      case 'ask':
        return true;
    }
  }

  #isMapped(start: VirtAddr, end: VirtAddr): boolean {
    for (let addr = start; addr < end;) {
      const { addr: first, size, leaf } = this.state.tables.lookup(addr);
      if (leaf === undefined && this.state.tables.rawEntry(addr) === 0) return false;
      addr = first + size;
    }
    return true;
  }

  /** The last store of the current operation to an entry that covers `addr`; the current event if there is none. */
  lastWriteTo(addr: VirtAddr): number {
    const { format } = this.state.tables;
    for (let n = this.#now; n >= (this.operation?.n ?? 0); n--) {
      const event = this.#events.at(n)!;
      if (event.kind !== 'table-write' || event.addr === undefined) continue;
      if (addr >= event.addr && addr < event.addr + format.level(event.level).entrySize) return n;
    }
    return this.#now;
  }

  /** Has any page-table entry been stored to after the event of that number? */
  hasWritten(since: number): boolean {
    for (let n = this.#now; n > since; n--) if (this.#events.at(n)!.kind === 'table-write') return true;
    return false;
  }

  /** The last store from the event of that number on that took a valid entry of [start, end) away or changed it. */
  lastTakenAway(since: number, start: VirtAddr, end: VirtAddr): number | undefined {
    const { format } = this.state.tables;
    for (let n = this.#now; n >= since; n--) {
      const event = this.#events.at(n)!;
      if (event.kind !== 'table-write' || event.addr === undefined || event.before === event.after) continue;
      const level = format.level(event.level);
      if (event.addr >= end || event.addr + level.entrySize <= start) continue;
      if (format.kind(level, event.before) !== 'none') return n;
    }
    return undefined;
  }

  /** The leaves in [start, end), run by run. Asked for by several invariants at a time, computed once. */
  leafRuns(start: VirtAddr, end: VirtAddr): readonly LeafRun[] {
    const last = this.#leafRuns;
    if (last !== undefined && last.now === this.#now && last.start === start && last.end === end)
      return last.runs;
    const runs = leafRuns(this.state.tables, start, end);
    this.#leafRuns = { now: this.#now, start, end, runs };
    return runs;
  }

  /** The leaves where the current operation wrote, with the rest of the contiguous runs that it touched. */
  writtenLeafRuns(): readonly LeafRun[] {
    if (this.operation === undefined) return [];
    if (this.#written?.now === this.#now) return this.#written.runs;
    const runs = writtenLeafRuns(this.state.tables, this.operation.journal);
    this.#written = { now: this.#now, runs };
    return runs;
  }

  /** What the current operation changed, as translations. */
  changes(): TranslationChange[] {
    return this.operation === undefined ? [] : netChanges(this.state.tables, this.operation.journal);
  }

  /** What the current operation changed outside of [start, end). Costs little when there is nothing. */
  changesOutside(start: VirtAddr, end: VirtAddr): TranslationChange[] {
    if (this.operation === undefined) return [];
    return changesOutside(this.state.tables, this.operation.journal, start, end);
  }
}
