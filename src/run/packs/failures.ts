// SPDX-License-Identifier: GPL-2.0-only
import {
  areaAt,
  countPages,
  runOf,
  singles,
  windowAt,
  type Operation,
  type PageGroup,
  type RefusedAllocations,
  type Scenario,
} from '../scenario.ts';
import { shiftOf, type Shapes } from './shapes.ts';

/**
 * Every call with its first allocation refused, then with its second, and so on: until it needs no more than it
 * gets. After each failure the same call is made again, and must succeed as if nothing had been.
 */
export function failureScenarios(shapes: Shapes): readonly Scenario[] {
  return [...mapping(shapes), ...allocating(shapes), ...withoutStruct(shapes)].map((operations) => ({
    operations,
  }));
}

type Sequence = readonly Operation[];

/** The call that fails first, the same without failures, and what ends the second. */
interface Attempted {
  readonly call: Operation;
  /** Allocations that it may need. */
  readonly allocations: number;
  readonly before?: Sequence;
  /** What the caller does after the failure; `at` is the number of the failed call. */
  readonly tidy?: Sequence;
  /** What ends the second call, by its number. */
  readonly end: (made: number) => Operation;
}

/** Each with the nth and all later allocations refused. */
function fromEach(attempted: Attempted): readonly Sequence[] {
  return upTo(attempted.allocations).map((nth) => attempt(attempted, { nth, onward: true }));
}

/** Each with that one alone refused: the callee may have another way. */
function oneOf(attempted: Attempted): readonly Sequence[] {
  return upTo(attempted.allocations).map((nth) => attempt(attempted, { nth, onward: false }));
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

function attempt({ call, before = [], tidy = [], end }: Attempted, fail: RefusedAllocations): Sequence {
  const made = before.length + 1 + tidy.length;
  return [...before, { ...call, fail }, ...tidy, call, end(made)];
}

/** Ranges at given places: the caller unmaps what a failed call has left. */
function mapping(shapes: Shapes): readonly Sequence[] {
  const { pageShift, tables, run, block, largest } = shapes;
  const acrossTables = windowAt(largest - 1);
  const frames = runOf(2, { compound: false });
  const unmapTwo: Operation = { call: 'vunmap_range', at: acrossTables, size: 2 };
  const mapPages = (pages: readonly PageGroup[], allocations: number): Attempted => {
    const size = countPages(pages);
    const at = size === 2 ? acrossTables : windowAt(0);
    const shift = size === 2 ? pageShift : shiftOf(shapes, size);
    const unmap: Operation = { call: 'vunmap_range', at, size };
    const call: Operation = { call: 'vmap_pages_range', at, pages, prot: 'rw', shift };
    return { call, allocations, tidy: [unmap], end: () => unmap };
  };
  return [
    ...fromEach(mapPages([singles(2)], 2 * tables - 1)),
    ...fromEach(mapPages([runOf(run)], tables)).slice(-1),
    ...fromEach(mapPages([runOf(block)], tables - 1)),
    ...fromEach({
      call: { call: 'vmap_page_range', at: acrossTables, frames, prot: 'rw' },
      allocations: 2 * tables - 1,
      tidy: [unmapTwo],
      end: () => unmapTwo,
    }),
    ...upTo(tables).map((nth): Sequence => {
      const take: Operation = { call: 'get_vm_area', size: 2, flags: ['VM_IOREMAP'] };
      const fail = { nth, onward: true };
      return [
        take,
        { ...ioremap(0), fail },
        { call: 'vunmap', area: 0 },
        take,
        ioremap(3),
        { call: 'vunmap', area: 3 },
      ];
    }),
  ];
}

/** As a driver does it in an area of two pages. */
function ioremap(area: number): Operation {
  const frames = runOf(2, { compound: false });
  return { call: 'ioremap_page_range', at: areaAt(area), frames, prot: 'uncached' };
}

/** An area's vm_struct, its vmap_area, and one to spare for a split of the free space. */
const FOR_AREA = 3;

function vmap(...more: string[]): Operation {
  return { call: 'vmap', pages: [singles(2)], prot: 'rw', flags: ['VM_MAP', ...more] };
}

/** Areas, pages and an array of them, tables. */
function allocating({ tables, run, block }: Shapes): readonly Sequence[] {
  const end = (area: number): Operation => ({ call: 'vfree', area });
  const few = { call: { call: 'vmalloc', size: 3 } as const, end };
  // One allocation for all pages, and single ones where that is refused.
  const huge = { call: { call: 'vmalloc_huge', size: run } as const, allocations: FOR_AREA + 2, end };
  const blockwise = { ...huge, call: { call: 'vmalloc_huge', size: block } as const };
  const inScope = {
    call: '__vmalloc_node_range',
    size: 1,
    align: 1,
    prot: 'rw',
    flags: [],
    gfp: 'GFP_NOFS',
  } as const;
  const grow = {
    before: [{ call: 'vmalloc', size: 1 }],
    call: { call: 'vrealloc', area: 0, size: 2 },
  } as const;
  // Where a smaller size gives pages back, they are missing.
  const growAgain = {
    before: [
      { call: 'vmalloc', size: 4 },
      { call: 'vrealloc', area: 0, size: 1 },
    ],
    call: { call: 'vrealloc', area: 1, size: 4 },
  } as const;
  const again = [few.call, { call: 'vfree', area: 0 }, { call: 'vm_unmap_aliases' }] as const;
  const takeArea: Operation = { call: 'get_vm_area', size: 2, flags: ['VM_IOREMAP'] };
  const givePages = { before: [{ call: 'vm_unmap_aliases' }], call: vmap('VM_MAP_PUT_PAGES') } as const;
  return [
    ...fromEach({ call: vmap(), allocations: FOR_AREA + tables, end: (area) => ({ call: 'vunmap', area }) }),
    ...fromEach({ call: takeArea, allocations: FOR_AREA, end: (area) => ({ call: 'free_vm_area', area }) }),
    ...fromEach({ ...few, allocations: FOR_AREA + 4 + tables }),
    ...oneOf({ ...few, call: { call: 'vmalloc_node', size: 3 }, allocations: FOR_AREA + 4 }).slice(-4),
    // Tables are there already: some of the pages, and nothing else that is missing.
    ...fromEach({ ...few, before: again, allocations: FOR_AREA + 4 }).slice(-3),
    ...oneOf(huge),
    ...oneOf(blockwise).slice(-2),
    ...fromEach({ call: inScope, allocations: FOR_AREA + 2 + tables, end }).slice(-tables),
    ...fromEach({ ...givePages, allocations: FOR_AREA + 1, end }),
    ...fromEach({ ...grow, allocations: FOR_AREA + 3, end }),
    ...fromEach({ ...growAgain, allocations: 3, end }),
  ];
}

/** vm_map_ram(): a block with a vmap_area and an entry in a table of blocks, or a vmap_area alone. */
function withoutStruct({ tables }: Shapes): readonly Sequence[] {
  const end = (area: number): Operation => ({ call: 'vm_unmap_ram', area });
  const map = (count: number): Operation => ({ call: 'vm_map_ram', pages: [singles(count)] });
  return [
    ...fromEach({ call: map(2), allocations: FOR_AREA + 1 + tables, end }),
    ...fromEach({ call: map(65), allocations: FOR_AREA - 1 + tables, end }),
  ];
}
