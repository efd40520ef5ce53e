// SPDX-License-Identifier: GPL-2.0-only
import {
  addressesOfSpace,
  areaAt,
  runOf,
  singles,
  windowAt,
  type Operation,
  type PageGroup,
  type Place,
  type Scenario,
} from '../scenario.ts';
import type { Shapes } from './shapes.ts';

/**
 * What takes an unusual caller or a very large one. Where something large would take long to map, an allocation is refused as
 * soon as it is clear what the callee is about.
 */
export function cornerScenarios(shapes: Shapes): readonly Scenario[] {
  return [...aliases(shapes), ...busy(shapes), ...large(shapes), ...lookUps(shapes)].map((operations) => ({
    operations,
  }));
}

type Sequence = readonly Operation[];

function vmap(...pages: readonly PageGroup[]): Operation {
  return { call: 'vmap', pages, prot: 'rw', flags: ['VM_MAP'] };
}

function mapPages(at: Place, pages: PageGroup, shift: number): Operation {
  return { call: 'vmap_pages_range', at, pages: [pages], prot: 'rw', shift };
}

/** Attributes of pages change that a TLB may still know under another address, with the old ones. */
function aliases({ pageShift }: Shapes): readonly Sequence[] {
  const same = { ...singles(2), again: true } as const;
  const area = (flags: readonly string[]): Operation => ({ call: 'get_vm_area', size: 2, flags });
  const protect = (of: number): Sequence => [
    area(['VM_ALLOC']),
    mapPages(areaAt(of), same, pageShift),
    { call: 'set_memory_ro', at: areaAt(of), size: 2 },
    { call: 'vunmap', area: of },
  ];
  return [
    [vmap(singles(2)), { call: 'vunmap', area: 0 }, ...protect(2)],
    // Not where vmalloc space begins.
    [
      area(['VM_MAP']),
      { call: 'vm_map_ram', pages: [singles(2)] },
      { call: 'vm_unmap_ram', area: 1 },
      ...protect(3),
      { call: 'vunmap', area: 0 },
    ],
  ];
}

/** Over entries that are in use: all of them, and from the second on. */
function busy({ pageShift }: Shapes): readonly Sequence[] {
  const at = windowAt(0);
  const over = mapPages(at, singles(3), pageShift);
  const end: Operation = { call: 'vunmap_range', at, size: 3 };
  return [
    [over, over, end],
    [mapPages(windowAt(1), singles(1), pageShift), over, end, over, end],
  ];
}

function large({ pageShift, tables, block, largest }: Shapes): readonly Sequence[] {
  const at = windowAt(0);
  const frames = runOf(largest, { compound: false });
  const much: Operation = { call: 'get_vm_area', size: MUCH / 2 ** pageShift, flags: ['VM_MAP'] };
  const work: Operation = { call: 'flush_scheduled_work' };
  const secondTable = { nth: tables + 1, onward: true };
  return [
    [
      { call: 'set_nohugeiomap' },
      { call: 'vmap_page_range', at, frames, prot: 'rw', fail: secondTable },
      { call: 'vunmap_range', at, size: largest },
    ],
    // Far into the largest leaf, past where smaller ones begin.
    [
      { call: 'vmap_page_range', at, frames, prot: 'rw' },
      { call: 'vmalloc_to_page', at: windowAt(block + 1) },
      { call: 'vunmap_range', at, size: largest },
    ],
    // The array of its pages takes more than a page.
    [
      { call: 'vmalloc', size: block + 1 },
      { call: 'vfree', area: 0 },
    ],
    // Far more than may wait for a purge; then from two CPUs, so that workers help with it.
    [
      much,
      mapPages(areaAt(0), singles(1), pageShift),
      { call: 'vunmap', area: 0 },
      work,
      much,
      { ...much, cpu: 1 },
      { call: 'vunmap', area: 4 },
      { call: 'vunmap', area: 5, cpu: 1 },
      { call: 'vm_unmap_aliases' },
      { call: 'vm_unmap_aliases' },
      work,
    ],
  ];
}

/** 16 GiB of address space. */
const MUCH = 2 ** 34;

function lookUps({ pageShift, run, block, largest, border, entrySizes }: Shapes): readonly Sequence[] {
  const at = windowAt(run);
  const lookUp: Operation = { call: 'vmalloc_to_page', at };
  const lookUpAt = (page: number): Operation => ({ call: 'vmalloc_to_page', at: windowAt(page) });
  // Of a leaf, its first page, another, the last, and what lies behind it.
  const inLeaf = (size: number): Sequence => [
    { call: 'vmap_page_range', at: windowAt(0), frames: runOf(size, { compound: false }), prot: 'rw' },
    ...[0, 1, size / 2 + 1, size - 1, size].map(lookUpAt),
    { call: 'vunmap_range', at: windowAt(0), size },
  ];
  return [
    ...[run, block, largest].map(inLeaf),
    addressesOfSpace.map((address): Operation => ({ call: 'is_vmalloc_addr', address })),
    // Where a table of some level is missing.
    [
      mapPages(windowAt(border), singles(1), pageShift),
      ...entrySizes.map((entry) => lookUpAt(border + entry)),
      { call: 'vunmap_range', at: windowAt(border), size: 1 },
    ],
    [
      mapPages(windowAt(0), singles(run + 1), pageShift),
      lookUp,
      { call: 'vunmap_range', at, size: 1 },
      lookUp,
      { call: 'vunmap_range', at: windowAt(0), size: run },
    ],
  ];
}
