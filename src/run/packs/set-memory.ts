// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import {
  areaAt,
  countPages,
  runOf,
  singles,
  windowAt,
  type MapPagesOperation,
  type Operation,
  type PageGroup,
  type Protection,
  type Scenario,
} from '../scenario.ts';
import { shiftOf, type Shapes } from './shapes.ts';

/** set_memory_*() over a whole mapping and over parts of it, which begin and end at, before and behind block boundaries. */
export function setMemoryScenarios(shapes: Shapes): readonly Scenario[] {
  const { run, block } = shapes;
  const vmapped: PageGroup[][] = [
    [singles(4)],
    [runOf(run)],
    [runOf(run, { compound: false }), singles(1)],
    [runOf(2 * run)],
    [runOf(block), runOf(run)],
  ];
  return [
    ...vmapped.flatMap((pages) =>
      partsOf(shapes, countPages(pages)).map((part) =>
        scenario([{ call: 'vmap', pages, prot: 'rw', flags: ['VM_MAP'] }], part),
      ),
    ),
    ...allocated(shapes),
  ];
}

interface Part {
  readonly page: PageCount;
  readonly size: PageCount;
}

/** All, one page, and pieces that end at a run's boundary, beside it, or at a block's. */
function partsOf({ run, block }: Shapes, size: PageCount): readonly Part[] {
  const parts: Part[] = [
    { page: 0, size },
    { page: size - 1, size: 1 },
  ];
  if (size < block) parts.push({ page: 0, size: 1 });
  if (size > run) parts.push({ page: run - 1, size: 2 }, { page: size - run, size: run });
  if (size > block) parts.push({ page: 0, size: block });
  return parts;
}

function scenario(make: readonly Operation[], { page, size }: Part): Scenario {
  const at = areaAt(0, page);
  return {
    operations: [
      ...make,
      { call: 'set_memory_ro', at, size },
      { call: 'set_memory_rw', at, size },
      { call: 'vunmap', area: 0 },
    ],
  };
}

/** What vmalloc() leaves: areas of VM_ALLOC by single pages, and areas that were allowed larger leaves. */
function allocated(shapes: Shapes): readonly Scenario[] {
  const { pageShift, run, block } = shapes;
  const area = (size: PageCount, flags: readonly string[]): Operation => ({
    call: 'get_vm_area',
    size,
    flags,
  });
  const map = (pages: readonly PageGroup[], shift: number, prot: Protection = 'rw'): MapPagesOperation => ({
    call: 'vmap_pages_range',
    at: areaAt(0),
    pages,
    prot,
    shift,
  });
  const small = [runOf(run), singles(2)];
  const scenarios = partsOf(shapes, run + 2).map((part) => {
    return scenario([area(run + 2, ['VM_ALLOC']), map(small, pageShift)], part);
  });
  for (const group of [run, block]) {
    const make = [
      area(group, ['VM_ALLOC', 'VM_ALLOW_HUGE_VMAP']),
      map([runOf(group)], shiftOf(shapes, group)),
    ];
    const firstHalf = { page: 0, size: group / 2 };
    for (const part of [...partsOf(shapes, group), firstHalf]) scenarios.push(scenario(make, part));
  }
  // Where no area is, the tree may refuse or do it.
  const place = windowAt(0);
  scenarios.push({
    operations: [
      { call: 'vmap_pages_range', at: place, pages: [singles(2)], prot: 'rw', shift: pageShift },
      { call: 'set_memory_ro', at: place, size: 2 },
      { call: 'vunmap_range', at: place, size: 2 },
    ],
  });
  scenarios.push({
    operations: [
      { call: 'vmalloc', size: 2 },
      { call: 'vmalloc', size: 2 },
      { call: 'set_memory_ro', at: areaAt(0, 1), size: 3 },
      { call: 'vfree', area: 1 },
      { call: 'vfree', area: 0 },
    ],
  });
  scenarios.push(deviceScenario, largestScenario(shapes));
  scenarios.push(...validScenarios(map(small, pageShift)));
  scenarios.push({
    operations: [
      area(2, ['VM_ALLOC']),
      map([singles(2)], pageShift, 'ro'),
      { call: 'set_memory_x', at: areaAt(0), size: 2 },
      { call: 'set_memory_nx', at: areaAt(0), size: 1 },
      { call: 'set_memory_ro', at: areaAt(0), size: 0 },
      { call: 'vunmap', area: 0 },
    ],
  });
  return scenarios;
}

/** Frames that are no memory: the linear map has no view of them. */
const deviceScenario: Scenario = {
  operations: [
    { call: 'ioremap_prot', size: 3, offset: 0, memory: 'device' },
    { call: 'set_memory_ro', at: areaAt(0), size: 2 },
    { call: 'set_memory_rw', at: areaAt(0, 1), size: 1 },
    { call: 'iounmap', area: 0 },
  ],
};

/** One page inside of the largest leaf that there is. */
function largestScenario({ largest }: Shapes): Scenario {
  const at = windowAt(1);
  return {
    operations: [
      {
        call: 'vmap_page_range',
        at: windowAt(0),
        frames: runOf(largest, { compound: false }),
        prot: 'rw',
      },
      { call: 'set_memory_ro', at, size: 1 },
      { call: 'set_memory_rw', at, size: 1 },
      { call: 'vunmap_range', at: windowAt(0), size: largest },
    ],
  };
}

/** Some pages in the middle, and all of them, made invalid and valid again. */
function validScenarios(map: MapPagesOperation): readonly Scenario[] {
  const size = countPages(map.pages);
  const place = { ...map, at: windowAt(0) } as const;
  return [{ page: 1, size: 2 } as const, { page: 0, size }].map((part) => {
    const set = (enable: boolean): Operation => ({
      call: 'set_memory_valid',
      at: windowAt(part.page),
      size: part.size,
      enable,
    });
    const end: Operation = { call: 'vunmap_range', at: windowAt(0), size };
    return { operations: [place, set(false), set(true), end] };
  });
}
