// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../base/descriptor.ts';
import type { U64 } from '../../base/u64.ts';
import type { Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { onStack } from './stack-object.ts';

// mm/pagewalk.c, for kernel page tables: the caller's function at every entry of a level.

const EINVAL = 22;
const ACTION_SUBTREE = 0;
const ACTION_CONTINUE = 1;
const ACTION_AGAIN = 2;

interface Walk {
  /** The struct mm_walk that callers get. */
  readonly at: Ptr;
  readonly ops: {
    readonly pgd: Ptr;
    readonly p4d: Ptr;
    readonly pud: Ptr;
    readonly pmd: Ptr;
    readonly pte: Ptr;
    readonly hole: Ptr;
  };
}

interface Level {
  readonly entry: Ptr;
  readonly depth: number;
  /** The levels below have a function that wants to be called. */
  readonly wanted: boolean;
  readonly none: (entry: Descriptor) => number;
  readonly leaf: (entry: Descriptor) => number;
  readonly present: (entry: Descriptor) => number;
  readonly end: (addr: VirtAddr, end: VirtAddr) => VirtAddr;
  readonly below: (at: Ptr, addr: VirtAddr, next: VirtAddr) => number;
}

function call(k: Kernel, fn: Ptr, ...args: U64[]): number {
  return fn === 0 ? 0 : Number(k.callPointer(fn, ...args));
}

function walkEntry(k: Kernel, walk: Walk, level: Level, at: Ptr, addr: VirtAddr, next: VirtAddr): number {
  const mm_walk = k.structs.mm_walk(walk.at);
  do {
    if (level.none(k.mem.ldDescriptor(at)) !== 0)
      return call(k, walk.ops.hole, addr, next, level.depth, walk.at);
    mm_walk.action = ACTION_SUBTREE;
    const err = call(k, level.entry, at, addr, next, walk.at);
    if (err !== 0) return err;
  } while (mm_walk.action === ACTION_AGAIN);
  if (mm_walk.action === ACTION_CONTINUE || !level.wanted) return 0;
  const entry = k.mem.ldDescriptor(at);
  if (level.leaf(entry) !== 0 || level.present(entry) === 0) return 0;
  return level.below(at, addr, next);
}

function walkTable(k: Kernel, walk: Walk, level: Level, first: Ptr, from: VirtAddr, end: VirtAddr): number {
  for (let addr = from, at = first; addr !== end; at += 8) {
    const next = level.end(addr, end);
    const err = walkEntry(k, walk, level, at, addr, next);
    if (err !== 0) return err;
    addr = next;
  }
  return 0;
}

function walkPtes(k: Kernel, walk: Walk, pmd: Ptr, from: VirtAddr, end: VirtAddr): number {
  const { pageSize } = k;
  let pte = k.pte_offset_kernel(pmd, from);
  for (let addr = from; addr !== end; addr += pageSize, pte += 8) {
    const err = call(k, walk.ops.pte, pte, addr, addr + pageSize, walk.at);
    if (err !== 0) return err;
  }
  return 0;
}

function walkPmds(k: Kernel, walk: Walk, pud: Ptr, from: VirtAddr, end: VirtAddr): number {
  const level: Level = {
    entry: walk.ops.pmd,
    depth: 3,
    wanted: walk.ops.pte !== 0,
    none: (entry) => k.pmd_none(entry),
    leaf: (entry) => k.pmd_leaf(entry),
    present: (entry) => k.pmd_present(entry),
    end: (addr, last) => k.pmd_addr_end(addr, last),
    below: (at, addr, next) => walkPtes(k, walk, at, addr, next),
  };
  return walkTable(k, walk, level, k.pmd_offset(pud, from), from, end);
}

function walkPuds(k: Kernel, walk: Walk, p4d: Ptr, from: VirtAddr, end: VirtAddr): number {
  const level: Level = {
    entry: walk.ops.pud,
    depth: 2,
    wanted: walk.ops.pmd !== 0 || walk.ops.pte !== 0,
    none: (entry) => k.pud_none(entry),
    leaf: (entry) => k.pud_leaf(entry),
    present: (entry) => k.pud_present(entry),
    end: (addr, last) => k.pud_addr_end(addr, last),
    below: (at, addr, next) => walkPmds(k, walk, at, addr, next),
  };
  return walkTable(k, walk, level, k.pud_offset(p4d, from), from, end);
}

function walkP4ds(k: Kernel, walk: Walk, pgd: Ptr, from: VirtAddr, end: VirtAddr): number {
  const level: Level = {
    entry: walk.ops.p4d,
    depth: 1,
    wanted: true,
    none: (entry) => k.p4d_none(entry),
    leaf: (entry) => k.p4d_leaf(entry),
    present: (entry) => k.p4d_present(entry),
    end: (addr, last) => k.p4d_addr_end(addr, last),
    below: (at, addr, next) => walkPuds(k, walk, at, addr, next),
  };
  return walkTable(k, walk, level, k.p4d_offset(pgd, from), from, end);
}

function walkPgds(k: Kernel, walk: Walk, from: VirtAddr, end: VirtAddr): number {
  const mm_walk = k.structs.mm_walk(walk.at);
  const first = mm_walk.pgd === 0 ? k.pgd_offset(mm_walk.mm, from) : k.pgd_offset_pgd(mm_walk.pgd, from);
  const level: Level = {
    entry: walk.ops.pgd,
    depth: 0,
    wanted: true,
    none: (entry) => k.pgd_none(entry),
    leaf: (entry) => k.pgd_leaf(entry),
    present: (entry) => k.pgd_present(entry),
    end: (addr, last) => k.pgd_addr_end(addr, last),
    below: (at, addr, next) => walkP4ds(k, walk, at, addr, next),
  };
  return walkTable(k, walk, level, first, from, end);
}

/**
 * Calls the functions of `ops` for the entries of [start, end) of a kernel page table, top down. A function may say by
 * walk->action that what is below is to be left alone, or that the entry is to be looked at again.
 * @kernel mm/pagewalk.c walk_kernel_page_table_range_lockless newer
 * @fidelity dup
 * @returns 0, the first non-zero result of a function, or -EINVAL for an empty range. Emits `walk`.
 */
export function walk_kernel_page_table_range_lockless(
  k: Kernel,
  start: VirtAddr,
  end: VirtAddr,
  ops: Ptr,
  pgd: Ptr,
  private_: Ptr,
): number {
  if (start >= end) return -EINVAL;
  return onStack(k, { name: 'walk', size: k.sizeof('mm_walk') }, (at) => {
    k.mem.fill(at, 0, k.sizeof('mm_walk'));
    const mm_walk = k.structs.mm_walk(at);
    mm_walk.ops = ops;
    mm_walk.mm = k.globals['init_mm']!;
    mm_walk.pgd = pgd;
    mm_walk.private = private_;
    const { pgd_entry, p4d_entry, pud_entry, pmd_entry, pte_entry, pte_hole } = k.structs.mm_walk_ops(ops);
    const entries = { pgd: pgd_entry, p4d: p4d_entry, pud: pud_entry, pmd: pmd_entry, pte: pte_entry };
    return walkPgds(k, { at, ops: { ...entries, hole: pte_hole } }, start, end);
  });
}

/**
 * The same for callers that hold init_mm's mmap_lock.
 * @kernel mm/pagewalk.c walk_kernel_page_table_range
 * @fidelity custom: the lock is not checked
 * @returns as walk_kernel_page_table_range_lockless(). Emits `walk`.
 */
export function walk_kernel_page_table_range(
  k: Kernel,
  start: VirtAddr,
  end: VirtAddr,
  ops: Ptr,
  pgd: Ptr,
  private_: Ptr,
): number {
  return k.walk_kernel_page_table_range_lockless(start, end, ops, pgd, private_);
}
