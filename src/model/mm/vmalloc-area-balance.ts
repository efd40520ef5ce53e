// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';

// Red-black balancing in the order of lib/rbtree.c, so that the tree has the same shape as the kernel's.

/** A free range of kernel address space and its place in the tree. `area` is the vmap_area object that stands for it. */
export interface FreeArea {
  start: VirtAddr;
  end: VirtAddr;
  area: Ptr;
  /** The largest size in the subtree below and including this node. */
  subtreeMax: ByteCount;
  left: FreeArea | undefined;
  right: FreeArea | undefined;
  parent: FreeArea | undefined;
  red: boolean;
}

/** The root of a tree, as an object so that rotations can replace it. */
export interface FreeRoot {
  top: FreeArea | undefined;
}

/** The largest size in a subtree; 0 of an empty one. */
export function maxOf(node: FreeArea | undefined): ByteCount {
  return node === undefined ? 0 : node.subtreeMax;
}

/** Recomputes a node's maximum from its own size and its children's. */
export function recompute(node: FreeArea): void {
  node.subtreeMax = Math.max(node.end - node.start, maxOf(node.left), maxOf(node.right));
}

type Side = 'left' | 'right';

function other(side: Side): Side {
  return side === 'left' ? 'right' : 'left';
}

/** Turns the edge between `node` and its child on `side`: the child comes up. */
function rotateUp(root: FreeRoot, node: FreeArea, side: Side): void {
  const child = node[side]!;
  const inner = child[other(side)];
  node[side] = inner;
  if (inner !== undefined) inner.parent = node;
  child.parent = node.parent;
  if (node.parent === undefined) root.top = child;
  else if (node.parent.left === node) node.parent.left = child;
  else node.parent.right = child;
  child[other(side)] = node;
  node.parent = child;
  recompute(node);
  recompute(child);
}

/** After `node` was linked as a red leaf: no red node may have a red child. */
export function insertFixup(root: FreeRoot, inserted: FreeArea): void {
  let node = inserted;
  for (;;) {
    const parent = node.parent;
    if (parent === undefined) {
      node.red = false;
      return;
    }
    if (!parent.red) return;
    const grandparent = parent.parent!;
    const side: Side = grandparent.left === parent ? 'left' : 'right';
    const uncle = grandparent[other(side)];
    if (uncle?.red === true) {
      uncle.red = parent.red = false;
      grandparent.red = true;
      node = grandparent;
      continue;
    }
    if (parent[other(side)] === node) rotateUp(root, parent, other(side));
    rotateUp(root, grandparent, side);
    grandparent.parent!.red = false;
    grandparent.red = true;
    return;
  }
}

/** After a black node was taken from one side of `shortParent`: all paths get the same number of black nodes again. */
export function eraseFixup(root: FreeRoot, shortParent: FreeArea): void {
  let parent = shortParent;
  let node: FreeArea | undefined;
  for (;;) {
    // The side that is too short is the one where `node` hangs; at first that place is empty.
    const short: Side = parent.right === node ? 'right' : 'left';
    const far = other(short);
    if (parent[far]!.red) {
      parent[far]!.red = false;
      parent.red = true;
      rotateUp(root, parent, far);
    }
    let sibling = parent[far]!;
    if (sibling[far]?.red !== true && sibling[short]?.red !== true) {
      sibling.red = true;
      if (parent.red) {
        parent.red = false;
        return;
      }
      node = parent;
      if (node.parent === undefined) return;
      parent = node.parent;
      continue;
    }
    if (sibling[far]?.red !== true) {
      sibling[short]!.red = false;
      sibling.red = true;
      rotateUp(root, sibling, short);
      sibling = parent[far]!;
    }
    sibling.red = parent.red;
    parent.red = false;
    sibling[far]!.red = false;
    rotateUp(root, parent, far);
    return;
  }
}
