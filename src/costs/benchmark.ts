// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, PageCount } from '../base/units.ts';

/** What a benchmark does, as far as a claim's words tell. */
export type Benchmark = CallBenchmark | ThreadBenchmark;

/** One call: `vmap(100MB) with order-8 pages`; or the linear map of a machine with so much memory. */
export interface CallBenchmark {
  readonly kind: 'call';
  readonly call: 'ioremap' | 'vmalloc' | 'vmap' | 'map_mem';
  readonly size: ByteCount;
  /** Of the pages that vmap() is given; undefined where nothing is said of it. */
  readonly order: number | undefined;
}

/** Threads that map, touch and unmap the same few pages again and again. */
export interface ThreadBenchmark {
  readonly kind: 'threads';
  readonly threads: number;
  readonly pages: PageCount;
}

/** What a performance claim says of what was run, in its own words. */
export interface ClaimWords {
  readonly workload?: string | undefined;
  readonly per?: string | undefined;
  readonly text: string;
  readonly lead?: string | undefined;
  readonly machine?: string | undefined;
}

const MOST_THREADS = 64;
const MOST_BYTES = 2 ** 32;
const LARGEST_ORDER = 10;
/** What is mapped at a time where a table of threads does not say it. */
const USUAL_PAGES = 4;

const units: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** The benchmark that a claim is about; undefined where it names none that can be run here. */
export function benchmarkIn(claim: ClaimWords): Benchmark | undefined {
  return callIn(claim.workload ?? claim.text) ?? mapMemIn(claim) ?? threadsIn(claim);
}

function callIn(words: string): CallBenchmark | undefined {
  const found = /\b(ioremap|vmalloc|vmap)\(\s*(\d{1,6})\s?([KMG])i?B?\s*\)/i.exec(words);
  if (found === null) return undefined;
  const [, call, count, unit] = found;
  const size = Number(count) * units[unit!.toUpperCase()]!;
  if (size === 0 || size > MOST_BYTES) return undefined;
  const order = /\border[- ](\d{1,2})\b/.exec(words)?.[1];
  if (order !== undefined && Number(order) > LARGEST_ORDER) return undefined;
  return {
    kind: 'call',
    call: call!.toLowerCase() as CallBenchmark['call'],
    size,
    order: order === undefined ? undefined : Number(order),
  };
}

/** The linear map takes as long as memory is large; tables name the memory with the machine. */
function mapMemIn({ workload = '', machine = '', text, lead = '' }: ClaimWords): CallBenchmark | undefined {
  if (!/\bmap_mem\b/.test(`${text} ${lead}`)) return undefined;
  const memory = /\b(\d{1,4}) ?Gi?B?\b/.exec(workload) ?? /\b(\d{1,4}) ?Gi?B?\b/.exec(machine);
  const size = Number(memory?.[1] ?? 0) * units['G']!;
  return size === 0 ? undefined : { kind: 'call', call: 'map_mem', size, order: undefined };
}

function threadsIn({ workload = '', per = '', text, lead = '' }: ClaimWords): ThreadBenchmark | undefined {
  const found = /\bthreads? (\d{1,3})\b/.exec(workload) ?? /\b(\d{1,3}) threads?\b/.exec(workload);
  const threads = Number(found?.[1]);
  if (found === null || threads === 0 || threads > MOST_THREADS) return undefined;
  const words = [per, text, lead].join(' ');
  if (!/\bv?(?:un)?map/i.test(words)) return undefined;
  const pages = Number(/\b(\d{1,3}) pages\b/.exec(words)?.[1] ?? USUAL_PAGES);
  return pages === 0 ? undefined : { kind: 'threads', threads, pages };
}

/** A name for people, the same for the same benchmark: `vmap(100 MiB) of order-8 pages`. */
export function benchmarkName(benchmark: Benchmark): string {
  if (benchmark.kind === 'threads') return `map, touch and unmap ${benchmark.pages} pages`;
  const { call, size, order } = benchmark;
  if (call === 'map_mem') return `map_mem() of ${sizeName(size)}`;
  const pages = order === undefined ? '' : ` of order-${order} pages`;
  return `${call}(${sizeName(size)})${pages}`;
}

function sizeName(size: ByteCount): string {
  const [unit, bytes] = Object.entries(units).findLast(([, each]) => size % each === 0) ?? ['', 1];
  return `${size / bytes} ${unit === '' ? 'bytes' : `${unit}iB`}`;
}

/** What is run where a series claims nothing that can be. */
export const usualBenchmarks: readonly CallBenchmark[] = [
  { kind: 'call', call: 'ioremap', size: 2 ** 20, order: undefined },
  { kind: 'call', call: 'vmalloc', size: 2 ** 20, order: undefined },
  { kind: 'call', call: 'vmap', size: 100 * 2 ** 20, order: 8 },
];
