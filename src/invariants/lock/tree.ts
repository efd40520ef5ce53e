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
    "Red-black trees alone; a lock beside the root in its struct is asked for once something takes it. Lists and counters may be changed without locks by design. One call runs at a time, so that the damage itself is never seen. Of those who search, the lock is asked for where they begin, at the root, and once the tree has changed with it; readers under RCU are not asked. Trees on the stack, and those of the boot, are nobody else's.",
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    const held = new Map<Ptr, string>();
    /** The locks that all changes of a tree had in common so far. */
    const common = new Map<Ptr, Common>();
    /** Names of locks that were taken so far, with the latest event that took them. */
    const taken = new Map<string, number>();
    return {
      lock: ({ change, lock, name }, n) => {
        if (change === 'acquire') {
          held.set(lock, name);
          if (name.endsWith(OWN_LOCK)) taken.set(name, n);
        } else held.delete(lock);
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
        const own = ownLock(event.name);
        const since = own === undefined ? undefined : taken.get(own);
        if (since !== undefined && ![...held.values()].includes(own!)) {
          report(verdict, event, { n, related: since, lock: own!, held });
          return;
        }
        const locks = new Map([...held].filter(([lock]) => before?.locks.has(lock) !== false));
        if (locks.size > 0) {
          common.set(event.root, { locks, n });
          return;
        }
        const expected = before === undefined ? 'a lock' : [...before.locks.values()].join(' and ');
        report(verdict, event, { n, related: before?.n ?? run.operation.n, lock: expected, held });
      },
    };
  },
};

const OWN_ROOT = '.root';
const OWN_LOCK = '.lock';

/** A tree that stands in one struct with a lock is changed with that, as struct rb_list says of itself. */
function ownLock(name: string): string | undefined {
  return name.endsWith(OWN_ROOT) ? name.slice(0, -OWN_ROOT.length) + OWN_LOCK : undefined;
}

interface Unlocked {
  readonly n: number;
  readonly related: number;
  /** What was to be held. */
  readonly lock: string;
  readonly held: ReadonlyMap<Ptr, string>;
}

function report(verdict: Verdict, event: TreeEvent, { n, related, lock, held }: Unlocked): void {
  verdict.violate({
    key: keyOf(event),
    event: n,
    related: [related],
    expected: `${lock} held while ${event.name} changes`,
    seen: held.size === 0 ? 'no lock' : `only ${[...held.values()].join(' and ')}`,
  });
}

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
