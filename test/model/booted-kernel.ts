// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../src/base/units.ts';
import type { Kernel } from '../../src/model/kernel.ts';
import type { LinkedKernel } from '../../src/run/link.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import type { EventLog } from '../../src/trace/event-log.ts';
import type { TraceEvent } from '../../src/trace/events.ts';
import type { Machine } from '../../src/trace/machine.ts';

/** The model alone, without any C of a tree, after power-on. */
export interface BootedKernel {
  readonly k: Kernel;
  readonly events: TraceEvent[];
}

const linkedKernels = new Map<Machine, LinkedKernel>();

/** Power-on. One machine has one kernel: an earlier boot of it is over. */
export function bootKernel(machine: Machine): BootedKernel {
  const events: TraceEvent[] = [];
  return { k: bootInto(machine, events), events };
}

/** Power-on, with events told to a log as in runs of scenarios. */
export function bootInto(machine: Machine, events: TraceEvent[] | EventLog): Kernel {
  const linked = linkedKernels.get(machine) ?? linkTree({ machine, source: {}, mode: 'patched' });
  linkedKernels.set(machine, linked);
  linked.boot(events);
  return linked.kernel;
}

/** An array of struct page pointers in memory. */
export function pageArray(k: Kernel, pfns: readonly number[]): Ptr {
  const at = k.mem.allocate({ name: 'pages[]', size: pfns.length * 8, zeroed: true });
  pfns.forEach((pfn, i) => k.mem.st64(at + i * 8, k.pfn_to_page(pfn)));
  return at;
}
