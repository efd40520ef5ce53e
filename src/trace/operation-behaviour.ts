// SPDX-License-Identifier: GPL-2.0-only
import { errorText } from './error-names.ts';
import type { Descriptor } from '../base/descriptor.ts';
import { hex } from '../base/u64.ts';
import type { VirtAddr } from '../base/units.ts';
import { AddressRanges } from './address-ranges.ts';
import { DIGEST_MARK, type BehaviourKind } from './behaviour.ts';
import { Digest } from './digest.ts';
import type { TableWriteEvent, TraceEvent } from './events.ts';
import type { PlaceNames } from './place-names.ts';
import type { EntryFormat, LevelFormat } from './page-table-entry.ts';

/** Ranges that are told one by one; of more, how many there are and a digest. */
const MOST_RANGES = 3;

const LEAF_CHANGES = ['set', 'set contiguous', 'changed', 'cleared'] as const;
type LeafChange = (typeof LEAF_CHANGES)[number];
const NO_CHANGES: Readonly<Record<LeafChange, number>> = {
  set: 0,
  'set contiguous': 0,
  changed: 0,
  cleared: 0,
};

/** An entry that was written. */
interface Written {
  readonly format: LevelFormat;
  readonly addr: VirtAddr;
  readonly before: Descriptor;
  after: Descriptor;
}

/** Gathers what one operation did, from its events. */
export class OperationBehaviour {
  readonly #entries: EntryFormat;
  readonly #names: PlaceNames;
  readonly #written = new Map<number, Written>();
  readonly #flushed = new Map<string, { readonly ranges: AddressRanges; calls: number; all: boolean }>();
  readonly #allocated = new Map<string, number>();
  readonly #locked = new Map<string, number>();
  readonly #results: string[] = [];
  readonly #areas: string[] = [];
  readonly #warnings: string[] = [];
  #address = '';
  readonly #steps = new Digest();

  constructor(entries: EntryFormat, names: PlaceNames) {
    this.#entries = entries;
    this.#names = names;
  }

