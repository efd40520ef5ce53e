// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, PageCount } from '../../base/units.ts';
import type { MapPfnOperation, PercpuOperation } from '../reader-operations.ts';
import { areaAt, singles, windowAt, type Operation, type Scenario } from '../scenario.ts';
import type { Shapes } from './shapes.ts';

/**
 * Calls of those who make no mappings of their own kind: readers of all areas, reclaim, the per-CPU allocator, drivers that
 * know frame numbers, and callers that have nothing to give back.
 */
export function readerScenarios(shapes: Shapes): readonly Scenario[] {
  return [
    ...readings(),
    ...overviews(),
    ...underPressure(shapes),
    ...percpu(shapes),
    ...frames(shapes),
    ...ofNothing(),
  ].map((operations) => ({ operations }));
}

type Sequence = readonly Operation[];

const purge: Operation = { call: 'vm_unmap_aliases' };
const work: Operation = { call: 'flush_scheduled_work' };

function vmalloc(size: PageCount, cpu = 0): Operation {
  return { call: 'vmalloc', size, ...(cpu > 0 && { cpu }) };
}

function vfree(area: number): Operation {
  return { call: 'vfree', area };
}

function mapRam(count: PageCount, cpu = 0): Operation {
  return { call: 'vm_map_ram', pages: [singles(count)], ...(cpu > 0 && { cpu }) };
}

function unmapRam(area: number): Operation {
  return { call: 'vm_unmap_ram', area };
}

function read(area: number, size: PageCount, less?: ByteCount): Operation {
  return { call: 'vread_iter', at: areaAt(area), size, ...(less !== undefined && { less }) };
}

/** More than vm_map_ram() takes out of a block. */
const WITHOUT_BLOCK = 66;

/** With its guard page and one more, as large as a block on machines of 4K and 16K pages. */
const MOST_OF_A_BLOCK = 1022;

/** One area, parts of it, several with what lies between them; blocks in part used; what is no memory. */
function readings(): readonly Sequence[] {
  const device: Operation = { call: 'ioremap_prot', size: 2, offset: 0, memory: 'device' };
  const far = 40;
  const hole: Operation = { call: 'vread_iter', at: windowAt(0), size: 2 };
  const percpuArea: Operation = { call: 'pcpu_get_vm_areas', size: 1, apart: 1, count: 1 };
  return [
    [vmalloc(3), read(0, 3), read(0, 3, 100), read(0, 1), vfree(0)],
    [
      vmalloc(1),
      vmalloc(4),
      { call: 'vread_iter', at: areaAt(1, 2), size: 2, less: 4000 },
      vfree(0),
      vfree(1),
    ],
    [vmalloc(3), vmalloc(1), vmalloc(20), read(0, far), vfree(1), read(0, far), vfree(0), vfree(2)],
    [vmalloc(17), vmalloc(18), vmalloc(1), vfree(1), purge, read(0, far + 17), vfree(0), vfree(2)],
    [mapRam(WITHOUT_BLOCK), read(0, WITHOUT_BLOCK), unmapRam(0)],
    // From the start of a block: all that is used, a part of it, and what was used.
    [
      mapRam(4),
      mapRam(3),
      mapRam(8),
      read(0, 4),
      read(0, 4, 100),
      read(0, 16),
      unmapRam(1),
      read(0, 16),
      unmapRam(0),
      unmapRam(2),
    ],
    [vmalloc(1), mapRam(2, 1), mapRam(2), read(1, 8), read(2, 8), vfree(0), unmapRam(1), unmapRam(2)],
    // Where there is no area: behind all of them, and before those of per-CPU memory.
    [vmalloc(1), hole, vfree(0)],
    [percpuArea, hole, { call: 'pcpu_free_vm_areas', area: 0 }],
    // A device behind what is read.
    [
      vmalloc(3),
      device,
      read(1, 2),
      { call: 'vread_iter', at: areaAt(0, 2), size: 6 },
      { call: 'iounmap', area: 1 },
      vfree(0),
    ],
    // Into a block that nothing is mapped in any more.
    [
      { call: 'get_vm_area', size: MOST_OF_A_BLOCK, flags: ['VM_ALLOC'] },
      mapRam(2),
      unmapRam(1),
      { call: 'vread_iter', at: areaAt(0, MOST_OF_A_BLOCK - 1), size: 6 },
      { call: 'vunmap', area: 0 },
    ],
  ];
}

