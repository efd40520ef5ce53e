// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, Shift } from '../../base/units.ts';
import type { Level, Machine } from '../../trace/machine.ts';
import { windowToBorder } from '../test-window.ts';

/** Sizes of one machine that scenarios are built around. */
export interface Shapes {
  readonly pageShift: Shift;
  /** Pages of a contiguous run at the last level; where there is none, what other machines of the page size have. */
  readonly run: PageCount;
  /** Pages that one entry of the next level maps. */
  readonly block: PageCount;
  /** Tables that lead from the root's entry to a page. */
  readonly tables: number;
  /** Pages of the largest leaf. */
  readonly largest: PageCount;
  /** Pages from the start of the test window to where the root table's next entry begins. */
  readonly border: PageCount;
  /** The same for every level but the last, root first, where no entry of a level above begins as well. */
  readonly borders: readonly PageCount[];
  /** Pages that one entry of each level but the last covers, ascending. */
  readonly entrySizes: readonly PageCount[];
  /** Pages that vmalloc space holds. */
  readonly space: PageCount;
  /** Every size that some huge entry may have, ascending: runs, rows of runs, blocks. */
  readonly hugeSizes: readonly PageCount[];
}

const RUN_SHIFT = 16;

export function shapesOf(machine: Machine): Shapes {
  const { levels, pageShift, addresses } = machine;
  const last = levels.at(-1)!;
  const run = last.contiguousEntries ?? 2 ** (RUN_SHIFT - pageShift);
  const leaves = levels.filter(({ leaf }) => leaf !== undefined);
  const block = 2 ** (leaves.at(-2)!.shift - pageShift);
  const sizes = new Set<PageCount>();
  for (const { shift, contiguousEntries } of leaves) {
    const pages = 2 ** (shift - pageShift);
    if (pages > 1) sizes.add(pages);
    if (contiguousEntries !== undefined) sizes.add(pages * contiguousEntries);
  }
  for (let pages = run; pages < block; pages *= 2) sizes.add(pages);
  const border = windowToBorder(machine) / 2 ** pageShift;
  const pagesOf = ({ shift }: Level): PageCount => 2 ** (shift - pageShift);
  const upper = levels.slice(0, -1);
  return {
    pageShift,
    run,
    block,
    tables: levels.length - 1,
    largest: 2 ** (leaves[0]!.shift - pageShift),
    border,
    borders: upper.map((level, depth) => border + (depth === 0 ? 0 : pagesOf(level))),
    entrySizes: upper.map(pagesOf).toReversed(),
    space: (addresses.vmallocEnd - addresses.vmallocStart) / 2 ** pageShift,
    hugeSizes: [...sizes].toSorted((a, b) => a - b),
  };
}

/** What takes thousands of leaves is not worth the time that it takes. */
const MOST_OF_AN_ENTRY = 2 ** 22;

/** Pages of an entry that is too large for a leaf, and small enough to be filled with the largest. */
export function isAbove(largest: PageCount): (size: PageCount) => boolean {
  return (size) => size > largest && size <= MOST_OF_AN_ENTRY;
}

/** log2 of the bytes of so many pages. */
export function shiftOf(shapes: Shapes, pages: PageCount): Shift {
  return shapes.pageShift + Math.log2(pages);
}
