// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import {
  countPages,
  runOf,
  singles,
  windowAt,
  type Operation,
  type PageGroup,
  type Scenario,
} from '../scenario.ts';
import { shiftOf, type Shapes } from './shapes.ts';

/** One place, used again: what an earlier mapping left behind must not show. */
export function remapScenarios(shapes: Shapes): readonly Scenario[] {
  return [...samePlace(shapes), ...inParts(shapes), ...withHoles(shapes), ...areasAgain(shapes)];
}

function map(pages: readonly PageGroup[], shift: number, at = 0): Operation {
  return { call: 'vmap_pages_range', at: windowAt(at), pages, prot: 'rw', shift };
}

function unmap(size: PageCount, at = 0): Operation {
  return { call: 'vunmap_range', at: windowAt(at), size };
}

/** Every kind of leaf after every other: tables that became empty give way to blocks, and the other way round. */
function samePlace(shapes: Shapes): readonly Scenario[] {
  const { pageShift, run, block, largest } = shapes;
  const kinds: Operation[] = [
    map([singles(2)], pageShift),
    map([runOf(run)], shiftOf(shapes, run)),
    map([runOf(block)], shiftOf(shapes, block)),
    { call: 'vmap_page_range', at: windowAt(0), frames: runOf(block + run, { compound: false }), prot: 'rw' },
  ];
  const all: Operation = {
    call: 'vmap_page_range',
    at: windowAt(0),
    frames: runOf(largest, { compound: false }),
    prot: 'rw',
  };
  const then = (first: Operation, second: Operation): Scenario => ({
    operations: [first, unmap(sizeOf(first)), second, unmap(sizeOf(second))],
  });
  return [
    ...kinds.flatMap((first) => kinds.map((second) => then(first, second))),
    ...(largest > 4 * block ? [inTwoTables(shapes, [all, unmap(largest)])] : [then(kinds[0]!, all)]),
    // To free a table may take memory, which may not be there.
    then(kinds[0]!, { ...all, fail: { nth: 1, onward: false } }),
  ];
}

/** Single pages below the second and the fourth entry of a table, which then gives way as a whole. */
function inTwoTables({ pageShift, block }: Shapes, after: readonly Operation[]): Scenario {
  const pages = [block, 3 * block].map((at) => map([singles(1)], pageShift, at));
  return { operations: [...pages, unmap(2 * block + 1, block), ...after] };
}

/** Pages in every second entry of a level, unmapped by one call: between them there is no table. */
function withHoles({ pageShift, border, entrySizes }: Shapes): readonly Scenario[] {
  return entrySizes.map((entry) => ({
    operations: [
      map([singles(1)], pageShift, border),
      map([singles(1)], pageShift, border + 2 * entry),
      unmap(2 * entry + 1, border),
    ],
  }));
}

function sizeOf(operation: Operation): PageCount {
  if ('frames' in operation) return countPages([operation.frames]);
  return 'pages' in operation ? countPages(operation.pages) : 0;
}

/** Unmapped piece by piece, at boundaries of what the caller's page_shift allowed as a leaf. */
function inParts(shapes: Shapes): readonly Scenario[] {
  const { pageShift, run, block } = shapes;
  return [1, run, block].flatMap((group): Scenario[] => {
    const shift = pageShift + Math.log2(group);
    const three = map([runOf(group, { repeat: 3, compound: false })], shift);
    const again = map([runOf(group)], shift, group);
    return [
      { operations: [three, unmap(group, group), again, unmap(3 * group)] },
      { operations: [three, unmap(group), unmap(2 * group, group)] },
      { operations: [three, unmap(group, 2 * group), unmap(group, group), unmap(group)] },
    ];
  });
}

/** vmap() after vunmap(), before and after the lazily freed area is purged. */
function areasAgain({ run, block }: Shapes): readonly Scenario[] {
  const vmap = (...pages: readonly PageGroup[]): Operation => ({
    call: 'vmap',
    pages,
    prot: 'rw',
    flags: ['VM_MAP'],
  });
  const vunmap = (area: number): Operation => ({ call: 'vunmap', area });
  const purge: Operation = { call: 'vm_unmap_aliases' };
  return [
    { operations: [vmap(singles(2)), vunmap(0), vmap(runOf(run)), vunmap(2)] },
    { operations: [vmap(singles(2)), vunmap(0), purge, vmap(runOf(run)), vunmap(3)] },
    {
      operations: [
        vmap(runOf(block)),
        vunmap(0),
        purge,
        vmap(singles(1)),
        vunmap(3),
        purge,
        vmap(runOf(run)),
      ],
    },
    { operations: [vmap(runOf(run)), vmap(runOf(run)), vunmap(0), vmap(singles(1)), vunmap(1), vunmap(3)] },
    {
      operations: [vmap(runOf(block)), vmap(singles(1)), vunmap(0), vmap(runOf(block)), vunmap(1), vunmap(3)],
    },
    { operations: [vmap(singles(1)), vmap(runOf(block)), vmap(runOf(run)), vunmap(1), vunmap(0), vunmap(2)] },
  ];
}
