// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { FaultEvent } from '../../trace/events.ts';
import { isOfPageArray } from '../bounds/pages.ts';
import type { Invariant } from '../invariant.ts';
import { kindOfObject } from '../quoting.ts';

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
      const { fault } = event;
      if (fault === 'shift' || fault === 'divide' || isOfPageArray(event)) return;
      verdict.exercise();
      verdict.violate({
        key: `${fault}/${kindOfObject(event.object?.name ?? 'unknown')}`,
        event: n,
        related: run.operation === undefined ? [] : [run.operation.n],
        addr: event.addr,
        expected: EXPECTED[fault],
        seen: `${fault}: ${accessText(event)}`,
      });
    },
  }),
};

type MemoryFault = Exclude<FaultEvent['fault'], 'shift' | 'divide'>;

const EXPECTED: Readonly<Record<MemoryFault, string>> = {
  'out-of-bounds': 'an access inside of an object',
  'use-after-free': 'an object that is not freed yet',
  uninitialised: 'a value that was written before it is read',
  null: 'a pointer that is not NULL',
  unmapped: 'an address that is mapped',
  'double-free': 'an object freed once',
  'bad-free': 'the address of an object',
};

function accessText({ access, size, addr, object, place }: FaultEvent): string {
  const what =
    access === 'none' ? '' : `${access} of ${place === undefined ? '' : `${place}, `}${size} bytes at `;
  const inside = object === undefined ? '' : ` (${object.name} at ${hex(object.addr)}, ${object.size} bytes)`;
  return `${what}${hex(addr)}${inside}`;
}
