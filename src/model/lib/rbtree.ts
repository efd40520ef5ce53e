// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { Nodes } from './rbtree-node.ts';
import { noteArea, noteTree } from './known-trees.ts';

// lib/rbtree.c: the textbook's red-black tree, over struct rb_node in memory, with hooks for augmented trees.

/** What an augmented tree wants to know; see struct rb_augment_callbacks. */
interface Augment {
  /** Values are stale from `node` up to, not including, `stop`. */
  propagate(node: Ptr, stop: Ptr): void;
  copy(from: Ptr, to: Ptr): void;
  /** `to` has taken the place of `from`, which is now its child. */
  rotate(from: Ptr, to: Ptr): void;
}

const notAugmented: Augment = { propagate() {}, copy() {}, rotate() {} };

/** The child on the other side of `node` comes up in its place. */
function rotate(nodes: Nodes, root: Ptr, node: Ptr, toLeft: boolean, augment: Augment): void {
  const up = nodes.child(node, !toLeft);
  const inner = nodes.child(up, toLeft);
  const parent = nodes.parent(node);
  nodes.setChild(node, !toLeft, inner);
  if (inner !== 0) nodes.setParent(inner, node);
  nodes.setParent(up, parent);
  nodes.changeChild(root, parent, node, up);
  nodes.setChild(up, toLeft, node);
  nodes.setParent(node, up);
  augment.rotate(node, up);
}

/** After a red node came in: no red node may have a red parent. */
function balanceInsert(nodes: Nodes, root: Ptr, inserted: Ptr, augment: Augment): void {
  let node = inserted;
  for (let parent = nodes.parent(node); nodes.isRed(parent); parent = nodes.parent(node)) {
    const grandparent = nodes.parent(parent);
    const isLeft = nodes.left(grandparent) === parent;
    const uncle = nodes.child(grandparent, !isLeft);
    if (nodes.isRed(uncle)) {
      nodes.setRed(uncle, false);
      nodes.setRed(parent, false);
      nodes.setRed(grandparent, true);
      node = grandparent;
      continue;
    }
    if (nodes.child(parent, !isLeft) === node) {
      rotate(nodes, root, parent, isLeft, augment);
      [node, parent] = [parent, node];
    }
    nodes.setRed(parent, false);
    nodes.setRed(grandparent, true);
    rotate(nodes, root, grandparent, !isLeft, augment);
  }
  nodes.setRed(nodes.root(root), false);
}

/** After a black node went away below `parent`: the path through `node`, possibly none, lacks one black. */
function balanceErase(nodes: Nodes, root: Ptr, start: Ptr, startParent: Ptr, augment: Augment): void {
  let node = start;
  let parent = startParent;
  while (parent !== 0 && !nodes.isRed(node)) {
    const isLeft = nodes.left(parent) === node;
    let sibling = nodes.child(parent, !isLeft);
    if (nodes.isRed(sibling)) {
      nodes.setRed(sibling, false);
      nodes.setRed(parent, true);
      rotate(nodes, root, parent, isLeft, augment);
      sibling = nodes.child(parent, !isLeft);
    }
    if (!nodes.isRed(nodes.left(sibling)) && !nodes.isRed(nodes.right(sibling))) {
      nodes.setRed(sibling, true);
      node = parent;
      parent = nodes.parent(node);
      continue;
    }
    if (!nodes.isRed(nodes.child(sibling, !isLeft))) {
      nodes.setRed(nodes.child(sibling, isLeft), false);
      nodes.setRed(sibling, true);
      rotate(nodes, root, sibling, !isLeft, augment);
      sibling = nodes.child(parent, !isLeft);
    }
    nodes.setRed(sibling, nodes.isRed(parent));
    nodes.setRed(parent, false);
    nodes.setRed(nodes.child(sibling, !isLeft), false);
    rotate(nodes, root, parent, isLeft, augment);
    return;
  }
  if (node !== 0) nodes.setRed(node, false);
}

