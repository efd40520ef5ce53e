// SPDX-License-Identifier: GPL-2.0-only
import { leak } from '../../src/invariants/leak.ts';
import type { TraceEvent } from '../../src/trace/events.ts';
import { arm64, VMALLOC } from '../trace/small-machines.ts';
import { judgeFixtures } from './judge-fixtures.ts';
import { mapIntent, MIB2, PAGE, traceOn, type TraceBuilder } from './trace-on.ts';

const PFN = 0x50000;
const AREA = arm64.addresses.pageOffset + 0x40003000;
const area: TraceEvent = { kind: 'alloc', what: 'object', addr: AREA, size: 72, name: 'vm_struct' };
const areaFreed: TraceEvent = { kind: 'free', what: 'object', addr: AREA };

const vmapArea: TraceEvent = { ...area, addr: AREA + 4096, name: 'vmap_area' };

const vmapAndBack = (...inside: readonly TraceEvent[]): TraceBuilder =>
  traceOn(arm64)
    .op('vmap', mapIntent(arm64, { pages: [{ pfn: PFN, count: 1 }] }))
    .event(area)
    .map('pte', VMALLOC, PFN)
    .cacheVmap(VMALLOC, VMALLOC + PAGE)
    .returns({ addr: VMALLOC })
    .op('vunmap', { kind: 'unmap', addr: VMALLOC, size: PAGE })
    .cacheVunmap(VMALLOC, VMALLOC + PAGE)
    .clear('pte', VMALLOC)
    .event(...inside)
    .returns();

/** An emptied table gives way to a block. */
function tableReplaced(freed: boolean): TraceBuilder {
  const builder = vmapAndBack(areaFreed).tlbAll();
  const table = builder.events.find((event) => event.kind === 'alloc' && event.level === 'pte');
  builder
    .op(
      'vmap_pages_range',
      mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn: PFN, count: 512 }], maxShift: 21 }),
    )
    .write('pmd', VMALLOC, 0)
    .tlb(VMALLOC, VMALLOC + PAGE);
  if (freed && table?.kind === 'alloc') builder.event({ kind: 'free', what: 'table', addr: table.addr });
  return builder
    .map('pmd', VMALLOC, PFN)
    .cacheVmap(VMALLOC, VMALLOC + MIB2)
    .returns()
    .op('vunmap_range', { kind: 'unmap', addr: VMALLOC, size: MIB2 })
    .cacheVunmap(VMALLOC, VMALLOC + MIB2)
    .clear('pmd', VMALLOC)
    .tlb(VMALLOC, VMALLOC + MIB2)
    .returns();
}

/** An emptied table of tables is freed, with or without the table below it. */
function tableOfTablesFreed(whole: boolean): TraceBuilder {
  const builder = vmapAndBack(areaFreed).tlbAll();
  const tableOf = (level: string): TraceEvent => {
    const table = builder.events.find((event) => event.kind === 'alloc' && event.level === level);
    return { kind: 'free', what: 'table', addr: table?.kind === 'alloc' ? table.addr : 0 };
  };
  builder.op('vmap_page_range', { kind: 'other' });
  if (whole)
    builder
      .write('pmd', VMALLOC, 0)
      .tlb(VMALLOC, VMALLOC + PAGE)
      .event(tableOf('pte'));
  return builder
    .write('pud', VMALLOC, 0)
    .tlb(VMALLOC, VMALLOC + PAGE)
    .event(tableOf('pmd'))
    .returns();
}

const block: TraceEvent = { kind: 'page', change: 'alloc', pfn: PFN, order: 2 };
const pages = [0, 1, 2, 3].map((i): TraceEvent => ({ ...block, pfn: PFN + i, order: 0 }));
const pageFreed = (i: number): TraceEvent => ({ kind: 'page', change: 'free', pfn: PFN + i, order: 0 });

/** Two blocks of vm_map_ram() after all is unmapped, with so many CPUs that used them. */
function twoBlocks(cpus: number): TraceBuilder {
  const builder = traceOn(arm64);
  for (let cpu = 0; cpu < cpus; cpu++) {
    const n = builder.events.length === 0 ? 0 : 1;
    builder.event(
      { kind: 'operation', operation: n, cpu, name: 'vm_map_ram', intent: { kind: 'other' } },
      { kind: 'return', operation: n, value: 0, error: 0 },
    );
  }
  const described = { kind: 'alloc', what: 'object', size: 280, name: 'kmalloc-280' } as const;
  return builder.event({ ...described, addr: AREA }, { ...described, addr: AREA + 4096 });
}

