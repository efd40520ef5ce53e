// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, Shift } from '../../base/units.ts';
import {
  countPages,
  invalidPages,
  nullPages,
  runOf,
  singles,
  windowAt,
  type PageGroup,
  type Scenario,
} from '../scenario.ts';
import { shiftOf, type Shapes } from './shapes.ts';

/**
 * vmap_pages_range() as its callers use it: arrays whose groups of 1 << page_shift bytes are contiguous, in ranges that
 * are aligned to it, from single pages to the largest leaf.
 */
export function mapPagesScenarios(shapes: Shapes): readonly Scenario[] {
  const { run, block } = shapes;
  return [
    ...singlePages(shapes),
    ...[run, 2 * run, block / 2].flatMap((group) => groupsOfRuns(shapes, group)),
    ...[block, 2 * block].flatMap((group) => groupsOfBlocks(shapes, group)),
    ...[1, run, block].flatMap((group) => badGroups(shapes, group)),
    ...largestLeaf(shapes),
  ];
}

function mapAndUnmap(shift: Shift, at: PageCount, pages: readonly PageGroup[]): Scenario {
  const place = windowAt(at);
  return {
    operations: [
      { call: 'vmap_pages_range', at: place, pages, prot: 'rw', shift },
      { call: 'vunmap_range', at: place, size: countPages(pages) },
    ],
  };
}

/** page_shift is PAGE_SHIFT: any start, and the pages' own shape must not matter. */
function singlePages({ pageShift, run, block, borders }: Shapes): readonly Scenario[] {
  return [
    mapAndUnmap(pageShift, 0, [singles(1)]),
    mapAndUnmap(pageShift, 1, [singles(run)]),
    mapAndUnmap(pageShift, block - 1, [singles(2)]),
    ...borders.map((at) => mapAndUnmap(pageShift, at - 1, [singles(2)])),
    mapAndUnmap(pageShift, 0, [runOf(run)]),
    mapAndUnmap(pageShift, 3, [runOf(2 * run), singles(1), runOf(run, { misaligned: 1 })]),
    mapAndUnmap(pageShift, 0, [runOf(block)]),
  ];
}

/** Groups that the last level holds: some of them misaligned in physical space, across boundaries of tables. */
function groupsOfRuns(shapes: Shapes, group: PageCount): readonly Scenario[] {
  const { run, block, border } = shapes;
  const shift = shiftOf(shapes, group);
  const scenarios = [
    mapAndUnmap(shift, 0, [runOf(group)]),
    mapAndUnmap(shift, group, [runOf(group, { misaligned: 1 }), runOf(group)]),
    mapAndUnmap(shift, block - group, [runOf(group, { repeat: 2 })]),
    mapAndUnmap(shift, border - group, [runOf(group, { repeat: 2 })]),
  ];
  if (group > run) scenarios.push(mapAndUnmap(shift, 0, [runOf(group), runOf(group, { misaligned: run })]));
  return scenarios;
}

/** Groups of a block and more. */
function groupsOfBlocks(shapes: Shapes, group: PageCount): readonly Scenario[] {
  const { run, block, border } = shapes;
  const shift = shiftOf(shapes, group);
  const scenarios = [
    mapAndUnmap(shift, 0, [runOf(group)]),
    mapAndUnmap(shift, 0, [runOf(group), runOf(group, { misaligned: run }), runOf(group)]),
    mapAndUnmap(shift, border - group, [runOf(group, { repeat: 2 })]),
  ];
  if (group === block) scenarios.push(mapAndUnmap(shift, 0, [runOf(group, { misaligned: 1 })]));
  else scenarios.push(mapAndUnmap(shift, 0, [runOf(group, { misaligned: block, repeat: 2 })]));
  return scenarios;
}

/** A group that is NULL or invalid as a whole: between others, alone, and where it is a page also first and last. */
function badGroups(shapes: Shapes, group: PageCount): readonly Scenario[] {
  const shift = shiftOf(shapes, group);
  return [nullPages(group), invalidPages(group)].flatMap((bad) => {
    const places = [[bad], [runOf(group), bad, runOf(group)]];
    if (group === 1) places.push([bad, runOf(group)], [runOf(group), bad]);
    return places.map((pages) => mapAndUnmap(shift, 0, pages));
  });
}

/** A page_shift of the largest leaf, with memory to match. Few: the array alone takes megabytes. */
function largestLeaf(shapes: Shapes): readonly Scenario[] {
  const { run, block, largest } = shapes;
  const shift = shiftOf(shapes, largest);
  return [
    mapAndUnmap(shift, 0, [runOf(largest, { compound: false })]),
    mapAndUnmap(shift, 0, [runOf(largest, { misaligned: largest > block ? block : run })]),
  ];
}
