// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../src/base/descriptor.ts';
import { frameOf, matches } from '../../../src/model/hardware/entry.ts';
import type { TraceEvent } from '../../../src/trace/events.ts';
import type { Machine } from '../../../src/trace/machine.ts';
import { PAGES_START } from './sequence.ts';

/** Other objects are called by types of C, which the model does not have. */
const AREA = /^vm(_struct|ap_area)$/;

/** An event as text, without what depends on where the heap's objects lie; locks and barriers are not compared. */
export function effectOf(event: TraceEvent, machine: Machine): string[] {
  switch (event.kind) {
    case 'table-write': {
      const { level, addr, after } = event;
      return [
        `write ${level} ${addr} ${level !== 'pte' && isTable(after, machine) ? 'table' : String(after)}`,
      ];
    }
    case 'walk':
      return [`walk ${event.level} ${event.addr}`];
    case 'tlb-flush':
      return [`tlb-flush ${event.start} ${event.end}`];
    case 'cache-flush':
      return [`${event.call} ${event.start} ${event.end}`];
    case 'page':
      return [`page ${event.change} ${event.pfn} ${event.order}`];
    case 'alloc':
      return [`alloc ${event.what === 'object' && !AREA.test(event.name) ? event.what : event.name}`];
    case 'free':
      return [`free ${event.what}`];
    case 'sync':
      return [`sync ${event.start} ${event.end}`];
    case 'scope':
      // Kernels before 6.16 have no lazy MMU mode here.
      return event.scope === 'lazy-mmu' ? [] : [`${event.change} ${event.scope}`];
    case 'warn':
      return [event.call];
    case 'fault':
      return [`fault ${event.fault}`];
    default:
      return [];
  }
}

/** An entry above the page level that is valid and points to the heap. */
function isTable(entry: Descriptor, machine: Machine): boolean {
  const isValid = matches(entry, machine.attributes.valid);
  return isValid && frameOf(machine, entry) * 2 ** machine.pageShift < PAGES_START;
}
