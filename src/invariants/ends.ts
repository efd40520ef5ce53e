// SPDX-License-Identifier: GPL-2.0-only
import { FUEL_FOR_CALL, FUEL_FOR_PAGE } from '../trace/fuel.ts';
import type { Invariant } from './invariant.ts';

const FUEL = FUEL_FOR_CALL.toLocaleString('en-US');

export const ends: Invariant = {
  id: 'ends',
  title: 'every call returns',
  promise: 'Every call returns: its loops end, and functions do not call each other for ever.',
  source: 'Kernel code runs with preemption off or a lock held: a loop that does not end is a lockup.',
  why: 'A walk that does not advance hangs the machine, or maps on until it has written over all tables.',
  example: 'A helper returns 0 bytes mapped, and its caller advances the address by that.',
  limits: 'A loop that is merely very long looks the same; the limit is far above what the scenarios need.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => ({
    return: () => verdict.exercise(),
    fuel: (_event, n) => {
      verdict.exercise();
      const related = run.operation === undefined ? [] : [run.operation.n];
      verdict.violate({
        key: 'fuel',
        event: n,
        related,
        expected: 'the call returns',
        seen: `still running here, after ${FUEL} rounds of its loops and ${FUEL_FOR_PAGE} more for each page of the call, or in calls that go ever deeper`,
      });
    },
  }),
};
