// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { FaultEvent } from '../../trace/events.ts';
import { isOfPageArray } from '../bounds/pages.ts';
import type { Invariant } from '../invariant.ts';

export const memValid: Invariant = {
  id: 'mem/valid',
  title: 'memory used as C allows',
  promise:
    'No use after free, no access out of bounds or through NULL, no double free, no read of an uninitialised local.',
  source: 'C11, undefined behaviour; Documentation/dev-tools/kasan.rst and kmsan.rst.',
  why: 'Each of these is memory corruption or an information leak on a real machine, often far from where it shows.',
  example: 'An area is looked at after it was freed, to flush what it covered.',
  limits:
    'Only C code that was translated is watched, and only what the scenarios reach. Reads past pages[] are bounds/pages.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => ({
    return: () => verdict.exercise(),
    fault: (event, n) => {
      if (isArithmetic(event) || isOfPageArray(event)) return;
      verdict.exercise();
      const object =
        event.object === undefined
          ? ''
          : ` (${event.object.name} at ${hex(event.object.addr)}, ${event.object.size} bytes)`;
      const access = event.access === 'none' ? '' : `${event.access} of ${event.size} bytes at `;
      verdict.violate({
        key: `${event.fault}/${event.object?.name ?? 'unknown'}`,
        event: n,
        related: run.operation === undefined ? [] : [run.operation.n],
        addr: event.addr,
        expected: 'a valid access',
        seen: `${event.fault}: ${access}${hex(event.addr)}${object}`,
      });
    },
  }),
};

/** Faults of arithmetic, not of memory. */
export function isArithmetic(event: FaultEvent): boolean {
  return event.fault === 'shift' || event.fault === 'divide';
}
