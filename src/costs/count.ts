// SPDX-License-Identifier: GPL-2.0-only
import type { TraceEvent } from '../trace/events.ts';
import type { Machine } from '../trace/machine.ts';
import type { Work } from '../trace/work.ts';

/** What is counted. docs/costs.md says what each stands for; a table of weights has one weight for each. */
export const countKinds = [
  'iteration',
  'call',
  'page-check',
  'atomic',
  'walk',
  'table-write',
  'access',
  'lock',
  'scope',
  'barrier',
  'dsb',
  'isb',
  'object-alloc',
  'object-free',
  'table-alloc',
  'table-free',
  'page-alloc',
  'page-free',
  'tlb-flush',
  'tlb-page',
  'tlb-flush-all',
  'broadcast',
  'cache-flush',
  'sync',
] as const;
export type CountKind = (typeof countKinds)[number];

/** How often each kind happened. */
export type Counts = Readonly<Record<CountKind, number>>;

/** A run to be counted: its events in order, and what was executed between them. */
export interface CountedRun {
  readonly events: readonly TraceEvent[];
  readonly work: readonly Work[];
}

/** How a machine makes TLBs forget: what decides how flushes are counted. */
export interface FlushRules {
  /** A flush of more pages than this is one of everything. */
  readonly pagesAtOnce: number;
  /** Other CPUs are told by an interrupt; else the instruction itself reaches them. */
  readonly byInterrupt: boolean;
}

type Tally = Record<CountKind, number>;

/** Counts of nothing. */
export function noCounts(): Tally {
  return Object.fromEntries(countKinds.map((kind) => [kind, 0])) as Tally;
}

/** The sum of counts: what two runs, or two CPUs, did together. */
export function addCounts(...all: readonly Counts[]): Counts {
  const sum = noCounts();
  for (const counts of all) for (const kind of countKinds) sum[kind] += counts[kind];
  return sum;
}

/** What a run of one size does, and what it does more of in one of twice the size, so many times. */
export function extrapolated(once: Counts, twice: Counts, times: number): Counts {
  const all = noCounts();
  for (const kind of countKinds) all[kind] = Math.round(once[kind] + times * (twice[kind] - once[kind]));
  return all;
}

/** Counts of a run by CPU; the index is the CPU's number. Events before the first operation are nobody's. */
export function countRun(run: CountedRun, machine: Machine, rules: FlushRules): readonly Counts[] {
  const counter = new RunCounter(machine, rules);
  counter.add(run);
  return counter.byCpu;
}

/** Counts runs, one after the other. */
export class RunCounter {
  readonly byCpu: Tally[] = [];
  readonly #machine: Machine;
  readonly #rules: FlushRules;
  readonly #touched = new TouchedPages();

  constructor(machine: Machine, rules: FlushRules) {
    this.#machine = machine;
    this.#rules = rules;
  }

  add({ events, work }: CountedRun): void {
    let tally: Tally | undefined;
    for (const event of events) {
      if (event.kind === 'operation') tally = this.#of(event.cpu);
      else if (tally !== undefined && !this.#touched.isHit(event)) {
        for (const [kind, count] of countsOf(event, this.#machine, this.#rules)) tally[kind] += count;
      }
    }
    for (const each of work) {
      const own = this.#of(each.cpu);
      for (const [kind, count] of countsOfWork(each)) own[kind] += count;
    }
  }

  #of(cpu: number): Tally {
    while (this.byCpu.length <= cpu) this.byCpu.push(noCounts());
    return this.byCpu[cpu]!;
  }
}

const PAGE = 4096;

/** Pages whose translation a TLB holds, as far as one run tells: an access to one of them is no more than an access. */
export class TouchedPages {
  readonly #pages = new Set<number>();

  /** Is the event an access that hits? Flushes and first accesses are noted, of whatever CPU. */
  isHit(event: TraceEvent): boolean {
    if (event.kind === 'access') {
      const page = Math.floor(event.addr / PAGE);
      if (this.#pages.has(page)) return true;
      this.#pages.add(page);
    } else if (event.kind === 'tlb-flush') {
      const { scope, start, end } = event;
      for (const page of this.#pages) {
        if (scope === 'all' || (page * PAGE < end && (page + 1) * PAGE > start)) this.#pages.delete(page);
      }
    }
    return false;
  }
}

type Counted = readonly (readonly [CountKind, number])[];

const nothing: Counted = [];
const once = (kind: CountKind): Counted => [[kind, 1]];

/** What one event counts as. */
export function countsOf(event: TraceEvent, machine: Machine, rules: FlushRules): Counted {
  switch (event.kind) {
    case 'table-write':
      return once('table-write');
    case 'walk':
      return once('walk');
    case 'alloc':
      return event.what === 'object' || event.what === 'table' ? once(`${event.what}-alloc`) : nothing;
    case 'free':
      return event.what === 'object' || event.what === 'table' ? once(`${event.what}-free`) : nothing;
    case 'page':
      return once(`page-${event.change}`);
    case 'tlb-flush':
      return countsOfFlush(event, machine, rules);
    case 'cache-flush':
      return once('cache-flush');
    case 'barrier':
      return once(event.name.startsWith('dsb') ? 'dsb' : event.name === 'isb' ? 'isb' : 'barrier');
    case 'lock':
      return once('lock');
    case 'scope':
      return once('scope');
    case 'sync':
      return once('sync');
    case 'access':
      return once('access');
    default:
      return nothing;
  }
}

function countsOfFlush(
  { scope, start, end, local }: Extract<TraceEvent, { readonly kind: 'tlb-flush' }>,
  { pageShift }: Machine,
  { pagesAtOnce, byInterrupt }: FlushRules,
): Counted {
  const pages = Math.ceil((end - start) / 2 ** pageShift);
  const own: Counted =
    scope === 'all' || pages > pagesAtOnce
      ? once('tlb-flush-all')
      : [
          ['tlb-flush', 1],
          ['tlb-page', pages],
        ];
  return local || !byInterrupt ? own : [...own, ['broadcast', 1]];
}

/** Functions whose work in a kernel is more than a few instructions, though they leave no event; others as they come. */
const kinds = new Map<string, CountKind>([['pfn_valid', 'page-check']]);

/** What the work between events counts as. */
export function countsOfWork({ iterations, calls }: Work): Counted {
  const counted: [CountKind, number][] = [['iteration', iterations]];
  for (const name of Object.keys(calls)) counted.push([kindOf(name), calls[name]!]);
  return counted;
}

function kindOf(name: string): CountKind {
  let kind = kinds.get(name);
  if (kind === undefined) {
    kind = /^(?:atomic|cmpxchg|xchg)/.test(name) ? 'atomic' : 'call';
    kinds.set(name, kind);
  }
  return kind;
}
