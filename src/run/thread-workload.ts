// SPDX-License-Identifier: GPL-2.0-only
import type { U64 } from '../base/u64.ts';
import type { PageCount, Ptr } from '../base/units.ts';
import type { TraceEvent } from '../trace/events.ts';
import type { Work } from '../trace/work.ts';
import { FrameSource } from './frames.ts';
import { orderArguments, resultOf, type Arguments } from './kernel-call.ts';
import { WorkMeter, type MeasuredStage } from './measure.ts';
import { makePageArray } from './page-array.ts';
import { runOf } from './scenario.ts';
import { endOf, type EndState } from './session.ts';

/** Threads, each on a CPU of its own, that map the same few pages, touch them and unmap them, again and again. */
export interface ThreadWorkload {
  readonly threads: number;
  /** How often each thread does it. */
  readonly rounds: number;
  /** Pages that are mapped, touched and unmapped. */
  readonly pages: PageCount;
  readonly map: 'vmap' | 'vm_map_ram';
}

/** What one call did. */
export interface MeasuredCall {
  readonly cpu: number;
  readonly events: readonly TraceEvent[];
  readonly work: readonly Work[];
}

/** Calls of a thread: fuel for one is far more than any of them takes, a purge included. */
const FUEL = 10_000_000;
const NO_NODE = -1;

/**
 * Runs them on one kernel: in each round every thread maps and touches, then every thread unmaps. Calls follow one
 * another, they do not overlap: what each executes is real, when it happens is for a simulation to say.
 */
export function runThreads(
  measured: MeasuredStage,
  workload: ThreadWorkload,
  onCall: (call: MeasuredCall) => void,
): EndState {
  const { stage } = measured;
  return endOf(stage, () => {
    const caller = new ThreadCaller(measured, workload, onCall);
    for (let round = 0; round < workload.rounds; round++) {
      const mapped = caller.threads.map((thread) => caller.map(thread));
      for (const [index, thread] of caller.threads.entries()) caller.unmap(thread, mapped[index]!);
    }
  });
}

interface Thread {
  readonly cpu: number;
  readonly pages: Ptr;
}

class ThreadCaller {
  readonly threads: readonly Thread[];
  readonly #measured: MeasuredStage;
  readonly #workload: ThreadWorkload;
  readonly #onCall: (call: MeasuredCall) => void;
  readonly #events: TraceEvent[] = [];
  readonly #meter: WorkMeter;
  #operation = 0;

  constructor(measured: MeasuredStage, workload: ThreadWorkload, onCall: (call: MeasuredCall) => void) {
    const { stage } = measured;
    this.#measured = measured;
    this.#workload = workload;
    this.#onCall = onCall;
    this.#meter = new WorkMeter(measured);
    stage.boot(this.#events, this.#meter.onEvent);
    const frames = new FrameSource(stage.machine);
    this.threads = Array.from({ length: workload.threads }, (_, cpu) => {
      const laidOut = frames.layOut([runOf(1, { repeat: workload.pages })]);
      return { cpu, pages: makePageArray(stage, laidOut, 1) };
    });
    this.#events.length = 0;
  }

  /** Returns the address. */
  map({ cpu, pages }: Thread): Ptr {
    const { stage } = this.#measured;
    const prot = stage.protection('rw');
    const { map: name, pages: count } = this.#workload;
    const values: Arguments =
      name === 'vmap'
        ? { pages, count, flags: stage.constant('VM_MAP'), prot }
        : { pages, count, node: NO_NODE, prot };
    const addr = this.#call(cpu, name, values, (result) => {
      for (let page = 0; page < count; page++) stage.kernel.mem.ld8(result + page * stage.pageSize);
    });
    return addr;
  }

  unmap({ cpu }: Thread, addr: Ptr): void {
    const { map, pages: count } = this.#workload;
    if (map === 'vmap') this.#call(cpu, 'vunmap', { addr });
    else this.#call(cpu, 'vm_unmap_ram', { mem: addr, count });
  }

  #call(cpu: number, name: string, values: Arguments, then: (result: Ptr) => void = () => undefined): Ptr {
    const { stage } = this.#measured;
    const { linked, kernel } = stage;
    const args: readonly U64[] = orderArguments(linked, name, values);
    const operation = this.#operation++;
    kernel.cpu = cpu;
    linked.runtime.fuel = FUEL;
    linked.emit({ kind: 'operation', operation, cpu, name, intent: { kind: 'other' } });
    const { value, error, pointer = 0 } = resultOf(linked.prototypeOf(name)?.result, linked.call(name, args));
    if (error !== 0)
      stage.kernel.notModelled(`${name}() failed with ${error}: memory of the machine is used up`);
    then(pointer);
    linked.emit({ kind: 'return', operation, value, error });
    this.#onCall({ cpu, events: [...this.#events], work: this.#meter.take() });
    this.#events.length = 0;
    return pointer;
  }
}
