// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ptr } from '../../../src/base/units.ts';
import type { Kernel } from '../../../src/model/kernel.ts';
import { arm64With4k } from '../../../src/model/machines/arm64-4k.ts';
import { bootKernel } from '../booted-kernel.ts';

const RIGHT = 8;
const LEFT = 16;
const KEY = 24;

class Tree {
  readonly k: Kernel;
  readonly root: Ptr;
  readonly nodes = new Map<number, Ptr>();

  constructor(k: Kernel) {
    this.k = k;
    this.root = k.mem.allocate({ name: 'rb_root', size: 8, zeroed: true });
  }

  word(at: Ptr): number {
    return Number(this.k.mem.ld64(at));
  }

  insert(key: number): void {
    const node = this.k.mem.allocate({ name: 'node', size: 32 });
    this.k.mem.st64(node + KEY, key);
    this.nodes.set(key, node);
    let link = this.root;
    let parent = 0;
    for (let at = this.word(link); at !== 0; at = this.word(link)) {
      parent = at;
      link = at + (key < this.word(at + KEY) ? LEFT : RIGHT);
    }
    this.k.rb_link_node(node, parent, link);
    this.k.rb_insert_color(node, this.root);
  }

  erase(key: number): void {
    this.k.rb_erase(this.nodes.get(key)!, this.root);
    this.nodes.delete(key);
  }

  /** Black nodes on every path down; throws where the tree is none. */
  blackHeight(node = this.word(this.root), parent = 0): number {
    if (node === 0) return 0;
    const word = this.word(node);
    const isBlack = (word & 1) === 1;
    expect(word - (word & 3)).toBe(parent);
    const children = [this.word(node + LEFT), this.word(node + RIGHT)];
    if (!isBlack)
      for (const child of children) expect(child === 0 || (this.word(child) & 1) === 1).toBe(true);
    const [left, right] = children.map((child) => this.blackHeight(child, node));
    expect(left).toBe(right);
    return left! + (isBlack ? 1 : 0);
  }

  keys(): number[] {
    const keys = [];
    for (let node = this.k.rb_first(this.root); node !== 0; node = this.k.rb_next(node))
      keys.push(this.word(node + KEY));
    return keys;
  }

  keysBackwards(): number[] {
    const keys = [];
    for (let node = this.k.rb_last(this.root); node !== 0; node = this.k.rb_prev(node))
      keys.push(this.word(node + KEY));
    return keys;
  }
}

describe('rbtree', () => {
  const { k } = bootKernel(arm64With4k);

  test('stays ordered and balanced through any insertions and removals', () => {
    const keys = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { maxLength: 60 });
    fc.assert(
      fc.property(keys, fc.infiniteStream(fc.boolean()), (inserted, removed) => {
        const tree = new Tree(k);
        for (const key of inserted) {
          tree.insert(key);
          tree.blackHeight();
        }
        for (const key of inserted.filter(() => removed.next().value)) {
          tree.erase(key);
          tree.blackHeight();
        }
        const sorted = [...tree.nodes.keys()].sort((a, b) => a - b);
        expect(tree.keys()).toEqual(sorted);
        expect(tree.keysBackwards()).toEqual(sorted.toReversed());
      }),
      { numRuns: 60 },
    );
  });

  test('a ring ends the run as a loop without end', () => {
    const tree = new Tree(k);
    for (const key of [1, 2, 3]) tree.insert(key);
    const [lowest, highest] = [tree.nodes.get(1)!, tree.nodes.get(3)!];
    k.mem.st64(lowest + LEFT, highest);
    k.mem.st64(highest + LEFT, lowest);

    expect(() => k.rb_first(tree.root)).toThrow('a loop does not end');
  });
});
