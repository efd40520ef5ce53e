// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import { runOf, type Operation, type PageGroup, type Scenario } from '../scenario.ts';
import type { Shapes } from './shapes.ts';

/** Tables of one call that are reached through the fixmap: more than any kernel has slots for. */
const MANY_TABLES = 17;

/** Tables of larger pages hold more entries, and to fill many of them would take too long. */
const MOST_PAGES = 2 ** 15;

/**
 * The linear map made of memory of several sizes and places, by blocks and by pages: few tables and many, banks that share a
 * table and banks that do not. And single slots of the fixmap, set, cleared and set again.
 */
export function linearMapScenarios(shapes: Shapes): readonly Scenario[] {
  const { block, run } = shapes;
  const banks: (readonly PageGroup[])[] = [
    [bank(1)],
    [bank(run + 1, 1)],
    [bank(block)],
    [bank(2 * block, run)],
    [bank(3), bank(block + 1, 1)],
    [bank(2), bank(run), bank(block)],
  ];
  const init = (pages: readonly PageGroup[], leaves: 'pages' | 'any'): Operation => ({
    call: 'map_mem',
    pages,
    leaves,
  });
  const mapped = (frames: PageGroup): Operation => ({ call: '__map_memblock', frames, leaves: 'pages' });
  const tooManyPages = (count: number): boolean => count * block > MOST_PAGES;
  const tables = [3, MANY_TABLES - 2, MANY_TABLES - 1, MANY_TABLES, 2 * MANY_TABLES];
  return [
    ...banks.flatMap((each) => [{ operations: [init(each, 'any')] }, { operations: [init(each, 'pages')] }]),
    // Of a table that only begins or ends the range, few entries are written.
    ...tables.flatMap((count) =>
      tooManyPages(count)
        ? []
        : [
            { operations: [init([bank((count - 2) * block + 2, block - 1)], 'pages')] },
            { operations: [mapped(bank((count - 2) * block + 2, block - 1))] },
          ],
    ),
    ...ofLargeLeaves(shapes).map((frames) => ({
      operations: [{ call: '__map_memblock', frames, leaves: 'any' } as const],
    })),
    ...slotScenarios(),
  ];
}

/** Parts of a row of blocks, of the largest leaf and of two of them: such a leaf begins or ends where memory does not. */
function ofLargeLeaves({ block, largest, hugeSizes }: Shapes): readonly PageGroup[] {
  const part = (whole: PageCount, first: PageCount, count: PageCount): PageGroup =>
    runOf(whole, { first, count, compound: false });
  const row = hugeSizes.find((size) => size > block && size < largest) ?? hugeSizes.at(-1)!;
  return [
    ...(row > block ? [part(4 * row, block, 2 * row)] : []),
    ...(largest > block ? [part(largest, 0, block), part(2 * largest, largest - block, 2 * block)] : []),
  ];
}

/** A bank of memory of so many pages, so many behind an aligned one. */
function bank(pages: number, misaligned = 0): PageGroup {
  return runOf(pages, { misaligned });
}

function slotScenarios(): readonly Scenario[] {
  const set = (slot: string): Operation => ({ call: '__set_fixmap', slot, pages: [runOf(1)], prot: 'rw' });
  const clear = (slot: string): Operation => ({ call: '__set_fixmap', slot, pages: [], prot: 'rw' });
  const [first, second] = ['FIX_EARLYCON_MEM_BASE', 'FIX_TEXT_POKE0'] as const;
  return [
    { operations: [set(first), clear(first)] },
    { operations: [set(first), clear(first), set(first), clear(first)] },
    { operations: [set(first), set(second), clear(first), set(first), clear(second), clear(first)] },
  ];
}
