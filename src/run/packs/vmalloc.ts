// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import {
  areaAt,
  refusedStarts,
  runOf,
  singles,
  type AllocOperation,
  type AllocRangeOperation,
  type Operation,
  type Scenario,
} from '../scenario.ts';
import { USUAL_GFP } from '../scenario-text.ts';
import type { Shapes } from './shapes.ts';

/** vmalloc() and its kin: sizes and alignments, what callers do with the memory, and every way to give it back. */
export function vmallocScenarios(shapes: Shapes): readonly Scenario[] {
  return [
    ...sizes(shapes),
    ...everythingSaid(shapes),
    ...inUse(shapes),
    ...reallocated(shapes),
    ...givenBack(shapes),
    ...again(shapes),
  ].map((operations) => ({ operations }));
}

function vmalloc(size: PageCount, call: AllocOperation['call'] = 'vmalloc', less?: number): Operation {
  return { call, size, ...(less !== undefined && { less }) };
}

function inRange(size: PageCount, said: Partial<AllocRangeOperation>): Operation {
  return { call: '__vmalloc_node_range', size, align: 1, prot: 'rw', flags: [], gfp: USUAL_GFP, ...said };
}

function vfree(area: number): Operation {
  return { call: 'vfree', area };
}

const purge: Operation = { call: 'vm_unmap_aliases' };
const work: Operation = { call: 'flush_scheduled_work' };

function sizes({ run, block }: Shapes): readonly (readonly Operation[])[] {
  const calls = [
    vmalloc(1),
    vmalloc(1, 'vmalloc', 4000),
    vmalloc(run + 1, 'vmalloc', 1),
    vmalloc(2, 'vzalloc', 100),
    vmalloc(3, 'vmalloc_user'),
    vmalloc(1, 'vmalloc_huge'),
    vmalloc(run, 'vmalloc_huge'),
    vmalloc(2 * run + 1, 'vmalloc_huge', 1),
  ];
  return [
    ...calls.map((call) => [call, vfree(0)]),
    [
      vmalloc(1),
      vmalloc(block, 'vmalloc_huge'),
      vfree(1),
      vmalloc(block + 1, 'vmalloc_huge'),
      vfree(0),
      vfree(3),
    ],
    [vmalloc(TOO_LARGE), vmalloc(1), vfree(1)],
  ];
}

/** More than any machine has memory. */
const TOO_LARGE = 2 ** 36;

function everythingSaid({ run, block }: Shapes): readonly (readonly Operation[])[] {
  const huge = ['VM_ALLOW_HUGE_VMAP'];
  const calls = [
    inRange(2, { align: run }),
    inRange(2, { align: block }),
    inRange(run, { align: 2 * run, flags: huge }),
    inRange(2, { prot: 'ro' }),
    inRange(run, { prot: 'rwx', flags: huge }),
    inRange(2, { gfp: 'GFP_NOFS' }),
    inRange(run, { gfp: 'GFP_NOIO', flags: huge }),
    inRange(1, { flags: ['VM_USERMAP'] }),
    inRange(2, { flags: ['VM_NO_GUARD'] }),
  ];
  return calls.map((call) => [vmalloc(1), call, vfree(1), vfree(0)]);
}

/** Looked up, shown to user space, with other rights for a while. */
function inUse({ run, block }: Shapes): readonly (readonly Operation[])[] {
  const lookUp = (page: PageCount): Operation => ({ call: 'vmalloc_to_page', at: areaAt(0, page) });
  const show = (page: PageCount, size: PageCount): Operation => {
    return { call: 'remap_vmalloc_range', at: areaAt(0, page), size };
  };
  const protect = (
    call: 'set_memory_ro' | 'set_memory_rw' | 'set_memory_x',
    page: PageCount,
    size: PageCount,
  ) => {
    return { call, at: areaAt(0, page), size };
  };
  const reset = inRange(2, { flags: ['VM_FLUSH_RESET_PERMS'] });
  return [
    [vmalloc(3), lookUp(0), lookUp(2), { call: 'vmalloc_to_pfn', at: areaAt(0, 1) }, vfree(0)],
    [vmalloc(run, 'vmalloc_huge'), lookUp(run - 1), vfree(0)],
    [vmalloc(block, 'vmalloc_huge'), lookUp(0), lookUp(block - 1), vfree(0)],
    [vmalloc(block), lookUp(block - 1), protect('set_memory_ro', 1, 1), vfree(0)],
    [
      vmalloc(4, 'vmalloc_user'),
      show(0, 4),
      { ...show(1, 2), fail: { nth: 2, onward: true } },
      show(1, 2),
      ...refusedStarts.map((from): Operation => {
        return { call: 'remap_vmalloc_range', at: areaAt(0), size: 1, from };
      }),
      show(3, 2),
      vfree(0),
    ],
    [vmalloc(2), show(0, 1), vfree(0)],
    [vmalloc(3), protect('set_memory_ro', 1, 1), protect('set_memory_rw', 1, 1), vfree(0)],
    [reset, protect('set_memory_ro', 0, 2), protect('set_memory_x', 0, 2), vfree(0), vmalloc(2), vfree(4)],
    [reset, vfree(0), vmalloc(2), purge, vfree(2)],
  ];
}

