// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, PageCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { KernelWorld } from '../kernel.ts';
import { alignUp } from './level-sizes.ts';
import { partOfState } from '../part-of-state.ts';

/** Bytes at the same offset of every CPU's unit. */
interface Range {
  readonly start: ByteCount;
  readonly end: ByteCount;
}

/** One vmalloc area that holds a unit for each CPU, one behind the other. */
export interface PercpuChunk {
  /** What pcpu_get_vm_areas() gave. */
  readonly vms: Ptr;
  /** Of the first CPU's unit. */
  readonly base: VirtAddr;
  /** Handed out, by offset. */
  readonly used: Range[];
  /** The largest gap between them; never less than it is. */
  largest: ByteCount;
  /** `struct page` of each mapped page, by its offset from `base` in pages. */
  readonly pages: Map<number, Ptr>;
}

export interface PercpuState {
  /** Oldest first. */
  readonly chunks: PercpuChunk[];
  /** Two arrays of one number, and one of page pointers: what calls of vmalloc want to be given. */
  scratch: { readonly offsets: Ptr; readonly sizes: Ptr; readonly pages: Ptr } | undefined;
}

export const percpuState = partOfState((): PercpuState => ({ chunks: [], scratch: undefined }));

/** Bytes of a chunk that each CPU has. */
export function unitSize(k: KernelWorld): ByteCount {
  return Math.max(65536, 2 ** k.machine.pageShift);
}

/** The lowest place in the chunk's units; undefined where none is large enough. */
export function findPlace(
  k: KernelWorld,
  chunk: PercpuChunk,
  size: ByteCount,
  align: ByteCount,
): Range | undefined {
  if (chunk.largest < size) return undefined;
  let largest = 0;
  let start = 0;
  for (const { start: next, end } of [...chunk.used, { start: unitSize(k), end: 0 }]) {
    const aligned = alignUp(start, align);
    if (aligned + size <= next) return { start: aligned, end: aligned + size };
    largest = Math.max(largest, next - start);
    start = end;
  }
  chunk.largest = largest;
  return undefined;
}

export function takePlace({ used }: PercpuChunk, place: Range): void {
  const at = used.findIndex(({ start }) => start > place.start);
  used.splice(at < 0 ? used.length : at, 0, place);
}

/** False where nothing was handed out from that offset on. */
export function freePlace(k: KernelWorld, chunk: PercpuChunk, offset: ByteCount): boolean {
  const at = chunk.used.findIndex(({ start }) => start === offset);
  if (at < 0) return false;
  chunk.used.splice(at, 1);
  chunk.largest = unitSize(k);
  return true;
}

/** Pages of all chunks. */
export function percpuPages(k: KernelWorld): PageCount {
  return k.state(percpuState).chunks.reduce((sum, { pages }) => sum + pages.size, 0);
}
