// SPDX-License-Identifier: GPL-2.0-only
import type { CounterEvent } from '../../trace/events.ts';
import type { Invariant } from '../invariant.ts';

/** What a counter showed. */
interface Counted {
  readonly event: CounterEvent;
  readonly n: number;
  /** The operation that had returned last, of those that take or give back. */
  readonly by: number | undefined;
}

export const countBalance: Invariant = {
  id: 'count/balance',
  title: 'counters come back to zero',
  promise:
    'What counts pages in use is zero again when all of them are given back, what counts lazily freed pages when they are purged; reclaim is told of as many areas as it finds in pools, and leaves none.',
  source:
    'mm/vmalloc.c, vmalloc_nr_pages() and MEMCG_VMALLOC: read by /proc/meminfo (VmallocUsed) and memory.stat; vfree() takes away what __vmalloc_area_node() has added.',
  why: 'A counter that drifts grows or wraps over months; administrators and limits go by it.',
  example: 'vfree() takes pages off for areas whose pages vmap() was given, which nobody has counted.',
  limits:
    'Judged at the end of scenarios that leave nothing mapped. Two mistakes that cancel each other out are not seen, and counters of the rest of the kernel are not kept.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    const last = new Map<string, Counted>();
    let by: number | undefined;
    return {
      return: () => {
        if (run.operation !== undefined && run.operation.intent.kind !== 'other')
          by = run.operation.event.operation;
      },
      counter: (event, n) => {
        last.set(event.name, { event, n, by });
      },
      end: (complete) => {
        const { vmallocStart, vmallocEnd } = run.machine.addresses;
        if (!complete || last.size === 0 || run.leafRuns(vmallocStart, vmallocEnd).length > 0) return;
        verdict.exercise();
        for (const [name, { event, n, by: operation }] of last) {
          if (event.value === 0) continue;
          const blamed = operation === undefined ? {} : { operation };
          verdict.violate({ key: name, event: n, expected: `${name}: 0`, seen: `${event.value}`, ...blamed });
        }
      },
    };
  },
};
