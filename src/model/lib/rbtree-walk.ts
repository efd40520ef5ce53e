// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { Nodes } from './rbtree-node.ts';

// lib/rbtree.c: from node to node.

function outermost(nodes: Nodes, from: Ptr, isLeft: boolean): Ptr {
  let node = from;
  for (let next = node; next !== 0; next = nodes.child(node, isLeft)) node = next;
  return node;
}

function neighbour(nodes: Nodes, node: Ptr, isLeft: boolean): Ptr {
  const below = nodes.child(node, isLeft);
  if (below !== 0) return outermost(nodes, below, !isLeft);
  let child = node;
  let parent = nodes.parent(child);
  while (parent !== 0 && nodes.child(parent, isLeft) === child) {
    child = parent;
    parent = nodes.parent(child);
  }
  return parent;
}

/** An unlinked node (RB_CLEAR_NODE) is its own parent. */
function isUnlinked(nodes: Nodes, node: Ptr): boolean {
  return nodes.parent(node) === node;
}

/** Asks without a search, and so without a lock. @kernel include/linux/rbtree.h RB_EMPTY_ROOT @fidelity dup */
export function rb_empty_root(k: Kernel, root: Ptr): number {
  return k.mem.readAnyway(root, 8).every((byte) => byte === 0) ? 1 : 0;
}

/** @kernel lib/rbtree.c rb_next @fidelity dup */
export function rb_next(k: Kernel, node: Ptr): Ptr {
  const nodes = new Nodes(k);
  return isUnlinked(nodes, node) ? 0 : neighbour(nodes, node, false);
}

/** @kernel lib/rbtree.c rb_prev @fidelity dup */
export function rb_prev(k: Kernel, node: Ptr): Ptr {
  const nodes = new Nodes(k);
  return isUnlinked(nodes, node) ? 0 : neighbour(nodes, node, true);
}

/** @kernel lib/rbtree.c rb_first @fidelity dup */
export function rb_first(k: Kernel, root: Ptr): Ptr {
  const nodes = new Nodes(k);
  return outermost(nodes, nodes.root(root), true);
}

/** @kernel lib/rbtree.c rb_last @fidelity dup */
export function rb_last(k: Kernel, root: Ptr): Ptr {
  const nodes = new Nodes(k);
  return outermost(nodes, nodes.root(root), false);
}

function deepestLeft(nodes: Nodes, from: Ptr): Ptr {
  let node = from;
  while (node !== 0) {
    const next = nodes.left(node) || nodes.right(node);
    if (next === 0) break;
    node = next;
  }
  return node;
}

/** @kernel lib/rbtree.c rb_first_postorder @fidelity dup */
export function rb_first_postorder(k: Kernel, root: Ptr): Ptr {
  const nodes = new Nodes(k);
  return deepestLeft(nodes, nodes.root(root));
}

/** @kernel lib/rbtree.c rb_next_postorder @fidelity dup */
export function rb_next_postorder(k: Kernel, node: Ptr): Ptr {
  if (node === 0) return 0;
  const nodes = new Nodes(k);
  const parent = nodes.parent(node);
  if (parent === 0) return 0;
  const right = nodes.right(parent);
  return nodes.left(parent) === node && right !== 0 ? deepestLeft(nodes, right) : parent;
}