  take(event: TraceEvent): void {
    this.#steps.add(stepNumber(event.kind));
    switch (event.kind) {
      case 'table-write':
        return this.#write(event);
      case 'return':
        return this.#return(event);
      case 'tlb-flush':
        return this.#flush(event.local ? 'local tlb' : 'tlb', event, event.scope === 'all');
      case 'cache-flush':
        return this.#flush(event.call, event, event.call === 'flush_cache_all');
      case 'sync':
        return this.#flush('sync', event, false);
      case 'walk':
        return this.#steps.add(event.addr);
      case 'alloc':
        if (event.what === 'object' || event.what === 'table') {
          count(this.#allocated, `${event.name} ${event.size} bytes ${event.gfp ?? ''}`.trimEnd());
        }
        return;
      case 'free':
        if (event.what === 'object' || event.what === 'table') count(this.#allocated, `free ${event.what}`);
        return;
      case 'page':
        return count(this.#allocated, `${event.change} order ${event.order} ${event.gfp ?? ''}`.trimEnd());
      case 'alloc-failure':
        return count(this.#allocated, `refused ${event.name}`);
      case 'counter':
        if (event.value !== 0) this.#results.push(`${event.value} ${event.name}`);
        return;
      case 'page-given':
        return void this.#results.push(`page ${event.index} ${this.#names.frame(event.pfn)}`);
      case 'area':
        return void this.#areas.push(`${event.size} ${event.flagNames.join('|')}`);
      case 'lock':
        return count(this.#locked, `${event.change} ${event.name}`);
      case 'scope':
        return count(this.#locked, `${event.change} ${event.scope}`);
      case 'warn':
        return void this.#warnings.push(event.call);
      case 'fault':
        return void this.#warnings.push(`${event.fault} ${event.access}`);
      case 'fuel':
        return void this.#warnings.push('no end');
      case 'operation':
      case 'access':
      case 'barrier':
      case 'tree':
      // Seen in memory after the call, and told by area/trees, area/lazy and leak.
      case 'tree-state':
      case 'unreachable':
      case 'released':
      case 'given-back':
      case 'area-kept':
      case 'set-aside':
    }
  }

  /** What it did of each kind; '' for nothing. */
  texts(): Readonly<Record<BehaviourKind, string>> {
    return {
      result: this.#results.join(', '),
      area: this.#areas.join(', '),
      warning: this.#warnings.join(', '),
      translation: this.#translations(),
      flush: this.#flushes(),
      'flush-count': [...this.#flushed]
        .map(([name, { calls }]) => `${calls} ${name}`)
        .toSorted()
        .join(', '),
      address: this.#address,
      allocation: countsText(this.#allocated),
      lock: countsText(this.#locked),
      step: `${DIGEST_MARK}${this.#steps.text()}`,
    };
  }

  #write(event: TableWriteEvent): void {
    const { addr, before, after } = event;
    if (addr === undefined) return;
    this.#steps.add(addr);
    const format = this.#entries.level(event.level);
    const key = addr * this.#entries.levels.length + format.index;
    const known = this.#written.get(key);
    if (known === undefined) this.#written.set(key, { format, addr, before, after });
    else known.after = after;
  }

  #return({ error, value, addr }: Extract<TraceEvent, { kind: 'return' }>): void {
    if (addr !== undefined) this.#address = hex(addr);
    this.#results.unshift(error !== 0 ? errorText(error) : this.#names.value(value));
  }

  #flush(
    name: string,
    { start, end }: { readonly start: VirtAddr; readonly end: VirtAddr },
    all: boolean,
  ): void {
    this.#steps.add(start);
    this.#steps.add(end);
    let flushed = this.#flushed.get(name);
    if (flushed === undefined) {
      flushed = { ranges: new AddressRanges(), calls: 0, all: false };
      this.#flushed.set(name, flushed);
    }
    flushed.calls++;
    flushed.all ||= all;
    flushed.ranges.add(start, end);
  }

  /** How many leaves of which level were set or cleared, and a digest of where, of what, and with which attributes. */
  #translations(): string {
    const counts = new Map<LevelFormat, Record<LeafChange, number>>();
    const all = new Digest();
    for (const { format, addr, before, after } of this.#written.values()) {
      const change = before === after ? undefined : this.#changeOf(format, before, after);
      if (change === undefined) continue;
      const isLeaf = change !== 'cleared';
      const pfn = isLeaf ? this.#names.frameNumber(this.#entries.leafPfn(format, after, addr)) : 0;
      const attributes = isLeaf ? this.#entries.attributes(after) : -1;
      all.addUnordered(format.index, this.#names.addressNumber(addr), pfn, attributes);
      let ofLevel = counts.get(format);
      if (ofLevel === undefined) {
        ofLevel = { ...NO_CHANGES };
        counts.set(format, ofLevel);
      }
      ofLevel[change]++;
    }
    if (counts.size === 0) return '';
    const texts = [...counts].flatMap(([{ name }, ofLevel]) =>
      LEAF_CHANGES.filter((change) => ofLevel[change] > 0).map(
        (change) => `${ofLevel[change]} ${name} ${change}`,
      ),
    );
    return `${texts.toSorted().join(', ')} ${DIGEST_MARK}${all.text()}`;
  }

  #changeOf(format: LevelFormat, before: Descriptor, after: Descriptor): LeafChange | undefined {
    const wasLeaf = this.#entries.kind(format, before) === 'leaf';
    if (this.#entries.kind(format, after) !== 'leaf') return wasLeaf ? 'cleared' : undefined;
    if (wasLeaf) return 'changed';
    return this.#entries.isContiguous(format, after) ? 'set contiguous' : 'set';
  }

  #flushes(): string {
    return [...this.#flushed]
      .map(([name, { ranges, all }]) => (all ? `${name} all` : `${name} ${this.#rangesText(ranges)}`))
      .toSorted()
      .join(', ');
  }

  #rangesText(ranges: AddressRanges): string {
    const texts = [...ranges].map(({ start, end }) => {
      return `[${this.#names.address(start)}..${this.#names.end(end)})`;
    });
    if (texts.length === 0) return 'nothing';
    if (texts.length <= MOST_RANGES) return texts.join(' ');
    const digest = new Digest();
    for (const text of texts) digest.addText(text);
    return `${texts.length} ranges ${DIGEST_MARK}${digest.text()}`;
  }
}

/** Tells kinds of events apart: their first three letters and their length do. */
function stepNumber(kind: TraceEvent['kind']): number {
  return (kind.charCodeAt(0) << 21) + (kind.charCodeAt(1) << 14) + (kind.charCodeAt(2) << 7) + kind.length;
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

function countsText(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .map(([what, times]) => `${times} ${what}`)
    .toSorted()
    .join(', ');
}