/** vmalloc() of one page that takes as many. */
const allocating = (count: number): TraceBuilder => {
  const builder = traceOn(arm64).op('vmalloc', mapIntent(arm64, { pages: [{ pfn: PFN, count: 1 }] }));
  for (let i = 0; i < count; i++) builder.event({ kind: 'page', change: 'alloc', pfn: PFN + i, order: 0 });
  builder
    .map('pte', VMALLOC, PFN)
    .cacheVmap(VMALLOC, VMALLOC + PAGE)
    .returns({ addr: VMALLOC });
  builder
    .op('vfree', { kind: 'unmap', addr: VMALLOC, size: PAGE })
    .cacheVunmap(VMALLOC, VMALLOC + PAGE)
    .clear('pte', VMALLOC);
  for (let i = 0; i < count; i++) builder.event({ kind: 'page', change: 'free', pfn: PFN + i, order: 0 });
  return builder.returns();
};

/** vmalloc() of one page that takes three and maps them. */
function threeTimesAsMany(): TraceBuilder {
  const end = VMALLOC + 3 * PAGE;
  const builder = traceOn(arm64).op('vmalloc', mapIntent(arm64, { pages: [{ pfn: PFN, count: 1 }] }));
  const given = pages.slice(0, 3);
  return builder
    .event(...given)
    .map('pte', VMALLOC, PFN, { count: 3 })
    .cacheVmap(VMALLOC, end)
    .returns({ addr: VMALLOC })
    .op('vfree', { kind: 'unmap', addr: VMALLOC, size: 3 * PAGE })
    .cacheVunmap(VMALLOC, end)
    .clear('pte', VMALLOC, 3)
    .event(pageFreed(0), pageFreed(1), pageFreed(2))
    .returns();
}

/** An interrupt leaves the end of an area to a worker, and all work is done. */
function putOff(): TraceBuilder {
  return traceOn(arm64)
    .op('vmap', mapIntent(arm64, { pages: [{ pfn: PFN, count: 1 }] }))
    .map('pte', VMALLOC, PFN)
    .cacheVmap(VMALLOC, VMALLOC + PAGE)
    .returns({ addr: VMALLOC })
    .op('vfree_atomic', { kind: 'unmap', addr: VMALLOC, size: PAGE })
    .returns()
    .op('flush_scheduled_work', { kind: 'other' });
}

judgeFixtures(leak, {
  bad_nothing_points_to_it: [
    ['lost/vmap_area'],
    () => vmapAndBack(vmapArea, areaFreed).event({ kind: 'unreachable', addr: AREA + 4096 }),
  ],
  bad_addresses_kept: [
    ['area'],
    () => vmapAndBack(vmapArea, areaFreed).event({ kind: 'area-kept', addr: VMALLOC, size: 2 * PAGE }),
  ],
  good_worker_frees: () =>
    putOff()
      .cacheVunmap(VMALLOC, VMALLOC + PAGE)
      .clear('pte', VMALLOC)
      .returns(),
  bad_worker_never_runs: [['put-off'], () => putOff().returns()],
  good_a_block_for_each_cpu: () => twoBlocks(2),
  good_page_taken_and_mapped: () => allocating(1),
  bad_blocks_pile_up: [['block'], () => twoBlocks(1)],
  bad_three_times_the_pages: [['idle'], () => threeTimesAsMany()],
  bad_page_taken_for_nothing: [['idle'], () => allocating(2)],
  good_all_freed: () => vmapAndBack(areaFreed),
  good_vmap_area_waits_for_its_purge: () => vmapAndBack(areaFreed, vmapArea),
  good_anonymous_object_may_be_one: () => vmapAndBack(areaFreed, { ...vmapArea, name: 'kmalloc-64' }),
  good_tables_freed_from_below: () => tableOfTablesFreed(true),
  bad_table_below_forgotten: [['table/pte'], () => tableOfTablesFreed(false)],
  good_replaced_table_freed: () => tableReplaced(true),
  good_block_freed_page_by_page: () => vmapAndBack(areaFreed, block, ...[0, 3, 1, 2].map(pageFreed)),
  good_pages_freed_as_a_block: () =>
    vmapAndBack(areaFreed, ...pages, { kind: 'page', change: 'free', pfn: PFN, order: 2 }),
  bad_area_kept: [['object/vm_struct'], () => vmapAndBack(vmapArea)],
  bad_page_of_a_block_kept: [['page'], () => vmapAndBack(areaFreed, block, ...[0, 1, 3].map(pageFreed))],
  bad_page_kept: [
    ['page'],
    () => vmapAndBack(areaFreed, { kind: 'page', change: 'alloc', pfn: PFN, order: 0 }),
  ],
  bad_replaced_table_kept: [['table/pte'], () => tableReplaced(false)],
});