/** vrealloc(): smaller, larger within the last page, larger than the area, from nothing that is left. */
function reallocated({ run }: Shapes): readonly (readonly Operation[])[] {
  const vrealloc = (area: number, size: PageCount, less?: number): Operation => {
    return { call: 'vrealloc', area, size, ...(less !== undefined && { less }) };
  };
  return [
    [vmalloc(1, 'vmalloc', 1000), vrealloc(0, 1), vfree(1)],
    [vmalloc(3), vrealloc(0, 1), purge, vrealloc(1, 3), vfree(3)],
    [vmalloc(1, 'vmalloc', 7), vrealloc(0, 2), vrealloc(1, run + 1, 7), purge, vfree(2)],
    [vmalloc(run, 'vmalloc_huge'), vrealloc(0, run + 1), vfree(1)],
  ];
}

/** By those who may not sleep, all at once, together with the pages of vmap(), with what is mapped in an area. */
function givenBack({ run }: Shapes): readonly (readonly Operation[])[] {
  const atomic = (area: number): Operation => ({ call: 'vfree_atomic', area });
  const byWorker = (area: number): readonly Operation[] => [vmalloc(2), atomic(area), work];
  const inInterrupt = (area: number, cpu?: number): Operation => {
    return { call: 'vfree', area, ...(cpu !== undefined && { cpu }), context: 'irq' };
  };
  const putPages: Operation = {
    call: 'vmap',
    pages: [singles(2), runOf(run, { compound: false })],
    prot: 'rw',
    flags: ['VM_MAP', 'VM_MAP_PUT_PAGES'],
  };
  const takeArea: Operation = { call: 'get_vm_area', size: 2, flags: ['VM_IOREMAP'] };
  const mapInIt: Operation = {
    call: 'ioremap_page_range',
    at: areaAt(0),
    frames: runOf(2, { compound: false }),
    prot: 'uncached',
  };
  return [
    [...byWorker(0), ...byWorker(3)],
    [vmalloc(2), atomic(0), work, vmalloc(2), vfree(3)],
    [vmalloc(1), vmalloc(2), inInterrupt(0), inInterrupt(1), work, purge],
    [vmalloc(1), vmalloc(2), inInterrupt(0, 1), atomic(1), vmalloc(1), work, vfree(4)],
    [purge, putPages, vfree(1)],
    [purge, putPages, inInterrupt(1), work],
    [takeArea, { call: 'free_vm_area', area: 0 }],
    [
      takeArea,
      mapInIt,
      { call: 'free_vm_area', area: 0 },
      purge,
      takeArea,
      { call: 'free_vm_area', area: 4 },
    ],
  ];
}

/** Addresses used again, before and after what was freed lazily is purged. */
function again({ run, block }: Shapes): readonly (readonly Operation[])[] {
  return [
    [vmalloc(2), vfree(0), vmalloc(2), vfree(2)],
    [vmalloc(2), vfree(0), purge, vmalloc(2), vfree(3), purge],
    [vmalloc(1), vmalloc(run), vmalloc(1), vfree(1), purge, vmalloc(run - 2), vfree(5), vfree(0), vfree(2)],
    [
      vmalloc(block, 'vmalloc_huge'),
      vfree(0),
      purge,
      vmalloc(run),
      vfree(3),
      purge,
      vmalloc(block, 'vmalloc_huge'),
    ],
  ];
}
