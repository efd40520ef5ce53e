// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import { runOf, windowAt, type Operation, type PageGroup, type Scenario } from '../scenario.ts';
import { isAbove, type Shapes } from './shapes.ts';

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
    { operations: [{ call: '__map_memblock', frames: bank(2 * block + run), leaves: 'blocks' }] },
    ...ofFirmware(shapes),
    ...pluggedMemory(shapes),
    ...slotScenarios(),
  ];
}

/** Pages of a contiguous run of blocks, or of the largest leaf where there is none. */
function rowOf({ block, largest, hugeSizes }: Pick<Shapes, 'block' | 'largest' | 'hugeSizes'>): PageCount {
  return hugeSizes.find((size) => size > block && size < largest) ?? hugeSizes.at(-1)!;
}

/** Parts of a row of blocks, of the largest leaf and of two of them: such a leaf begins or ends where memory does not. */
function ofLargeLeaves({ block, largest, hugeSizes, entrySizes }: Shapes): readonly PageGroup[] {
  const part = (whole: PageCount, first: PageCount, count: PageCount): PageGroup =>
    runOf(whole, { first, count, compound: false });
  const row = rowOf({ block, largest, hugeSizes });
  return [
    // As much as an entry above the largest leaf covers, which is no leaf.
    ...entrySizes.filter(isAbove(largest)).map((size) => bank(size)),
    ...(row > block ? [part(4 * row, block, 2 * row)] : []),
    ...(largest > block ? [part(largest, 0, block), part(2 * largest, largest - block, 2 * block)] : []),
  ];
}

/**
 * What the firmware wants to see: memory that is aligned and memory that is not, pages that may change one by one, a range from
 * inside of a page on, and one across a border of root entries.
 */
function ofFirmware({ block, run, pageShift, border, ...shapes }: Shapes): readonly Scenario[] {
  const map = (
    frames: PageGroup,
    more: { at?: PageCount; offset?: number; leaves?: 'pages' } = {},
  ): Operation => {
    const { at = 0, offset = 0, leaves = 'any' } = more;
    return { call: 'create_pgd_mapping', at: windowAt(at), frames, offset, leaves };
  };
  const row = rowOf({ block, ...shapes });
  const behind = (first: PageCount, count: PageCount): PageGroup => {
    return runOf(first + count, { first, count, compound: false });
  };
  return [
    map(bank(block + run)),
    map(bank(row <= MOST_PAGES ? row : block + run), { leaves: 'pages' }),
    map(behind(1, 2 * run)),
    map(behind(block, row)),
    map(bank(2 * block + 1), { offset: 2 ** (pageShift - 1) }),
    map(bank(2 * block), { at: border - block }),
  ].map((each) => ({ operations: [each] }));
}

/** Memory comes and goes while the kernel runs: alone in its tables, and beside other memory. */
function pluggedMemory({ block, run }: Shapes): readonly Scenario[] {
  const add = (frames: PageGroup): Operation => ({ call: 'arch_add_memory', frames });
  const remove = (area: number): Operation => ({ call: 'arch_remove_memory', area });
  const refused: Operation = { ...add(bank(block)), fail: { nth: 1, onward: true } };
  return [
    [add(bank(2 * block)), remove(0), add(bank(block)), remove(2)],
    [add(bank(run)), remove(0)],
    [add(bank(block)), add(bank(block)), remove(0), remove(1)],
    [add(bank(2 * run)), add(bank(run)), remove(1), remove(0)],
    [add(bank(block)), refused, remove(0)],
    // The last page of what one table maps stays.
    [
      add(runOf(block, { first: block - 1, compound: false })),
      add(runOf(block, { count: block - 1, compound: false, again: true })),
      remove(1),
      remove(0),
    ],
  ].map((operations) => ({ operations }));
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
