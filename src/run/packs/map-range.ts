// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import {
  areaAt,
  protections,
  runOf,
  windowAt,
  type Operation,
  type Place,
  type Protection,
  type Scenario,
} from '../scenario.ts';
import { isAbove, type Shapes } from './shapes.ts';

/** vmap_page_range() and ioremap_page_range(): one physical range, aligned and misaligned on both sides. */
export function mapRangeScenarios(shapes: Shapes): readonly Scenario[] {
  const withoutHugeIoremap: Scenario = {
    operations: [{ call: 'set_nohugeiomap' }, ...rangeScenario(shapes.block, 0, 0).operations],
  };
  const byProtection = protections.map((prot) => rangeScenario(shapes.run + 1, 0, 0, prot));
  return [...ranges(shapes), ...byProtection, ...ioremapAreas(shapes), withoutHugeIoremap];
}

/** Pages, pages by which the start is misaligned in virtual space, and in physical space. */
type Case = readonly [size: PageCount, virtual: PageCount, physical: PageCount];

function ranges({ run, block, largest, border, borders, entrySizes }: Shapes): readonly Scenario[] {
  const cases: readonly Case[] = [
    // Around one run.
    ...[1, run - 1, run, run + 1, 3 * run].flatMap((size): Case[] => [
      [size, 0, 0],
      [size, 1, 0],
      [size, 0, 1],
      [size, 1, 1],
    ]),
    // Rows of runs up to a block's end and beyond.
    ...[3 * run, 5 * run].flatMap((size): Case[] => [
      [size, run, 0],
      [size, 0, run],
      [size, block - run, 0],
      [size, block - run, block - run],
      [size, block - 1, run - 1],
    ]),
    // Around one block and two.
    [block / 2, 0, 0],
    [block, 0, 0],
    [block - 1, 1, 1],
    [block + 1, 0, 0],
    [block + run, 0, 0],
    [block, run, run],
    [block, 0, run],
    [block, run, 0],
    [block, 1, 0],
    [2 * block, block - run, block - run],
    [3 * block, 0, 0],
    [4 * block, block, 0],
    // Around the largest leaf, and across a border of root entries.
    [largest, 0, 0],
    [largest, 0, block],
    [largest + block, 0, 0],
    [2 * largest, border, 0],
    ...borders.map((at): Case => [2 * block, at - block, 0]),
    // From one table of blocks to the next.
    [2 * block, border + largest - block, 0],
    [run, border - run / 2, 0],
    // As much as an entry above the largest leaf covers, which is no leaf.
    ...entrySizes.filter(isAbove(largest)).map((size): Case => [size, border, 0]),
  ];
  return cases.map(([size, virtual, physical]) => rangeScenario(size, virtual, physical));
}

function rangeScenario(
  size: PageCount,
  virtual: PageCount,
  physical: PageCount,
  prot: Protection = 'rw',
): Scenario {
  const at = windowAt(virtual);
  return {
    operations: [
      { call: 'vmap_page_range', at, frames: runFrom(size, physical), prot },
      { call: 'vunmap_range', at, size },
    ],
  };
}

/** `size` frames that begin `physical` pages behind a frame that is aligned to the size or more. */
function runFrom(size: PageCount, physical: PageCount): ReturnType<typeof runOf> {
  // The frames before the start are part of the run that is laid out, and are not used.
  return physical === 0 ? runOf(size, { compound: false }) : runOf(physical + size, { first: physical });
}

/** As drivers do it: an area for device memory, all of it mapped, and its end. */
function ioremapAreas(shapes: Shapes): readonly Scenario[] {
  return [...wholeAreas(shapes), ...otherThanAreas()];
}

/** What ioremap_page_range() is not for: areas of another kind, and parts of those that it is for. */
function otherThanAreas(): readonly Scenario[] {
  const map = (size: PageCount, at: Place): Operation => ({
    call: 'ioremap_page_range',
    at,
    frames: runFrom(size, 0),
    prot: 'uncached',
  });
  const inArea = (flag: string, ...calls: readonly Operation[]): Scenario => ({
    operations: [
      { call: 'get_vm_area', size: 4, flags: [flag] },
      ...calls,
      { call: 'free_vm_area', area: 0 },
    ],
  });
  return [
    inArea('VM_MAP', map(4, areaAt(0))),
    inArea('VM_IOREMAP', map(3, areaAt(0, 1))),
    inArea('VM_IOREMAP', map(3, areaAt(0))),
    { operations: [map(4, windowAt(0))] },
  ];
}

function wholeAreas({ run, block }: Shapes): readonly Scenario[] {
  const cases: readonly Case[] = [
    [1, 0, 0],
    [run, 0, 0],
    [run + 1, 0, 0],
    [4 * run, 0, 1],
    [block, 0, 0],
    [block, 0, run],
    [2 * block + run, 0, 0],
  ];
  return cases.map(([size, , physical]) => ({
    operations: [
      { call: 'get_vm_area', size, flags: ['VM_IOREMAP'] },
      { call: 'ioremap_page_range', at: areaAt(0), frames: runFrom(size, physical), prot: 'uncached' },
      { call: 'vunmap', area: 0 },
    ],
  }));
}
