// SPDX-License-Identifier: GPL-2.0-only
import { inFixmap } from '../../trace/machine.ts';
import type { Invariant } from '../invariant.ts';

/** With fewer slots there is nothing to gain. */
const MANY_SLOTS = 16;

/** Slots that one invalidation serves, where they are cleared together. */
const SLOTS_FOR_EACH = 2;

export const fixmapBatch: Invariant = {
  id: 'fixmap/batch',
  title: 'slots of the fixmap flushed together',
  promise: 'A call that clears many slots of the fixmap invalidates the TLB once for several of them.',
  source:
    'The cover letter of "arm64: mm: Lazily clear pte table mappings from fixmap": 11 ms to 6 ms for 16 GiB.',
  why: 'An invalidation is broadcast and waited for; one for each page table makes boot longer the more memory there is.',
  example:
    'Each page table of the linear map is mapped into the same slot, and flushed out of it before the next.',
  limits: `Judged where a call clears ${MANY_SLOTS} slots or more, and wants one invalidation for every ${SLOTS_FOR_EACH} of them.`,
  severity: 'cost',
  appliesTo: () => true,
  begin: (run, verdict) => {
    let cleared = 0;
    let flushes: number[] = [];
    return {
      operation: () => {
        cleared = 0;
        flushes = [];
      },
      'table-write': (event) => {
        if (event.level !== 'pte' || event.addr === undefined || !inFixmap(run.machine, event.addr)) return;
        const { format } = run.state.tables;
        if (format.kind(format.level(event.level), event.before) === 'leaf') cleared++;
      },
      'tlb-flush': (event, n) => {
        if (event.scope === 'all' || inFixmap(run.machine, event.start)) flushes.push(n);
      },
      return: () => {
        if (run.operation === undefined || cleared < MANY_SLOTS) return;
        verdict.exercise();
        const allowed = Math.ceil(cleared / SLOTS_FOR_EACH);
        if (flushes.length <= allowed) return;
        verdict.violate({
          key: 'each',
          event: flushes[allowed]!,
          related: [flushes[allowed - 1]!],
          expected: `at most ${allowed} invalidations for ${cleared} slots`,
          seen: `${flushes.length}`,
        });
      },
    };
  },
};
