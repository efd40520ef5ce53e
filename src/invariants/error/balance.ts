// SPDX-License-Identifier: GPL-2.0-only
import type { Invariant } from '../invariant.ts';
import { kindOfObject } from '../quoting.ts';

export const errorBalance: Invariant = {
  id: 'error/balance',
  title: 'locks and scopes balanced',
  promise:
    'Locks, lazy MMU mode, preemption, RCU and NOFS/NOIO scopes are left as they were entered, on every path.',
  source:
    'Documentation/locking; include/linux/pgtable.h on lazy MMU mode; upstream fixes of paths that left it enabled.',
  why: 'A lock that stays held stops the next caller; lazy MMU mode that stays on holds back page-table writes for good.',
  example: 'A break out of a loop becomes a return, past the call that leaves lazy MMU mode.',
  limits:
    'Entry points that return with a lock held by design would be reported; none of those that are modelled does.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    let before = new Map<string, number>();
    /** By what the state calls it: where it was last taken, having been given back, and where it was last given back. */
    const taken = new Map<string, number>();
    const givenBack = new Map<string, number>();
    const note = (what: string, isTaken: boolean, n: number): void => {
      if (!isTaken) {
        taken.delete(what);
        givenBack.set(what, n);
      } else if (!taken.has(what)) taken.set(what, n);
    };
    return {
      operation: () => {
        before = run.state.held();
        taken.clear();
        givenBack.clear();
      },
      lock: ({ name, change }, n) => {
        note(`lock ${name}`, change === 'acquire', n);
      },
      scope: ({ scope, change }, n) => {
        note(`scope ${scope}`, change === 'enter', n);
      },
      return: (event, n) => {
        if (taken.size + givenBack.size === 0 || run.operation?.alone !== true) return;
        verdict.exercise();
        const after = run.state.held();
        for (const what of new Set([...before.keys(), ...after.keys()])) {
          const difference = (after.get(what) ?? 0) - (before.get(what) ?? 0);
          if (difference === 0) continue;
          verdict.violate({
            key: `${kindOfObject(what)}${event.error === 0 ? '' : '/error'}`,
            event: (difference > 0 ? taken : givenBack).get(what) ?? n,
            related: [n],
            expected: `${what} as it was on entry`,
            seen: imbalance(difference),
          });
        }
      },
    };
  },
};

/** @param difference how often it is held now beyond what it was on entry */
function imbalance(difference: number): string {
  const times = Math.abs(difference) === 1 ? 'once' : `${Math.abs(difference)} times`;
  return difference > 0 ? `taken ${times} and not given back` : `given back ${times} too often`;
}
