// SPDX-License-Identifier: GPL-2.0-only
import type { Invariant } from './invariant.ts';

export const ends: Invariant = {
  id: 'ends',
  title: 'every loop ends',
  promise: 'Every loop ends within its fuel.',
  source: 'Kernel code runs with preemption off or a lock held: a loop that does not end is a lockup.',
  why: 'A walk that does not advance hangs the machine, or maps on until it has written over all tables.',
  example: 'A helper returns 0 bytes mapped, and its caller advances the address by that.',
  limits: 'A loop that is merely very long looks the same; the fuel is far above what the scenarios need.',
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
        seen: 'a loop used up its fuel',
      });
    },
  }),
};
