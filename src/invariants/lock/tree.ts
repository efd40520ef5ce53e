// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { Ptr } from '../../base/units.ts';
import type { TreeEvent } from '../../trace/events.ts';
import type { Invariant, Verdict } from '../invariant.ts';
import { kindOfObject } from '../quoting.ts';

export const lockTree: Invariant = {
  id: 'lock/tree',
  title: 'trees under their lock',
  promise:
    'Every change of a tree that others can reach, and every search in it, is made with one and the same lock held.',
  source:
    'Documentation/core-api/rbtree.rst: the caller locks. In mm/vmalloc.c the busy, the lazy and the free tree have a lock each.',
  why: 'Two CPUs that link nodes at once lose one of them, or leave a tree that leads nowhere: a search then runs for ever or into freed memory.',
  example: 'The lock around insert_vmap_area() is lost when code is moved into a function of its own.',
  limits:
    "Red-black trees alone: lists and counters may be changed without locks by design. One call runs at a time, so that the damage itself is never seen. Of those who search, the lock is asked for where they begin, at the root, and once the tree has changed with it; readers under RCU are not asked. Trees on the stack, and those of the boot, are nobody else's.",
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    const held = new Map<Ptr, string>();
    /** The locks that all changes of a tree had in common so far. */
    const common = new Map<Ptr, Common>();
    return {
      lock: ({ change, lock, name }) => {
        if (change === 'acquire') held.set(lock, name);
        else held.delete(lock);
      },
      tree: (event, n) => {
        if (run.operation === undefined) return;
        verdict.exercise();
        const before = common.get(event.root);
        if (event.change === 'read') {
          const isHeld = [...(before?.locks.keys() ?? [])].some((lock) => held.has(lock));
          if (before !== undefined && !isHeld) reportSearch(verdict, event, n, before);
          return;
        }
        const locks = new Map([...held].filter(([lock]) => before?.locks.has(lock) !== false));
        if (locks.size > 0) {
          common.set(event.root, { locks, n });
          return;
        }
        const expected = before === undefined ? 'a lock' : [...before.locks.values()].join(' and ');
        verdict.violate({
          key: keyOf(event),
          event: n,
          related: before === undefined ? [run.operation.n] : [before.n],
          expected: `${expected} held while ${event.name} changes`,
          seen: held.size === 0 ? 'no lock' : `only ${[...held.values()].join(' and ')}`,
        });
      },
    };
  },
};

/** Locks that the changes of a tree have in common, by address, and the last of these changes. */
interface Common {
  readonly locks: ReadonlyMap<Ptr, string>;
  readonly n: number;
}

function reportSearch(verdict: Verdict, event: TreeEvent, n: number, { locks, n: since }: Common): void {
  verdict.violate({
    key: `search/${keyOf(event)}`,
    event: n,
    related: [since],
    expected: `${[...locks.values()].join(' and ')} held while ${event.name} is searched`,
    seen: 'another CPU may change it meanwhile',
  });
}

function keyOf({ name, root }: TreeEvent): string {
  return name === '' ? hex(root) : kindOfObject(name);
}
