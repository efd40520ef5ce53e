// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../trace/machine.ts';
import type { CountKind, Counts, FlushRules } from './count.ts';
import { countKinds } from './count.ts';

/** What one thing costs, and why that is believed. */
export interface Weight {
  /** Cycles of the core. */
  readonly cycles: number;
  readonly source: string;
}

/** What something between CPUs costs. */
export interface Latency {
  /** Nanoseconds. */
  readonly ns: number;
  readonly source: string;
}

/**
 * What events cost on one kind of processor. The figures are orders of magnitude from public documents, written down
 * before anything was compared with them; they are not fitted to what series claim.
 */
export interface WeightTable {
  readonly name: string;
  /** One line for people. */
  readonly title: string;
  readonly arch: Machine['arch'];
  /** What a claim calls a machine that this table is for. */
  readonly machines: RegExp;
  /** CPUs of such a machine. */
  readonly cpus: number;
  /** Cycles in a nanosecond, and where that is from. */
  readonly clock: { readonly ghz: number; readonly source: string };
  readonly flush: FlushRules & { readonly source: string };
  readonly weights: Readonly<Record<Exclude<CountKind, 'broadcast'>, Weight>>;
  readonly between: {
    /** A cache line that another CPU wrote last. */
    readonly line: Latency;
    /** Sending an interrupt to any number of other CPUs. */
    readonly send: Latency;
    /** From sending until the other CPU's first instruction. */
    readonly delivery: Latency;
    /** What the other CPU does then, its own flush and the way back included. */
    readonly answer: Latency;
  };
}

/** What a kind took. */
export interface Part {
  readonly kind: CountKind;
  readonly count: number;
  /** All of them together. */
  readonly ns: number;
}

/** Nanoseconds that one of a kind takes. @param cpus of the machine: all of them are told of a broadcast */
export function nanosecondsOf(kind: CountKind, table: WeightTable, cpus: number): number {
  if (kind !== 'broadcast') return table.weights[kind].cycles / table.clock.ghz;
  const { line, send, delivery, answer } = table.between;
  return cpus < 2 ? 0 : send.ns + delivery.ns + answer.ns + line.ns * (cpus - 1);
}

/** Counts in nanoseconds, what takes most first; nobody waits for anybody here. */
export function weigh(counts: Counts, table: WeightTable, cpus: number): readonly Part[] {
  return countKinds
    .filter((kind) => counts[kind] !== 0)
    .map((kind) => ({ kind, count: counts[kind], ns: counts[kind] * nanosecondsOf(kind, table, cpus) }))
    .toSorted((a, b) => b.ns - a.ns || b.count - a.count);
}

/** All parts together, in nanoseconds. */
export function totalOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { ns }) => sum + ns, 0);
}
