// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';
import { deferCall } from '../kernel/deferred-call.ts';
import type { Kernel } from '../kernel.ts';
import { WARN_ON } from './bug.ts';
import { cpuCount } from './cpu-count.ts';
import { GFP_KERNEL } from './gfp.ts';
import { alignUp, levelSizes } from './level-sizes.ts';
import { pageKernel } from './page-kernel.ts';
import { findPlace, freePlace, percpuState, takePlace, unitSize, type PercpuChunk } from './percpu-chunk.ts';

// mm/percpu.c, mm/percpu-vm.c: objects with one copy for each CPU, in chunks of vmalloc space whose pages are mapped as
// objects need them.

const POINTER_BYTES = 8;
/** PCPU_MIN_UNIT_SIZE: nothing may be larger. */
const LARGEST = 32768;
const GRAIN = 4;

/**
 * An object of `size` bytes for each CPU, zeroed.
 * @kernel include/linux/percpu.h __alloc_percpu
 * @fidelity custom: first fit; one group of units, without a first chunk made at boot. Emits `page`, `cache-flush`.
 * @returns the first CPU's object, or NULL
 */
export function __alloc_percpu(k: Kernel, size: ByteCount, align: ByteCount): VirtAddr {
  const { pageSize } = levelSizes(k.machine);
  const isLegal = size > 0 && size <= LARGEST && align <= pageSize && Number.isInteger(Math.log2(align));
  if (WARN_ON(k, !isLegal, 'illegal size or align for percpu allocation')) return 0;
  k.might_sleep();
  const bytes = alignUp(size, GRAIN);
  const found = findOrMake(k, bytes, Math.max(align, GRAIN));
  if (found === undefined) return 0;
  const { chunk, start } = found;
  if (!populate(k, chunk, start, start + bytes)) return 0;
  takePlace(chunk, { start, end: start + bytes });
  for (let cpu = 0; cpu < cpuCount(k); cpu++) {
    k.mem.fill(chunk.base + cpu * unitSize(k) + start, 0, bytes);
  }
  return chunk.base + start;
}

/**
 * Gives an object back. Chunks that are empty then go when workers run, but for one.
 * @kernel mm/percpu.c free_percpu
 * @fidelity custom: see __alloc_percpu()
 */
export function free_percpu(k: Kernel, pdata: Ptr): void {
  if (pdata === 0) return;
  const { chunks } = k.state(percpuState);
  const chunk = chunks.find(({ base }) => pdata >= base && pdata < base + unitSize(k));
  const wasUsed = chunk !== undefined && freePlace(k, chunk, pdata - chunk.base);
  if (WARN_ON(k, !wasUsed, 'free_percpu() of what is no percpu object')) return;
  if (chunks.filter(({ used }) => used.length === 0).length > 1)
    deferCall(k, 'pcpu_balance', () => balance(k));
}

function findOrMake(
  k: Kernel,
  size: ByteCount,
  align: ByteCount,
): { chunk: PercpuChunk; start: ByteCount } | undefined {
  const { chunks } = k.state(percpuState);
  for (const chunk of chunks) {
    const place = findPlace(k, chunk, size, align);
    if (place !== undefined) return { chunk, start: place.start };
  }
  const chunk = makeChunk(k);
  return chunk === undefined ? undefined : { chunk, start: 0 };
}

function makeChunk(k: Kernel): PercpuChunk | undefined {
  const { chunks } = k.state(percpuState);
  const { offsets, sizes } = scratchOf(k);
  const vms = k.pcpu_get_vm_areas(offsets, sizes, 1, levelSizes(k.machine).pageSize);
  if (vms === 0) return undefined;
  const base = k.structs.vm_struct(Number(k.mem.ld64(vms))).addr;
  const chunk: PercpuChunk = { vms, base, used: [], largest: unitSize(k), pages: new Map() };
  chunks.push(chunk);
  return chunk;
}

/** Allocated once, as a kernel does at boot. */
function scratchOf(k: Kernel): { offsets: Ptr; sizes: Ptr; pages: Ptr } {
  const state = k.state(percpuState);
  if (state.scratch !== undefined) return state.scratch;
  const array = (name: string, length: number): Ptr =>
    k.mem.allocate({ name, size: length * POINTER_BYTES, zeroed: true });
  const offsets = array('pcpu_group_offsets', 1);
  const sizes = array('pcpu_group_sizes', 1);
  const pages = array('pcpu_get_pages', LARGEST / levelSizes(k.machine).pageSize + 2);
  k.mem.st64(sizes, cpuCount(k) * unitSize(k));
  state.scratch = { offsets, sizes, pages };
  return state.scratch;
}

/** Maps what is not mapped yet of the pages under [start, end) of each unit; false where memory does not suffice. */
function populate(k: Kernel, chunk: PercpuChunk, start: ByteCount, end: ByteCount): boolean {
  const { pageSize } = levelSizes(k.machine);
  for (let cpu = 0; cpu < cpuCount(k); cpu++) {
    const unit = (cpu * unitSize(k)) / pageSize;
    const last = unit + Math.ceil(end / pageSize);
    for (let page = unit + Math.floor(start / pageSize); page < last;) {
      const from = page;
      while (page < last && !chunk.pages.has(page)) page++;
      if (page > from && !mapRun(k, chunk, from, page)) return false;
      if (page === from) page++;
    }
  }
  return true;
}

/** Pages for [from, to) of the chunk, and their mapping. */
function mapRun(k: Kernel, chunk: PercpuChunk, from: number, to: number): boolean {
  const { pageSize } = levelSizes(k.machine);
  const array = scratchOf(k).pages;
  const got: Ptr[] = [];
  while (got.length < to - from) {
    const page = k.alloc_pages(GFP_KERNEL, 0);
    if (page === 0) break;
    k.mem.st64(array + got.length * POINTER_BYTES, page);
    got.push(page);
  }
  const addr = chunk.base + from * pageSize;
  const end = chunk.base + to * pageSize;
  const isMapped =
    got.length === to - from &&
    k.vmap_pages_range_noflush(addr, end, pageKernel(k), array, k.machine.pageShift) === 0;
  if (!isMapped) {
    for (const page of got) k.__free_pages(page, 0);
    return false;
  }
  k.flush_cache_vmap(addr, end);
  for (const [i, page] of got.entries()) chunk.pages.set(from + i, page);
  return true;
}

/** Gives up all chunks that hold nothing, but for the oldest of them. */
function balance(k: Kernel): void {
  const { chunks } = k.state(percpuState);
  for (const chunk of chunks.filter(({ used }) => used.length === 0).slice(1)) {
    chunks.splice(chunks.indexOf(chunk), 1);
    const { base, pages, vms } = chunk;
    const end = base + cpuCount(k) * unitSize(k);
    k.flush_cache_vunmap(base, end);
    k.vunmap_range_noflush(base, end);
    k.flush_tlb_kernel_range(base, end);
    for (const page of pages.values()) k.__free_pages(page, 0);
    k.pcpu_free_vm_areas(vms, 1);
  }
}
