// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { KernelWorld } from '../kernel.ts';
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
  /** A node has come or gone since this was last set to false. */
  changed: boolean;
}

/** Every tree that has changed since boot. */
export const knownTrees = partOfState((): KnownTrees => ({ all: new Map(), changed: false }));

/** To be called for each node that comes or goes. */
export function noteTree(k: KernelWorld, tree: KnownTree): void {
  const trees = k.state(knownTrees);
  trees.changed = true;
  if (trees.all.get(tree.root)?.isAugmented !== true) trees.all.set(tree.root, tree);
}
