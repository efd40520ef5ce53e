// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { KernelWorld } from '../kernel.ts';
import { executionContext } from '../kernel/interrupt-state.ts';
import { partOfState } from '../part-of-state.ts';

/** A red-black tree that others can reach. */
export interface KnownTree {
  readonly root: Ptr;
  /** The object that its root lies in. */
  readonly name: string;
  /** Its nodes hold something about all that is below them. */
  readonly isAugmented: boolean;
}

interface KnownTrees {
  readonly all: Map<Ptr, KnownTree>;
  /** The spinlocks that all changes since boot had in common, by root. */
  readonly locks: Map<Ptr, readonly Ptr[]>;
  /** What the boot does, nobody else sees. */
  booting: boolean;
  /** A node has come or gone since this was last set to false. */
  changed: boolean;
}

/** Every tree that has changed since boot. */
export const knownTrees = partOfState((): KnownTrees => ({
  all: new Map(),
  locks: new Map(),
  booting: true,
  changed: false,
}));

/** To be called for each node that comes or goes. */
export function noteTree(k: KernelWorld, tree: KnownTree): void {
  const trees = k.state(knownTrees);
  trees.changed = true;
  if (trees.all.get(tree.root)?.isAugmented !== true) trees.all.set(tree.root, tree);
  if (trees.booting) return;
  const { spinlocks } = k.state(executionContext);
  trees.locks.set(
    tree.root,
    (trees.locks.get(tree.root) ?? spinlocks).filter((lock) => spinlocks.includes(lock)),
  );
  k.mem.watch(tree.root, (root) => noteSearch(k, root));
}

/** Who looks at a root with a lock of its tree is nobody's concern, and RCU readers may have a tree that is made for them. */
function noteSearch(k: KernelWorld, root: Ptr): void {
  const trees = k.state(knownTrees);
  const locks = trees.locks.get(root) ?? [];
  const { spinlocks, rcuReaders } = k.state(executionContext);
  if (locks.length === 0 || rcuReaders > 0 || locks.some((lock) => spinlocks.includes(lock))) return;
  k.trace.emit({ kind: 'tree', change: 'read', root, name: trees.all.get(root)?.name ?? '' });
}