/** With areas of every kind, in use and waiting for a purge. */
function overviews(): readonly Sequence[] {
  const show: Operation = { call: 'vmalloc_info_show' };
  const describe = (area: number, page = 0): Operation => {
    return { call: 'vmalloc_dump_obj', at: areaAt(area, page) };
  };
  const areas: Sequence = [
    vmalloc(2),
    { call: 'vmalloc_user', size: 1 },
    { call: 'vmap', pages: [singles(2)], prot: 'rw', flags: ['VM_MAP'] },
    { call: 'get_vm_area', size: 2, flags: ['VM_IOREMAP'] },
    mapRam(2),
    mapRam(WITHOUT_BLOCK),
  ];
  const ends: Sequence = [
    vfree(0),
    vfree(1),
    { call: 'vunmap', area: 2 },
    { call: 'free_vm_area', area: 3 },
    unmapRam(4),
    unmapRam(5),
  ];
  return [
    [...areas, show, ...ends, show],
    [...areas, ...areas.map((_, area) => describe(area)), describe(0, 1), ...ends],
  ];
}

/** Memory runs short: pools are emptied, and what was in them is found again. */
function underPressure({ space }: Shapes): readonly Sequence[] {
  const shrink: Operation = { call: 'vmap_node_shrink_scan' };
  const count: Operation = { call: 'vmap_node_shrink_count' };
  const most: Operation = { call: 'get_vm_area', size: space - 2, flags: ['VM_ALLOC'] };
  const allFreed = (areas: Sequence, first = 0): Sequence => areas.map((_, i) => vfree(first + i));
  const inPools = (areas: Sequence): Sequence => [...areas, ...allFreed(areas), purge];
  const sizes = [1, 2, 2, 5, 2, 1, 2, 2];
  const onCpus = sizes.map((size, i) => vmalloc(size, i % 4));
  const alike = [...sizes.map(() => vmalloc(1)), vmalloc(1, 1)];
  const again = inPools(onCpus);
  return [
    [...inPools(alike), count, shrink, count],
    [...again, shrink, ...onCpus],
    [...again, purge, shrink, most],
    [...again, ...onCpus, count, ...allFreed(onCpus, again.length), purge, purge],
  ];
}

function percpu({ run }: Shapes): readonly Sequence[] {
  const take = (size: PageCount, apart: PageCount, count: number): PercpuOperation => {
    return { call: 'pcpu_get_vm_areas', size, apart, count };
  };
  const giveBack = (area: number): Operation => ({ call: 'pcpu_free_vm_areas', area });
  const three = take(run, 4 * run, 3);
  const refused = Array.from({ length: 7 }, (_, i): Sequence => {
    const failing: Operation = { ...three, fail: { nth: i + 1, onward: true } };
    return [failing, three, giveBack(1)];
  });
  return [
    [take(1, 1, 1), giveBack(0)],
    [vmalloc(1), three, vmalloc(2), giveBack(1), vfree(0), vfree(2)],
    [{ ...take(run, 2 * run, 3), down: true }, giveBack(0)],
    // The second set goes between the areas of the first, and below them.
    [
      three,
      take(run, 4 * run, 3),
      take(2 * run, 8 * run, 2),
      giveBack(1),
      purge,
      three,
      giveBack(0),
      giveBack(5),
      giveBack(2),
    ],
    ...refused,
  ];
}

function frames({ tables, run }: Shapes): readonly Sequence[] {
  const map = (size: PageCount): MapPfnOperation => ({ call: 'vmap_pfn', size, prot: 'uncached' });
  const end = (area: number): Operation => ({ call: 'vunmap', area });
  const failing = Array.from({ length: 3 + tables }, (_, i): Sequence => {
    return [{ ...map(2), fail: { nth: i + 1, onward: true } }, map(2), end(1)];
  });
  return [
    [{ ...map(1), prot: 'rwx' }, end(0)],
    [map(run + 1), map(2), end(0), end(1)],
    [{ ...map(2), memory: 'ram' }, map(2), end(1)],
    [{ ...map(3), memory: 'into-ram' }, map(2), end(1)],
    ...failing,
  ];
}

/** NULL is given back, and memory gets no size. */
function ofNothing(): readonly Sequence[] {
  const end = (call: 'vfree' | 'vunmap' | 'vfree_atomic'): Operation => ({ call, area: 'null' });
  const zeroed = 'GFP_KERNEL|__GFP_ZERO';
  const shrunk: Operation = { call: 'vrealloc', area: 0, size: 1, gfp: zeroed };
  return [
    [end('vunmap'), end('vfree'), vmalloc(1), vfree(2), { call: 'vfree', area: 'unknown' }],
    [end('vfree_atomic'), work, vmalloc(1), vfree(2)],
    [vmalloc(2), { call: 'vrealloc', area: 0, size: 0 }],
    [
      { call: 'vzalloc', size: 4 },
      shrunk,
      { ...shrunk, area: 1, size: 4 },
      { ...shrunk, area: 2, size: 7 },
      vfree(3),
    ],
    [{ call: 'vzalloc', size: 2 }, { ...shrunk, size: 5 }, { ...shrunk, area: 1, size: 2 }, vfree(2)],
  ];
}
