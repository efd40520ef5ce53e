// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../base/descriptor.ts';
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { WARN_ON } from './bug.ts';
import { addToMask, PGTBL, withModMask } from './page-table-mask.ts';

// mm/memory.c: the walk under apply_to_page_range() and apply_to_existing_page_range().

const EINVAL = 22;
const ENOMEM = 12;

interface Walk {
  readonly mm: Ptr;
  readonly fn: (pte: Ptr, addr: VirtAddr) => number;
  /** Tables that are missing are made; without it they are passed over. */
  readonly create: boolean;
  readonly mask: Ptr;
}

interface Level {
  readonly none: (entry: Descriptor) => number;
  readonly leaf: (entry: Descriptor) => number;
  readonly bad: (entry: Descriptor) => number;
  readonly clearBad: (at: Ptr) => void;
  readonly end: (addr: VirtAddr, end: VirtAddr) => VirtAddr;
  /** The same walk in the table below. */
  readonly below: (at: Ptr, addr: VirtAddr, next: VirtAddr) => number;
  readonly name: string;
}

/** One table's share of the range. A leaf is an error: the callers change pages. */
function eachEntry(k: Kernel, walk: Walk, level: Level, first: Ptr, from: VirtAddr, end: VirtAddr): number {
  let at = first;
  let addr = from;
  do {
    const next = level.end(addr, end);
    const entry = k.mem.ldDescriptor(at);
    const isEmpty = level.none(entry) !== 0;
    if (!isEmpty || walk.create) {
      if (WARN_ON(k, level.leaf(entry) !== 0, `${level.name}_leaf(*${level.name})`)) return -EINVAL;
      if (!isEmpty && WARN_ON(k, level.bad(entry) !== 0, `${level.name}_bad(*${level.name})`)) {
        if (!walk.create) {
          addr = next;
          at += 8;
          continue;
        }
        level.clearBad(at);
      }
      const err = level.below(at, addr, next);
      if (err !== 0) return err;
    }
    at += 8;
    addr = next;
  } while (addr !== end);
  return 0;
}

function eachPte(k: Kernel, walk: Walk, pmd: Ptr, from: VirtAddr, end: VirtAddr): number {
  let pte = walk.create ? k.pte_alloc_kernel_track(pmd, from, walk.mask) : k.pte_offset_kernel(pmd, from);
  if (pte === 0) return -ENOMEM;
  const { pageSize } = k;
  k.arch_enter_lazy_mmu_mode();
  let err = 0;
  for (let addr = from; addr !== end; addr += pageSize, pte += 8) {
    if (!walk.create && k.pte_none(k.ptep_get(pte)) !== 0) continue;
    err = walk.fn(pte, addr);
    if (err !== 0) break;
  }
  addToMask(k, walk.mask, PGTBL.PTE_MODIFIED);
  k.arch_leave_lazy_mmu_mode();
  return err;
}

function eachPmd(k: Kernel, walk: Walk, pud: Ptr, from: VirtAddr, end: VirtAddr): number {
  const pmd = walk.create ? k.pmd_alloc_track(walk.mm, pud, from, walk.mask) : k.pmd_offset(pud, from);
  if (pmd === 0) return -ENOMEM;
  const level: Level = {
    name: 'pmd',
    none: (entry) => k.pmd_none(entry),
    leaf: (entry) => k.pmd_leaf(entry),
    bad: (entry) => k.pmd_bad(entry),
    clearBad: (at) => k.pmd_clear_bad(at),
    end: (addr, last) => k.pmd_addr_end(addr, last),
    below: (at, addr, next) => eachPte(k, walk, at, addr, next),
  };
  return eachEntry(k, walk, level, pmd, from, end);
}

function eachPud(k: Kernel, walk: Walk, p4d: Ptr, from: VirtAddr, end: VirtAddr): number {
  const pud = walk.create ? k.pud_alloc_track(walk.mm, p4d, from, walk.mask) : k.pud_offset(p4d, from);
  if (pud === 0) return -ENOMEM;
  const level: Level = {
    name: 'pud',
    none: (entry) => k.pud_none(entry),
    leaf: (entry) => k.pud_leaf(entry),
    bad: (entry) => k.pud_bad(entry),
    clearBad: (at) => k.pud_clear_bad(at),
    end: (addr, last) => k.pud_addr_end(addr, last),
    below: (at, addr, next) => eachPmd(k, walk, at, addr, next),
  };
  return eachEntry(k, walk, level, pud, from, end);
}

function eachP4d(k: Kernel, walk: Walk, pgd: Ptr, from: VirtAddr, end: VirtAddr): number {
  const p4d = walk.create ? k.p4d_alloc_track(walk.mm, pgd, from, walk.mask) : k.p4d_offset(pgd, from);
  if (p4d === 0) return -ENOMEM;
  const level: Level = {
    name: 'p4d',
    none: (entry) => k.p4d_none(entry),
    leaf: (entry) => k.p4d_leaf(entry),
    bad: (entry) => k.p4d_bad(entry),
    clearBad: (at) => k.p4d_clear_bad(at),
    end: (addr, last) => k.p4d_addr_end(addr, last),
    below: (at, addr, next) => eachPud(k, walk, at, addr, next),
  };
  return eachEntry(k, walk, level, p4d, from, end);
}

function eachPgd(k: Kernel, walk: Walk, from: VirtAddr, end: VirtAddr): number {
  const level: Level = {
    name: 'pgd',
    none: (entry) => k.pgd_none(entry),
    leaf: (entry) => k.pgd_leaf(entry),
    bad: (entry) => k.pgd_bad(entry),
    clearBad: (at) => k.pgd_clear_bad(at),
    end: (addr, last) => k.pgd_addr_end(addr, last),
    below: (at, addr, next) => eachP4d(k, walk, at, addr, next),
  };
  return eachEntry(k, walk, level, k.pgd_offset(walk.mm, from), from, end);
}

interface Request {
  readonly mm: Ptr;
  readonly addr: VirtAddr;
  readonly size: ByteCount;
  readonly fn: Walk['fn'];
  readonly create: boolean;
}

/**
 * Calls `fn` for the page entries of [addr, addr + size); stops at the first result other than 0. What the C function
 * does, for callers in TypeScript, whose `fn` is no C pointer.
 */
export function applyToRange(k: Kernel, { mm, addr, size, fn, create }: Request): number {
  if (WARN_ON(k, size <= 0, 'addr >= end')) return -EINVAL;
  const end = addr + size;
  return withModMask(k, addr, end, (mask) => eachPgd(k, { mm, fn, create, mask }, addr, end));
}
