// SPDX-License-Identifier: GPL-2.0-only
import { fromHalves } from '../../base/u64.ts';
import type { ByteCount, PhysAddr, Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { mayAllocate, noteRefusal } from './allocation-limit.ts';
import { memoryBanks, withMark } from './memory-banks.ts';

// mm/memblock.c: which memory there is, and early allocations from it.

/** The value of an index behind the last range: ULLONG_MAX. */
const BEHIND_THE_LAST = fromHalves(0xffffffff, 0xffffffff);

/**
 * Memory with whatever its bytes are: to read them before writing is a fault. Nobody gives it back.
 * @kernel mm/memblock.c memblock_phys_alloc_range
 * @fidelity custom: from the heap, wherever the caller wants it
 * @returns a physical address, or 0
 */
export function memblock_phys_alloc_range(
  k: Kernel,
  size: ByteCount,
  align: ByteCount,
  _start: PhysAddr,
  _end: PhysAddr,
): PhysAddr {
  const asked = { what: 'page', name: 'early memory' } as const;
  if (!mayAllocate(k, asked)) return 0;
  const addr = k.mem.allocate({ name: asked.name, size, align: Math.max(align, 16) });
  if (addr !== 0) return addr - k.machine.addresses.pageOffset;
  noteRefusal(k, asked);
  return 0;
}

/** @kernel mm/memblock.c memblock_allow_resize @fidelity stub: the table of ranges has no size here */
export function memblock_allow_resize(_k: Kernel): void {}

/**
 * The next range of memory that is to be mapped.
 * @kernel mm/memblock.c __next_mem_range
 * @fidelity custom: all memory of one node, no excluded type
 */
export function __next_mem_range(
  k: Kernel,
  idx: Ptr,
  _nid: number,
  _flags: number,
  _type_a: Ptr,
  _type_b: Ptr,
  out_start: Ptr,
  out_end: Ptr,
  _out_nid: Ptr,
): void {
  const { banks } = k.state(memoryBanks);
  const index = Number(k.mem.ld64(idx));
  const range = banks.filter(({ isMapped }) => isMapped)[index];
  if (range === undefined) return k.mem.st64(idx, BEHIND_THE_LAST);
  if (out_start !== 0) k.mem.st64(out_start, range.start);
  if (out_end !== 0) k.mem.st64(out_end, range.end);
  k.mem.st64(idx, index + 1);
}

/** @kernel mm/memblock.c memblock_mark_nomap @fidelity dup */
export function memblock_mark_nomap(k: Kernel, base: PhysAddr, size: ByteCount): number {
  const state = k.state(memoryBanks);
  state.banks = withMark(state.banks, base, size, false);
  return 0;
}

/** @kernel mm/memblock.c memblock_clear_nomap @fidelity dup */
export function memblock_clear_nomap(k: Kernel, base: PhysAddr, size: ByteCount): number {
  const state = k.state(memoryBanks);
  state.banks = withMark(state.banks, base, size, true);
  return 0;
}
