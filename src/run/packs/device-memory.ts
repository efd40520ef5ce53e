// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import { areaAt, singles, type DeviceMemory, type Operation, type Scenario } from '../scenario.ts';
import type { Shapes } from './shapes.ts';

/** ioremap() as drivers call it: registers that begin and end inside of pages, and memory that is to be refused. */
export function deviceMemoryScenarios({ run, block, pageShift }: Shapes): readonly Scenario[] {
  const half = 2 ** (pageShift - 1);
  const map = (
    size: PageCount,
    less: number,
    offset: number,
    memory: DeviceMemory = 'device',
  ): Operation => ({ call: 'ioremap_prot', size, ...(less > 0 && { less }), offset, memory });
  const cases = [
    map(1, 0, 0),
    map(1, half, half),
    map(1, 4, half),
    map(2, half, 8),
    map(run, 0, 0),
    map(block, 0, 0),
    map(block, 64, 64),
    // The last page that there can be.
    map(1, 0, 0, 'end'),
  ];
  const unmap: Operation = { call: 'iounmap', area: 0 };
  const refused: Operation = { ...map(block, 0, 0), fail: { nth: 3, onward: true } };
  return [
    ...cases.map((first) => ({ operations: [first, unmap] })),
    { operations: [map(2, 0, 0), refused, unmap] },
    // An area and what describes it take three at most; what comes then is for tables.
    ...[4, 5].map((nth) => ({
      operations: [{ ...map(2, 0, 0), fail: { nth, onward: true } }, map(2, 0, 0), { ...unmap, area: 1 }],
    })),
    ...(['ram', 'end', 'wrap'] as const).map((memory) => ({ operations: [map(2, 0, 0, memory)] })),
    // Nothing is nothing inside of a page too.
    { operations: [map(0, 0, 0), map(0, 0, half)] },
  ];
}

/** Areas that their owner fills by parts; the guard page is none of them. */
export function sparseAreaScenarios(): readonly Scenario[] {
  const map = (page: PageCount, size: PageCount): Operation => ({
    call: 'vm_area_map_pages',
    at: areaAt(0, page),
    pages: [singles(size)],
  });
  const unmap = (page: PageCount, size: PageCount): Operation => ({
    call: 'vm_area_unmap_pages',
    at: areaAt(0, page),
    size,
  });
  const inArea = (...calls: readonly Operation[]): Scenario => ({
    operations: [
      { call: 'get_vm_area', size: 6, flags: ['VM_SPARSE'] },
      ...calls,
      { call: 'free_vm_area', area: 0 },
    ],
  });
  return [
    inArea(map(0, 6), unmap(0, 6)),
    inArea(map(1, 2), map(4, 1), unmap(1, 2), map(1, 1), unmap(4, 1), unmap(0, 6)),
    inArea(map(5, 2)),
    inArea(map(6, 1)),
    inArea(map(-1, 1)),
    inArea(map(-1, 2)),
  ];
}
