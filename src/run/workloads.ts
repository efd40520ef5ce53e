// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, PageCount, Shift } from '../base/units.ts';
import type { Machine } from '../trace/machine.ts';
import { areaAt, runOf, windowAt, type Operation, type PageGroup, type Scenario } from './scenario.ts';

/** What a benchmark calls, by its own words: `vmap(100MB) with order-8 pages`. */
export interface BenchmarkCall {
  readonly call: 'ioremap' | 'vmalloc' | 'vmap' | 'map_mem';
  /** For map_mem(): of all memory. */
  readonly size: ByteCount;
  /** Of the pages handed to vmap(); single pages if undefined. */
  readonly order?: number | undefined;
}

/** A benchmark as a scenario: everything happens once before it is measured, so that page tables are there. */
export interface Workload {
  readonly scenario: Scenario;
  /** The operations that are measured, by index. */
  readonly measured: readonly number[];
  /**
   * For what is too large to be run: the same with twice as much. What it does more is done so many times more by the
   * whole.
   */
  readonly doubled?: { readonly scenario: Scenario; readonly times: number };
  /** What is measured, in words. */
  readonly measures: string;
}

/** The scenario for a call on a machine. */
export function workloadFor({ call, size, order = 0 }: BenchmarkCall, machine: Machine): Workload {
  const pages = Math.max(1, Math.ceil(size / 2 ** machine.pageShift));
  switch (call) {
    case 'ioremap':
      return ioremapOf(pages);
    case 'vmalloc':
      return vmallocOf(pages, machine);
    case 'vmap':
      return vmapOf(pages, 2 ** order);
    case 'map_mem':
      return mapMemOf(pages, machine);
  }
}

const purge: Operation = { call: 'vm_unmap_aliases' };

/** An area for device memory, and its mapping. */
function ioremapOf(pages: PageCount): Workload {
  const map = (area: number): Operation[] => [
    { call: 'get_vm_area', size: pages, flags: ['VM_IOREMAP'] },
    { call: 'ioremap_page_range', at: areaAt(area), frames: runOf(pages), prot: 'uncached' },
  ];
  return {
    scenario: { operations: [...map(0), { call: 'vunmap', area: 0 }, purge, ...map(4)] },
    measured: [4, 5],
    measures: 'get_vm_area(VM_IOREMAP) and ioremap_page_range() of contiguous frames',
  };
}

/** The mapping alone, with pages of the largest size that the machine has below `pages`, as vmalloc() allocates them. */
function vmallocOf(pages: PageCount, machine: Machine): Workload {
  const shift = largestShift(pages, machine);
  const run = 2 ** (shift - machine.pageShift);
  const whole = Math.ceil(pages / run);
  const map: Operation = {
    call: 'vmap_pages_range',
    at: windowAt(0),
    pages: [runOf(run, { repeat: whole, compound: false })],
    prot: 'rw',
    shift,
  };
  return {
    scenario: { operations: [map, { call: 'vunmap_range', at: windowAt(0), size: whole * run }, map] },
    measured: [2],
    measures: `vmap_pages_range() with page_shift ${shift}, without allocation`,
  };
}

/** The largest leaf or contiguous run that fits, as log2 of bytes. */
function largestShift(pages: PageCount, { levels, pageShift }: Machine): Shift {
  const shifts = levels.flatMap(({ leaf, shift, contiguousEntries = 1 }) =>
    leaf === undefined ? [] : [shift, shift + Math.log2(contiguousEntries)],
  );
  // No architecture maps vmalloc's own pages by more than a PMD.
  const pmd = levels.find(({ name }) => name === 'pmd')?.shift ?? pageShift;
  return Math.max(pageShift, ...shifts.filter((shift) => shift <= pmd && 2 ** (shift - pageShift) <= pages));
}

/** vmap() of pages that were allocated `run` at a time. */
function vmapOf(pages: PageCount, run: PageCount): Workload {
  const rest = pages % run;
  const groups: PageGroup[] = [
    ...(pages < run ? [] : [runOf(run, { repeat: Math.floor(pages / run) })]),
    ...(rest === 0 ? [] : [runOf(1, { repeat: rest })]),
  ];
  const map: Operation = { call: 'vmap', pages: groups, prot: 'rw', flags: ['VM_MAP'] };
  return {
    scenario: { operations: [map, { call: 'vunmap', area: 0 }, purge, map] },
    measured: [3],
    measures: 'vmap(), area included',
  };
}

/** Tables of PTEs that are made in one run. */
const TABLES = 32;

/** The linear map by pages alone, as after `rodata=full`. */
function mapMemOf(pages: PageCount, machine: Machine): Workload {
  const pmd = machine.levels.find(({ name }) => name === 'pmd')?.shift ?? machine.pageShift;
  const most = TABLES * 2 ** (pmd - machine.pageShift);
  const map = (count: PageCount): Scenario => ({
    operations: [{ call: 'map_mem', pages: [runOf(count)], leaves: 'pages' }],
  });
  const measures = 'map_mem() by pages alone';
  if (pages <= 2 * most) return { scenario: map(pages), measured: [0], measures };
  return {
    scenario: map(most),
    measured: [0],
    doubled: { scenario: map(2 * most), times: pages / most - 1 },
    measures: `${measures}, computed from ${TABLES} and ${2 * TABLES} tables of PTEs`,
  };
}
