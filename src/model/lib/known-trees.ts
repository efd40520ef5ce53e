// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr, VirtAddr } from '../../base/units.ts';
import type { KernelWorld } from '../kernel.ts';
import { executionContext } from '../kernel/interrupt-state.ts';
import { partOfState } from '../part-of-state.ts';

/** A red-black tree that others can reach. */
export interface KnownTree {
  readonly root: Ptr;
  /** Of its root. */
  readonly name: string;
  /** Its nodes hold something about all that is below them. */
  readonly isAugmented: boolean;
}

interface KnownTrees {
  readonly all: Map<Ptr, KnownTree>;
  /** The spinlocks that all changes since boot had in common, by root. */
  readonly locks: Map<Ptr, readonly Ptr[]>;
  /** Objects that have been in a tree of areas, and live still. */
  readonly areas: Set<Ptr>;
  /** What the boot does, nobody else sees. */
  booting: boolean;
  /** A node has come or gone since this was last set to false. */
  changed: boolean;
}

/** Every tree that has changed since boot. */
export const knownTrees = partOfState((): KnownTrees => ({
  all: new Map(),
  locks: new Map(),
  areas: new Set(),
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

/** To be called for each node that comes into a tree that others can reach. */
export function noteArea(k: KernelWorld, node: Ptr, isAugmented: boolean): void {
  const area = areaAt(k, node);
  if (area === undefined) return;
  k.state(knownTrees).areas.add(area.object);
  // What is in a tree that knows the largest piece below each node is free for whoever asks.
  if (isAugmented) tellReleased(k, area);
}

/**
 * To be called before an object is freed: that of an area goes when nobody needs to know any more that it is taken. Where free
 * space has a tree as well, it may also have become part of a neighbour, and only that tree tells.
 */
export function noteFree(k: KernelWorld, object: Ptr): void {
  const { all, areas } = k.state(knownTrees);
  if (!areas.delete(object) || [...all.values()].some(({ isAugmented }) => isAugmented)) return;
  const area = areaAt(k, object + k.offsetof('vmap_area', 'rb_node'));
  if (area !== undefined) tellReleased(k, area);
}

interface Area {
  readonly object: Ptr;
  readonly start: VirtAddr;
  readonly end: VirtAddr;
}

/** The area that has this node; undefined where the object is something else. */
function areaAt(k: KernelWorld, node: Ptr): Area | undefined {
  const found = k.mem.objectAt(node);
  const [size, member] = [k.sizeof('vmap_area'), k.offsetof('vmap_area', 'rb_node')];
  if (found === undefined || found.size !== size || found.addr !== node - member) return undefined;
  const words = new DataView(k.mem.readAnyway(found.addr, size).buffer);
  const word = (name: string): number => Number(words.getBigInt64(k.offsetof('vmap_area', name), true));
  return { object: found.addr, start: word('va_start'), end: word('va_end') };
}

function tellReleased(k: KernelWorld, { start, end }: Area): void {
  if (end > start) k.trace.emit({ kind: 'released', addr: start, size: end - start });
}

/** Who looks at a root with a lock of its tree is nobody's concern, and RCU readers may have a tree that is made for them. */
function noteSearch(k: KernelWorld, root: Ptr): void {
  const trees = k.state(knownTrees);
  const locks = trees.locks.get(root) ?? [];
  const { spinlocks, rcuReaders } = k.state(executionContext);
  if (locks.length === 0 || rcuReaders > 0 || locks.some((lock) => spinlocks.includes(lock))) return;
  k.trace.emit({ kind: 'tree', change: 'read', root, name: trees.all.get(root)?.name ?? '' });
}
