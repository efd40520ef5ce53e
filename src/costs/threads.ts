// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../trace/machine.ts';
import type { Work } from '../trace/work.ts';
import { countsOf, countsOfWork, TouchedPages, type CountedRun } from './count.ts';
import { nanosecondsOf, type WeightTable } from './weights.ts';

/** What a CPU does next: run for so many nanoseconds, or something that involves other CPUs. */
export type Step =
  | { readonly kind: 'run'; readonly ns: number }
  | { readonly kind: 'acquire' | 'release'; readonly lock: number }
  | { readonly kind: 'broadcast' };

/** The steps of a run on one CPU, neighbouring runs together. */
export function stepsOf({ events, work }: CountedRun, machine: Machine, table: WeightTable): Step[] {
  const steps: Step[] = [];
  const touched = new TouchedPages();
  const workBefore = new Map<number, Work>(work.map((each) => [each.event, each]));
  let ns = 0;
  const step = (next: Step): void => {
    if (ns > 0) steps.push({ kind: 'run', ns });
    ns = 0;
    steps.push(next);
  };
  for (const [index, event] of events.entries()) {
    const before = workBefore.get(index);
    const counted = [
      ...(before === undefined ? [] : countsOfWork(before)),
      ...(touched.isHit(event) ? [] : countsOf(event, machine, table.flush)),
    ];
    let isBroadcast = false;
    for (const [kind, count] of counted) {
      if (kind === 'broadcast') isBroadcast = true;
      else ns += count * nanosecondsOf(kind, table, 1);
    }
    if (event.kind === 'lock') step({ kind: event.change, lock: event.lock });
    if (isBroadcast) step({ kind: 'broadcast' });
  }
  if (ns > 0) steps.push({ kind: 'run', ns });
  return steps;
}

/** How long the CPUs took, and what for. */
export interface Simulated {
  /** When each CPU was done, in nanoseconds. */
  readonly done: readonly number[];
  /** Waiting for locks, all CPUs together. */
  readonly waited: number;
  /** Sending flushes to all CPUs and waiting until they have answered. */
  readonly broadcasting: number;
  /** Answering the flushes of others. */
  readonly answering: number;
}

interface Cpu {
  readonly number: number;
  readonly steps: readonly Step[];
  next: number;
  /** When it is ready for its next step; for a CPU that waits, since when. */
  time: number;
  waiting: boolean;
  /** Until when it answers interrupts that came while it waited. */
  answersUntil: number;
}

interface Lock {
  holder: number | undefined;
  /** Whose cache has the line. */
  owner: number | undefined;
  readonly queue: Cpu[];
}

/**
 * Lets each CPU take its steps, in the order of time; where two are due at once, the lower number goes first.
 *
 * - A lock is handed on in the order in which it was asked for. Taking it from another CPU costs a line's way; handing
 *   it on costs one more for each CPU that goes on waiting, for all of them look at the same line.
 * - A broadcast reaches every CPU of the machine, idle ones too, and ends when all have answered. A CPU that runs or
 *   waits loses the time of its answer.
 */
export function simulate(threads: readonly (readonly Step[])[], table: WeightTable, cpus: number): Simulated {
  return new Simulation(threads, table, cpus).run();
}

class Simulation {
  readonly #table: WeightTable;
  readonly #cpus: number;
  readonly #threads: readonly Cpu[];
  readonly #locks = new Map<number, Lock>();
  #waited = 0;
  #broadcasting = 0;
  #answering = 0;

  constructor(threads: readonly (readonly Step[])[], table: WeightTable, cpus: number) {
    this.#table = table;
    this.#cpus = cpus;
    this.#threads = threads.map((steps, number) => ({
      number,
      steps,
      next: 0,
      time: 0,
      waiting: false,
      answersUntil: 0,
    }));
  }

  run(): Simulated {
    for (let cpu = this.#first(); cpu !== undefined; cpu = this.#first())
      this.#take(cpu, cpu.steps[cpu.next++]!);
    return {
      done: this.#threads.map(({ time }) => time),
      waited: this.#waited,
      broadcasting: this.#broadcasting,
      answering: this.#answering,
    };
  }

  /** The CPU whose step is due first; undefined when all are done. */
  #first(): Cpu | undefined {
    let first: Cpu | undefined;
    for (const cpu of this.#threads) {
      if (cpu.waiting || cpu.next >= cpu.steps.length) continue;
      if (first === undefined || cpu.time < first.time) first = cpu;
    }
    return first;
  }

  #take(cpu: Cpu, step: Step): void {
    switch (step.kind) {
      case 'run':
        cpu.time += step.ns;
        break;
      case 'acquire':
        this.#acquire(cpu, this.#lock(step.lock));
        break;
      case 'release':
        this.#release(cpu, this.#lock(step.lock));
        break;
      case 'broadcast':
        this.#broadcast(cpu);
        break;
    }
  }

  #lock(address: number): Lock {
    let lock = this.#locks.get(address);
    if (lock === undefined) {
      lock = { holder: undefined, owner: undefined, queue: [] };
      this.#locks.set(address, lock);
    }
    return lock;
  }

  #acquire(cpu: Cpu, lock: Lock): void {
    if (lock.holder !== undefined) {
      cpu.waiting = true;
      lock.queue.push(cpu);
      return;
    }
    if (lock.owner !== undefined && lock.owner !== cpu.number) cpu.time += this.#table.between.line.ns;
    lock.holder = cpu.number;
    lock.owner = cpu.number;
  }

  #release(cpu: Cpu, lock: Lock): void {
    lock.holder = undefined;
    const { ns: line } = this.#table.between.line;
    const next = lock.queue.shift();
    if (next === undefined) return;
    // The line is with those who look at it.
    cpu.time += line;
    const handedOn = cpu.time + line * (1 + lock.queue.length);
    const ready = Math.max(handedOn, next.answersUntil);
    this.#waited += ready - next.time;
    next.time = ready;
    next.waiting = false;
    lock.holder = next.number;
    lock.owner = next.number;
  }

  #broadcast(cpu: Cpu): void {
    const { send, delivery, answer } = this.#table.between;
    const arrives = cpu.time + send.ns + delivery.ns;
    const took = nanosecondsOf('broadcast', this.#table, this.#cpus);
    for (const other of this.#threads) {
      if (other === cpu || (!other.waiting && other.next >= other.steps.length)) continue;
      this.#answering += answer.ns;
      if (other.waiting) other.answersUntil = Math.max(other.answersUntil, arrives) + answer.ns;
      else other.time += answer.ns;
    }
    this.#broadcasting += took;
    cpu.time += took;
  }
}
