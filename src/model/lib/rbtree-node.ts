// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { KernelWorld } from '../kernel.ts';

/** struct rb_node of include/linux/rbtree.ts: parent and colour in one word, then the children. */
const RIGHT = 8;
const LEFT = 16;
const RED = 0;
const BLACK = 1;

/** Words that one call may read: a sound tree of all memory's objects needs some hundreds. */
const MOST_READS = 20_000;

/** A tree as its functions see it: nodes are addresses, 0 is none. */
export class Nodes {
  readonly #k: KernelWorld;
  readonly #mem: KernelWorld['mem'];
  #reads = 0;

  constructor(k: KernelWorld) {
    this.#k = k;
    this.#mem = k.mem;
  }

  /** A tree that its callers have made a ring of is walked without end by the kernel, too. */
  #word(at: Ptr): number {
    if (++this.#reads > MOST_READS) this.#k.spin();
    return Number(this.#mem.ld64(at));
  }

  left(node: Ptr): Ptr {
    return this.#word(node + LEFT);
  }

  right(node: Ptr): Ptr {
    return this.#word(node + RIGHT);
  }

  child(node: Ptr, isLeft: boolean): Ptr {
    return this.#word(node + (isLeft ? LEFT : RIGHT));
  }

  setChild(node: Ptr, isLeft: boolean, child: Ptr): void {
    this.#mem.st64(node + (isLeft ? LEFT : RIGHT), child);
  }

  parent(node: Ptr): Ptr {
    const word = this.#word(node);
    return word - (word & 3);
  }

  /** An absent node counts as black. */
  isRed(node: Ptr): boolean {
    return node !== 0 && (this.#word(node) & 1) === RED;
  }

  setParent(node: Ptr, parent: Ptr): void {
    this.#mem.st64(node, parent + (this.#word(node) & 1));
  }

  setRed(node: Ptr, red: boolean): void {
    this.#mem.st64(node, this.parent(node) + (red ? RED : BLACK));
  }

  /** A node that has just been put under `parent`: red and without children. */
  link(node: Ptr, parent: Ptr): void {
    this.#mem.st64(node, parent + RED);
    this.#mem.st64(node + LEFT, 0);
    this.#mem.st64(node + RIGHT, 0);
  }

  /** `to` takes parent, colour and children of `from`. */
  copy(to: Ptr, from: Ptr): void {
    this.#mem.st64(to, this.#word(from));
    this.#mem.st64(to + RIGHT, this.right(from));
    this.#mem.st64(to + LEFT, this.left(from));
  }

  root(root: Ptr): Ptr {
    return this.#word(root);
  }

  /** `parent`, or the root if there is none, points to `to` where it pointed to `from`. */
  changeChild(root: Ptr, parent: Ptr, from: Ptr, to: Ptr): void {
    if (parent === 0) this.#mem.st64(root, to);
    else this.setChild(parent, this.left(parent) === from, to);
  }
}
