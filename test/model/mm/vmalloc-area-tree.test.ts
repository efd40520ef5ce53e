// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FreeArea } from '../../../src/model/mm/vmalloc-area-balance.ts';
import { FreeTree, makeFreeArea } from '../../../src/model/mm/vmalloc-area-tree.ts';

/** Black nodes on every path down, or an error where the tree is not red-black, not ordered or has a wrong maximum. */
function blackHeight(node: FreeArea | undefined): number {
  if (node === undefined) return 1;
  for (const child of [node.left, node.right]) {
    if (child === undefined) continue;
    expect(child.parent).toBe(node);
    expect(node.red && child.red).toBe(false);
  }
  if (node.left !== undefined) expect(node.left.end).toBeLessThanOrEqual(node.start);
  if (node.right !== undefined) expect(node.right.start).toBeGreaterThanOrEqual(node.end);
  const sizes = [node.end - node.start, node.left?.subtreeMax ?? 0, node.right?.subtreeMax ?? 0];
  expect(node.subtreeMax).toBe(Math.max(...sizes));
  const left = blackHeight(node.left);
  expect(blackHeight(node.right)).toBe(left);
  return left + (node.red ? 0 : 1);
}

function check(tree: FreeTree): void {
  if (tree.root.top !== undefined) expect(tree.root.top.red).toBe(false);
  blackHeight(tree.root.top);
}

describe('the tree of free address space', () => {
  it('stays balanced, ordered and knows its maxima through insertions and erasures', () => {
    const step = fc.record({ slot: fc.nat(60), length: fc.integer({ min: 1, max: 8 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const tree = new FreeTree();
        const present = new Map<number, FreeArea>();
        for (const { slot, length } of steps) {
          const old = present.get(slot);
          if (old === undefined) {
            const node = makeFreeArea(slot * 16, slot * 16 + length, 0);
            expect(tree.insert(node)).toBeUndefined();
            present.set(slot, node);
          } else if (length > 4) {
            tree.resize(old, old.start, old.start + length);
          } else {
            tree.erase(old);
            present.delete(slot);
          }
          check(tree);
        }
        const starts = [...present.values()].map((node) => node.start).sort((a, b) => a - b);
        expect([...tree.areas()].map((node) => node.start)).toEqual(starts);
      }),
      { numRuns: 200 },
    );
  });

  it('finds the lowest range that fits when no alignment is asked for', () => {
    const ranges = fc.uniqueArray(fc.nat(100), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(ranges, fc.integer({ min: 1, max: 12 }), fc.nat(1600), (slots, size, vstart) => {
        const tree = new FreeTree();
        for (const slot of slots) tree.insert(makeFreeArea(slot * 16, slot * 16 + 1 + ((slot * 7) % 12), 0));
        const expected = [...tree.areas()].find((area) => Math.max(area.start, vstart) + size <= area.end);
        expect(tree.lowestMatch(size, 1, vstart, size)).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a range that overlaps another, and says which', () => {
    const tree = new FreeTree();
    const first = makeFreeArea(-100, -50, 0);
    tree.insert(first);
    expect(tree.insert(makeFreeArea(-60, -40, 0))).toBe(first);
    expect([...tree.areas()]).toEqual([first]);
  });
});