function erase(nodes: Nodes, node: Ptr, root: Ptr, augment: Augment): void {
  const left = nodes.left(node);
  const right = nodes.right(node);
  if (left === 0 || right === 0) {
    const child = left === 0 ? right : left;
    const parent = nodes.parent(node);
    const wasRed = nodes.isRed(node);
    nodes.changeChild(root, parent, node, child);
    if (child !== 0) nodes.setParent(child, parent);
    augment.propagate(parent, 0);
    if (!wasRed) balanceErase(nodes, root, child, parent, augment);
    return;
  }
  let successor = right;
  while (nodes.left(successor) !== 0) successor = nodes.left(successor);
  const child = nodes.right(successor);
  const isDirect = successor === right;
  const childParent = isDirect ? successor : nodes.parent(successor);
  const wasRed = nodes.isRed(successor);
  if (!isDirect) {
    nodes.setChild(childParent, true, child);
    if (child !== 0) nodes.setParent(child, childParent);
    nodes.setChild(successor, false, right);
    nodes.setParent(right, successor);
  }
  augment.copy(node, successor);
  if (!isDirect) augment.propagate(childParent, successor);
  const keepRight = nodes.right(successor);
  nodes.changeChild(root, nodes.parent(node), node, successor);
  nodes.copy(successor, node);
  nodes.setChild(successor, false, keepRight);
  nodes.setParent(left, successor);
  if (keepRight !== 0) nodes.setParent(keepRight, successor);
  augment.propagate(successor, 0);
  if (!wasRed) balanceErase(nodes, root, child, childParent, augment);
}

function augmentOf(k: Kernel, callbacks: Ptr): Augment {
  const { propagate, copy, rotate: rotateHook } = k.structs.rb_augment_callbacks(callbacks);
  return {
    propagate: (node, stop) => void k.callPointer(propagate, node, stop),
    copy: (from, to) => void k.callPointer(copy, from, to),
    rotate: (from, to) => void k.callPointer(rotateHook, from, to),
  };
}

/** A change that others may see, unless the tree is on the stack. */
function tell(k: Kernel, change: 'insert' | 'erase', root: Ptr, node: Ptr, isAugmented = false): void {
  if (k.mem.heap.isLocal(root)) return;
  if (change === 'insert') noteArea(k, node, isAugmented);
  const name = k.nameOf(root);
  noteTree(k, { root, name, isAugmented });
  k.trace.emit({ kind: 'tree', change, root, name });
}

/** Puts a node where the search ended. @kernel include/linux/rbtree.h rb_link_node @fidelity dup */
export function rb_link_node(k: Kernel, node: Ptr, parent: Ptr, rb_link: Ptr): void {
  new Nodes(k).link(node, parent);
  k.mem.st64(rb_link, node);
}

/** Balances after rb_link_node(). @kernel lib/rbtree.c rb_insert_color @fidelity dup Emits `tree`. */
export function rb_insert_color(k: Kernel, node: Ptr, root: Ptr): void {
  tell(k, 'insert', root, node);
  balanceInsert(new Nodes(k), root, node, notAugmented);
}

/** @kernel include/linux/rbtree_augmented.h rb_insert_augmented @fidelity dup Emits `tree`. */
export function rb_insert_augmented(k: Kernel, node: Ptr, root: Ptr, augment: Ptr): void {
  tell(k, 'insert', root, node, true);
  balanceInsert(new Nodes(k), root, node, augmentOf(k, augment));
}

/** @kernel lib/rbtree.c __rb_insert_augmented @fidelity dup Emits `tree`. */
export function __rb_insert_augmented(k: Kernel, node: Ptr, root: Ptr, augment_rotate: Ptr): void {
  tell(k, 'insert', root, node, true);
  const hook: Augment = {
    ...notAugmented,
    rotate: (from, to) => void k.callPointer(augment_rotate, from, to),
  };
  balanceInsert(new Nodes(k), root, node, hook);
}

/** Takes a node out. @kernel lib/rbtree.c rb_erase @fidelity dup Emits `tree`. */
export function rb_erase(k: Kernel, node: Ptr, root: Ptr): void {
  tell(k, 'erase', root, node);
  erase(new Nodes(k), node, root, notAugmented);
}

/** @kernel include/linux/rbtree_augmented.h rb_erase_augmented @fidelity dup Emits `tree`. */
export function rb_erase_augmented(k: Kernel, node: Ptr, root: Ptr, augment: Ptr): void {
  tell(k, 'erase', root, node, true);
  erase(new Nodes(k), node, root, augmentOf(k, augment));
}

/** @kernel lib/rbtree.c rb_replace_node @fidelity dup */
export function rb_replace_node(k: Kernel, victim: Ptr, replacement: Ptr, root: Ptr): void {
  const nodes = new Nodes(k);
  nodes.copy(replacement, victim);
  for (const child of [nodes.left(victim), nodes.right(victim)]) {
    if (child !== 0) nodes.setParent(child, replacement);
  }
  nodes.changeChild(root, nodes.parent(victim), victim, replacement);
}
