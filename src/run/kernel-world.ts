// SPDX-License-Identifier: GPL-2.0-only
import type { U64 } from '../base/u64.ts';
import type { Ptr } from '../base/units.ts';
import type { Memory } from '../model/hardware/memory.ts';
import { NotModelled } from '../model/kernel.ts';
import type { ModelState } from '../model/part-of-state.ts';
import type { Machine } from '../trace/machine.ts';
import type { ObjectNames } from './object-names.ts';
import type { Recorder } from './recorder.ts';
import type { Runtime } from './runtime.ts';
import type { StructViews } from './struct-views.ts';

/** What a kernel consists of. */
export interface KernelParts {
  readonly machine: Machine;
  readonly mem: Memory;
  readonly recorder: Recorder;
  readonly runtime: Runtime;
  readonly views: StructViews;
  readonly state: ModelState;
  readonly globals: Record<string, Ptr>;
  nameOf: ObjectNames['nameOf'];
}

/** What the model's functions find in a kernel beside each other. */
export function kernelWorld({ machine, mem, recorder, runtime, views, state, globals, nameOf }: KernelParts) {
  return {
    machine,
    pageSize: 2 ** machine.pageShift,
    mem,
    trace: recorder,
    cpu: 0,
    globals,
    structs: views.makers(),
    sizeof: (tag: string) => views.sizeof(tag),
    offsetof: (tag: string, field: string) => views.offsetof(tag, field),
    nameOf,
    state: state.of,
    callPointer: (fn: Ptr, ...args: U64[]) => runtime.call(fn, ...args),
    spin: (): never => runtime.spin(),
    notModelled: (what: string): never => {
      throw new NotModelled(what);
    },
  };
}
