// SPDX-License-Identifier: GPL-2.0-only
import { flushTlb } from '../../../src/invariants/flush/tlb.ts';
import { arm64, pageKernel, protection, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { mapIntent, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;
const END = VMALLOC + 4 * PAGE;
const READ_ONLY = protection((3n << 53n) | (1n << 51n) | 0x793n);
const OTHER = VMALLOC + 0x40000000;

const mapAt = (builder: TraceBuilder, addr: number, pfn: number): TraceBuilder =>
  builder
    .op('vmap_pages_range', mapIntent(arm64, { addr, pages: [{ pfn, count: 4 }] }))
    .map('pte', addr, pfn, { count: 4 })
    .cacheVmap(addr, addr + 4 * PAGE)
    .returns();
const unmapping = (builder: TraceBuilder, name: string): TraceBuilder =>
  builder
    .op(name, { kind: 'unmap', addr: VMALLOC, size: 4 * PAGE })
    .cacheVunmap(VMALLOC, END)
    .clear('pte', VMALLOC, 4);
const lazilyUnmapped = (): TraceBuilder => unmapping(mapAt(traceOn(arm64), VMALLOC, PFN), 'vunmap').returns();
/** The last two of four pages are given back, and their area stays. */
const shrunk = (): TraceBuilder =>
  mapAt(traceOn(arm64), VMALLOC, PFN)
    .op('vrealloc', { kind: 'other' })
    .clear('pte', VMALLOC + 2 * PAGE, 2)
    .event({ kind: 'page', change: 'free', pfn: PFN + 2, order: 1 })
    .returns();
const readOnly = (): TraceBuilder =>
  mapAt(traceOn(arm64), VMALLOC, PFN)
    .op('set_memory_ro', { kind: 'protect', addr: VMALLOC, size: 4 * PAGE, change: 'ro' })
    .map('pte', VMALLOC, PFN, { count: 4, prot: READ_ONLY });
/** Pages whose first mapping went lazily are mapped elsewhere and made read-only there. */
const aliasProtected = (flush: boolean): TraceBuilder => {
  const builder = mapAt(lazilyUnmapped(), OTHER, PFN).op('set_memory_ro', {
    kind: 'protect',
    addr: OTHER,
    size: 4 * PAGE,
    change: 'ro',
  });
  if (flush) builder.tlbAll();
  return builder
    .map('pte', OTHER, PFN, { count: 4, prot: READ_ONLY })
    .tlb(OTHER, OTHER + 4 * PAGE)
    .returns();
};
const resetPerms = (): TraceBuilder =>
  unmapping(
    mapAt(traceOn(arm64), VMALLOC, PFN).area(VMALLOC, 5 * PAGE, 'VM_ALLOC', 'VM_FLUSH_RESET_PERMS'),
    'vfree',
  );
/** A table of pages gives way to nothing, and is freed. */
const tableFreed = (flush: boolean): TraceBuilder => {
  const builder = mapAt(traceOn(arm64), OTHER, PFN);
  const table = builder.events.findLast((event) => event.kind === 'alloc');
  builder
    .op('vunmap_range', { kind: 'unmap', addr: OTHER, size: 4 * PAGE })
    .cacheVunmap(OTHER, OTHER + 4 * PAGE);
  builder
    .clear('pte', OTHER, 4)
    .tlb(OTHER, OTHER + 4 * PAGE)
    .write('pmd', OTHER, 0);
  if (flush) builder.tlb(OTHER, OTHER + PAGE);
  return builder
    .event({ kind: 'free', what: 'table', addr: table?.kind === 'alloc' ? table.addr : 0 })
    .returns();
};

judgeFixtures(flushTlb, {
  good_flushed_before_reuse: () => mapAt(lazilyUnmapped().tlbAll(), VMALLOC, 0x60000),
  good_lazy_and_not_reused: () => mapAt(lazilyUnmapped().tlb(VMALLOC, END), VMALLOC, 0x60000),
  good_same_pages_again: () => mapAt(lazilyUnmapped(), VMALLOC, PFN),
  good_alias_flushed_before_set_memory: () => aliasProtected(true),
  bad_alias_kept_at_set_memory: [['alias-kept'], () => aliasProtected(false)],
  good_set_memory_flushes: () => readOnly().tlb(VMALLOC, END).returns(),
  good_rights_added_need_no_flush: () =>
    readOnly()
      .tlb(VMALLOC, END)
      .returns()
      .op('set_memory_rw', { kind: 'protect', addr: VMALLOC, size: 4 * PAGE, change: 'rw' })
      .map('pte', VMALLOC, PFN, { count: 4, prot: pageKernel(arm64) })
      .returns(),
  good_flush_before_the_pages_go: () =>
    mapAt(
      resetPerms().tlbAll().event({ kind: 'page', change: 'free', pfn: PFN, order: 2 }).returns(),
      VMALLOC,
      PFN,
    ),
  good_no_alias_left: () =>
    lazilyUnmapped().op('vm_unmap_aliases', { kind: 'other' }).tlb(VMALLOC, END).returns(),
  good_no_alias_left_to_part_of_an_area: () =>
    shrunk().op('vm_unmap_aliases', { kind: 'other' }).tlb(VMALLOC, END).returns(),
  good_table_freed_after_a_flush: () => tableFreed(true),
  bad_reused_without_flush: [['reused'], () => mapAt(lazilyUnmapped(), VMALLOC, 0x60000)],
  bad_flush_stops_short: [
    ['reused'],
    () => mapAt(lazilyUnmapped().tlb(VMALLOC, END - PAGE), VMALLOC, 0x60000),
  ],
  bad_only_this_cpu_flushed: [
    ['reused'],
    () =>
      mapAt(
        lazilyUnmapped().event({ kind: 'tlb-flush', scope: 'range', start: VMALLOC, end: END, local: true }),
        VMALLOC,
        0x60000,
      ),
  ],
  bad_vunmap_range_does_not_flush: [
    ['not-flushed'],
    () => unmapping(mapAt(traceOn(arm64), VMALLOC, PFN), 'vunmap_range').returns(),
  ],
  bad_alias_left: [
    ['aliases-left'],
    () => lazilyUnmapped().op('vm_unmap_aliases', { kind: 'other' }).tlb(VMALLOC, VMALLOC).returns(),
  ],
  bad_alias_left_to_part_of_an_area: [
    ['aliases-left'],
    () => shrunk().op('vm_unmap_aliases', { kind: 'other' }).returns(),
  ],
  bad_still_writable_somewhere: [['rights-kept'], () => readOnly().returns()],
  bad_pages_freed_while_executable: [
    ['page-freed'],
    () => resetPerms().event({ kind: 'page', change: 'free', pfn: PFN, order: 2 }).tlbAll().returns(),
  ],
  bad_pages_freed_while_mapped: [
    ['freed-mapped'],
    () =>
      mapAt(traceOn(arm64), VMALLOC, PFN)
        .op('vfree', { kind: 'unmap', addr: VMALLOC, size: 4 * PAGE })
        .event({ kind: 'page', change: 'free', pfn: PFN, order: 2 })
        .cacheVunmap(VMALLOC, END)
        .clear('pte', VMALLOC, 4)
        .returns(),
  ],
  bad_table_freed_too_soon: [['table-freed'], () => tableFreed(false)],
});
