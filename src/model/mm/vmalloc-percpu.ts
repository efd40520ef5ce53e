// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { BUG_ON, WARN_ON } from './bug.ts';
import { GFP_KERNEL } from './gfp.ts';
import { alignUp, isAligned, levelSizes } from './level-sizes.ts';
import { allocateStruct } from './object-type.ts';
import { VM_ALLOC } from './vm-flags.ts';
import { insertBusy } from './vmalloc-busy.ts';
import { addToFreeSpace, takeExactly } from './vmalloc-free-space.ts';
import { vmallocSpace } from './vmalloc-space.ts';
import { vmallocState } from './vmalloc-state.ts';

// mm/vmalloc.c: several areas at once, at fixed distances from one another, for the per-CPU allocator. They are taken
// from the top of vmalloc space, to keep out of the way of everyone else.

const POINTER_BYTES = 8;

interface Chunk {
  readonly offset: ByteCount;
  readonly size: ByteCount;
}

/**
 * Takes nr_vms areas of sizes[] bytes at base + offsets[], with the highest base that lets all of them fit.
 * @kernel mm/vmalloc.c pcpu_get_vm_areas
 * @fidelity custom: the search tries each free range's end; objects are allocated in the kernel's order
 * @returns an array of vm_struct pointers, or NULL.
 */
export function pcpu_get_vm_areas(
  k: Kernel,
  offsets: Ptr,
  sizes: Ptr,
  nr_vms: number,
  align: ByteCount,
): Ptr {
  BUG_ON(k, align % levelSizes(k.machine).pageSize !== 0, 'offset_in_page(align) || !is_power_of_2(align)');
  const chunks = readChunks(k, offsets, sizes, nr_vms, align);
  const { VMALLOC_START, VMALLOC_END } = vmallocSpace(k);
  const start = alignUp(VMALLOC_START, align);
  const end = Math.floor(VMALLOC_END / align) * align;
  const length = Math.max(...chunks.map((chunk) => chunk.offset + chunk.size));
  if (WARN_ON(k, end - start < length, 'true')) return 0;
  const objects = allocateObjects(k, nr_vms);
  if (objects === undefined) return 0;
  const base = takeChunks(k, chunks, objects, { start, end, align });
  if (base !== undefined) return publish(k, chunks, base, objects);
  freeObjects(k, objects);
  return 0;
}

/** Takes address space for all chunks, if need be after a purge. */
function takeChunks(
  k: Kernel,
  chunks: readonly Chunk[],
  objects: Objects,
  within: Window,
): VirtAddr | undefined {
  const { locks, cache } = k.state(vmallocState);
  for (let purged = false; ; purged = true) {
    k.spin_lock(locks.free);
    const base = highestBase(k, chunks, within);
    const taken = base !== undefined && takeAll(k, chunks, base, objects);
    k.spin_unlock(locks.free);
    if (taken) return base;
    if (purged) return undefined;
    k.reclaim_and_purge_vmap_areas();
    for (const area of objects.areas) area.va ||= k.kmem_cache_zalloc(cache, GFP_KERNEL);
    if (objects.areas.some((area) => area.va === 0)) return undefined;
  }
}

function readChunks(k: Kernel, offsets: Ptr, sizes: Ptr, count: number, align: ByteCount): Chunk[] {
  const chunks = Array.from({ length: count }, (_, i) => ({
    offset: Number(k.mem.ld64(offsets + i * POINTER_BYTES)),
    size: Number(k.mem.ld64(sizes + i * POINTER_BYTES)),
  }));
  for (const [i, chunk] of chunks.entries()) {
    BUG_ON(k, !isAligned(chunk.offset, align), '!IS_ALIGNED(offsets[area], align)');
    BUG_ON(k, !isAligned(chunk.size, align), '!IS_ALIGNED(sizes[area], align)');
    for (const later of chunks.slice(i + 1)) {
      const overlap = later.offset < chunk.offset + chunk.size && chunk.offset < later.offset + later.size;
      BUG_ON(k, overlap, 'start2 < end && start < end2');
    }
  }
  return chunks;
}

interface Window {
  readonly start: VirtAddr;
  readonly end: VirtAddr;
  readonly align: ByteCount;
}

interface Objects {
  readonly vms: Ptr;
  readonly vas: Ptr;
  readonly areas: readonly { va: Ptr; readonly vm: Ptr }[];
}

