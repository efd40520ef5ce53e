// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { FaultEvent } from '../../trace/events.ts';
import { takesPageArray } from '../entry-points.ts';
import type { Invariant } from '../invariant.ts';

export const boundsPages: Invariant = {
  id: 'bounds/pages',
  title: 'pages[] read in bounds',
  promise: 'A map call reads pages[] only inside of [0, count).',
  source: 'The kernel-doc of vmap(): @pages is an array of @count page pointers.',
  why: 'Whatever lies behind the array is taken for a page and mapped: an information leak, or memory corruption later.',
  example:
    'The index into pages[] runs ahead of the address, because it is advanced by the shift that the caller gave instead of the one that was used.',
  limits:
    'Reads that stay inside of the array and take the wrong page are map/exact. Only C code that was translated is watched.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => ({
    fault: (event, n) => {
      if (!isOfPageArray(event)) return;
      verdict.exercise();
      const { addr: start, size } = event.object!;
      verdict.violate({
        key: 'pages',
        event: n,
        related: run.operation === undefined ? [] : [run.operation.n],
        addr: event.addr,
        expected: `a read inside of pages[0..${size / 8 - 1}]`,
        seen: `${event.access} of ${event.size} bytes at ${hex(event.addr)}: pages[${Math.floor((event.addr - start) / 8)}]`,
      });
    },
    return: () => {
      const { operation } = run;
      if (operation?.intent.kind === 'map' && takesPageArray(operation.event.name)) verdict.exercise();
    },
  }),
};

/** A fault that comes of reading past the caller's array of page pointers. */
export function isOfPageArray(event: FaultEvent): boolean {
  return event.object?.name === 'pages[]' && event.fault !== 'shift' && event.fault !== 'divide';
}
