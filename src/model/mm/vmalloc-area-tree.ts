// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';
import { alignUp } from './level-sizes.ts';
import {
  eraseFixup,
  insertFixup,
  maxOf,
  recompute,
  type FreeArea,
  type FreeRoot,
} from './vmalloc-area-balance.ts';

export function makeFreeArea(start: VirtAddr, end: VirtAddr, area: Ptr): FreeArea {
  const none = { left: undefined, right: undefined, parent: undefined };
  return { start, end, area, subtreeMax: end - start, ...none, red: true };
}

/**
 * The free address space, ordered by address: a red-black tree in which every node knows the largest free range below
 * it. The tree is balanced step by step as lib/rbtree.c does it, because its shape is observable: a search for an
 * aligned range skips subtrees by their maximum, so which of two fitting ranges it finds depends on who is whose parent.
 */
export class FreeTree {
  readonly root: FreeRoot = { top: undefined };

  /** Inserts a range. Returns the range that it overlaps instead, if there is one. */
  insert(node: FreeArea): FreeArea | undefined {
    let parent: FreeArea | undefined;
    let next = this.root.top;
    while (next !== undefined) {
      parent = next;
      if (node.end <= next.start) next = next.left;
      else if (node.start >= next.end) next = next.right;
      else return next;
    }
    node.parent = parent;
    node.left = node.right = undefined;
    node.red = true;
    if (parent === undefined) this.root.top = node;
    else if (node.end <= parent.start) parent.left = node;
    else parent.right = node;
    propagate(node);
    insertFixup(this.root, node);
    return undefined;
  }

  erase(node: FreeArea): void {
    const from = unlink(this.root, node);
    propagate(from.deepest);
    if (from.imbalance !== undefined) eraseFixup(this.root, from.imbalance);
  }

  /** Gives a node new bounds, between the same neighbours. */
  resize(node: FreeArea, start: VirtAddr, end: VirtAddr): void {
    node.start = start;
    node.end = end;
    propagate(node);
  }

  /** The last range that ends at or before `addr`, and the first that starts at or after it. */
  neighbours(addr: VirtAddr): { before: FreeArea | undefined; after: FreeArea | undefined } {
    let before: FreeArea | undefined;
    let after: FreeArea | undefined;
    for (let node = this.root.top; node !== undefined;) {
      if (node.start >= addr) {
        after = node;
        node = node.left;
      } else {
        before = node;
        node = node.right;
      }
    }
    return { before, after };
  }

  /**
   * The range that the kernel's search finds for `size` bytes at a multiple of `align`, not below `vstart`: the lowest
   * among those in subtrees that hold a range of `length` bytes.
   * @kernel mm/vmalloc.c find_vmap_lowest_match
   */
  lowestMatch(size: ByteCount, align: ByteCount, vstart: VirtAddr, length: ByteCount): FreeArea | undefined {
    let node = this.root.top;
    while (node !== undefined) {
      if (maxOf(node.left) >= length && vstart < node.start) {
        node = node.left;
      } else if (fits(node, size, align, vstart)) {
        return node;
      } else if (maxOf(node.right) >= length) {
        node = node.right;
      } else {
        const up = climb(node, size, align, vstart, length);
        if (up === undefined || up.fits) return up?.node;
        // One byte past the parent's start, so that the subtree already searched is not entered again.
        vstart = up.node.start + 1;
        node = up.node.right;
      }
    }
    return undefined;
  }

  /** Every range, by address. */
  *areas(): Generator<FreeArea> {
    let node = leftmost(this.root.top);
    while (node !== undefined) {
      yield node;
      node = successor(node);
    }
  }
}

/** Where an allocation would begin in this range. */
export function firstFit(node: FreeArea, align: ByteCount, vstart: VirtAddr): VirtAddr {
  return alignUp(node.start > vstart ? node.start : vstart, align);
}

function fits(node: FreeArea, size: ByteCount, align: ByteCount, vstart: VirtAddr): boolean {
  return firstFit(node, align, vstart) + size <= node.end;
}

/** Back towards the root, to the first parent that fits or whose right subtree is worth a search. */
function climb(
  from: FreeArea,
  size: ByteCount,
  align: ByteCount,
  vstart: VirtAddr,
  length: ByteCount,
): { node: FreeArea; fits: boolean } | undefined {
  for (let node = from.parent; node !== undefined; node = node.parent) {
    if (fits(node, size, align, vstart)) return { node, fits: true };
    if (maxOf(node.right) >= length && vstart <= node.start) return { node, fits: false };
  }
  return undefined;
}

function propagate(from: FreeArea | undefined): void {
  for (let node = from; node !== undefined; node = node.parent) recompute(node);
}

function leftmost(node: FreeArea | undefined): FreeArea | undefined {
  while (node?.left !== undefined) node = node.left;
  return node;
}

function successor(node: FreeArea): FreeArea | undefined {
  if (node.right !== undefined) return leftmost(node.right);
  let child = node;
  let parent = node.parent;
  while (parent !== undefined && parent.right === child) {
    child = parent;
    parent = parent.parent;
  }
  return parent;
}

/** Puts `by` where `node` hangs. */
function replaceChild(root: FreeRoot, node: FreeArea, by: FreeArea | undefined): void {
  const parent = node.parent;
  if (parent === undefined) root.top = by;
  else if (parent.left === node) parent.left = by;
  else parent.right = by;
  if (by !== undefined) by.parent = parent;
}

interface Unlinked {
  /** The deepest node whose subtree changed. */
  readonly deepest: FreeArea | undefined;
  /** The node one of whose sides now has a black node too few. */
  readonly imbalance: FreeArea | undefined;
}

function unlink(root: FreeRoot, node: FreeArea): Unlinked {
  if (node.left !== undefined && node.right !== undefined)
    return unlinkInner(root, node, node.left, node.right);
  const child = node.left ?? node.right;
  replaceChild(root, node, child);
  if (child !== undefined) child.red = node.red;
  return { deepest: node.parent, imbalance: child === undefined && !node.red ? node.parent : undefined };
}

/** A node with two children: its successor takes its place and colour. */
function unlinkInner(root: FreeRoot, node: FreeArea, left: FreeArea, right: FreeArea): Unlinked {
  const next = leftmost(right)!;
  const child = next.right;
  const parent = next === right ? next : next.parent!;
  if (next !== right) {
    parent.left = child;
    if (child !== undefined) child.parent = parent;
    next.right = right;
    right.parent = next;
  }
  next.left = left;
  left.parent = next;
  replaceChild(root, node, next);
  const short = child === undefined && !next.red;
  if (child !== undefined) child.red = false;
  next.red = node.red;
  return { deepest: parent, imbalance: short ? parent : undefined };
}