/** Two arrays and an object of each kind for each area; all of them or none. */
function allocateObjects(k: Kernel, count: number): Objects | undefined {
  const { cache } = k.state(vmallocState);
  const areas: { va: Ptr; vm: Ptr }[] = [];
  const vms = k.kcalloc(count, POINTER_BYTES, GFP_KERNEL);
  const vas = k.kcalloc(count, POINTER_BYTES, GFP_KERNEL);
  const objects = { vms, vas, areas };
  let complete = vms !== 0 && vas !== 0;
  while (complete && areas.length < count) {
    const va = k.kmem_cache_zalloc(cache, GFP_KERNEL);
    const vm = allocateStruct(k, 'vm_struct', (bytes) => k.kzalloc(bytes, GFP_KERNEL));
    areas.push({ va, vm });
    complete = va !== 0 && vm !== 0;
  }
  if (complete) return objects;
  freeObjects(k, objects);
  return undefined;
}

function freeObjects(k: Kernel, { vms, vas, areas }: Objects): void {
  const { cache } = k.state(vmallocState);
  for (const { va, vm } of areas) {
    if (va !== 0) k.kmem_cache_free(cache, va);
    k.kfree(vm);
  }
  k.kfree(vas);
  k.kfree(vms);
}

/** The highest base with every chunk inside one free range each. */
function highestBase(k: Kernel, chunks: readonly Chunk[], within: Window): VirtAddr | undefined {
  const { free } = k.state(vmallocState);
  const ranges = [...free.areas()].filter((range) => range.end > within.start && range.start < within.end);
  const fits = (base: VirtAddr): boolean =>
    chunks.every(({ offset, size }) =>
      ranges.some(
        (range) => range.start <= base + offset && base + offset + size <= Math.min(range.end, within.end),
      ),
    );
  // A highest base has some chunk end where its free range ends, as far as the alignment allows.
  const candidates = ranges.flatMap((range) => {
    const top = Math.floor(Math.min(range.end, within.end) / within.align) * within.align;
    return chunks.map(({ offset, size }) => top - size - offset);
  });
  const legal = candidates.filter((base) => base >= within.start && fits(base));
  return legal.length === 0 ? undefined : Math.max(...legal);
}

/** Cuts every chunk out of the free space; if one cannot be, gives those before it back, at the cost of their objects. */
function takeAll(k: Kernel, chunks: readonly Chunk[], base: VirtAddr, { areas }: Objects): boolean {
  const failed = chunks.findIndex(({ offset, size }) =>
    WARN_ON(k, !takeExactly(k, base + offset, base + offset + size), 'unlikely(ret)'),
  );
  if (failed < 0) return true;
  for (let i = failed - 1; i >= 0; i--) {
    setRange(k, areas[i]!.va, chunks[i]!, base);
    addToFreeSpace(k, areas[i]!.va);
    areas[i]!.va = 0;
  }
  return false;
}

function setRange(k: Kernel, va: Ptr, { offset, size }: Chunk, base: VirtAddr): void {
  const area = k.structs.vmap_area(va);
  area.va_start = base + offset;
  area.va_end = base + offset + size;
}

function publish(k: Kernel, chunks: readonly Chunk[], base: VirtAddr, objects: Objects): Ptr {
  chunks.forEach(({ offset, size }, i) => {
    const { va, vm } = objects.areas[i]!;
    setRange(k, va, { offset, size }, base);
    insertBusy(k, va);
    const described = k.structs.vm_struct(vm);
    described.flags = VM_ALLOC;
    described.addr = base + offset;
    described.size = described.requested_size = size;
    k.structs.vmap_area(va).vm = vm;
    k.mem.st64(objects.vms + i * POINTER_BYTES, vm);
  });
  k.kfree(objects.vas);
  return objects.vms;
}

/**
 * Frees areas got by pcpu_get_vm_areas(), and the array.
 * @kernel mm/vmalloc.c pcpu_free_vm_areas
 * @fidelity dup
 */
export function pcpu_free_vm_areas(k: Kernel, vms: Ptr, nr_vms: number): void {
  for (let i = 0; i < nr_vms; i++) k.free_vm_area(Number(k.mem.ld64(vms + i * POINTER_BYTES)));
  k.kfree(vms);
}
