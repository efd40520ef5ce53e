// SPDX-License-Identifier: GPL-2.0-only
import { withAttributes, withoutAttributes } from '../../../../hardware/entry.ts';
import type { Descriptor } from '../../../../../base/descriptor.ts';
import type { ByteCount, PageCount, Ptr, VirtAddr } from '../../../../../base/units.ts';
import type { Kernel } from '../../../../kernel.ts';
import { WARN_ON } from '../../../../mm/bug.ts';
import { levelSizes } from '../../../../mm/level-sizes.ts';
import {
  _PAGE_DIRTY,
  _PAGE_NX,
  _PAGE_PCD,
  _PAGE_PRESENT,
  _PAGE_PSE,
  _PAGE_PWT,
  _PAGE_RW,
} from '../../include/asm/pgtable-bits.ts';

// arch/x86/mm/pat/set_memory.c: attributes of live mappings. A large page that is only partly meant is split.

const EFAULT = 14;
const ENOMEM = 12;
const CACHE_MASK = _PAGE_PWT | _PAGE_PCD;

interface Change {
  readonly set: number;
  readonly clear: number;
}

interface Leaf {
  readonly at: Ptr;
  readonly size: ByteCount;
  readonly level: 'pud' | 'pmd' | 'pte';
}

/** The leaf that translates `addr`. */
function findLeaf(k: Kernel, addr: VirtAddr): Leaf | undefined {
  const { pageSize, pmdSize, pudSize } = levelSizes(k.machine);
  const pgd = k.pgd_offset_k(addr);
  if (k.pgd_none(k.mem.ldDescriptor(pgd)) !== 0) return undefined;
  const p4d = k.p4d_offset(pgd, addr);
  if (k.p4d_none(k.mem.ldDescriptor(p4d)) !== 0) return undefined;
  const pud = k.pud_offset(p4d, addr);
  const pudEntry = k.mem.ldDescriptor(pud);
  if (k.pud_none(pudEntry) !== 0) return undefined;
  if (k.pud_leaf(pudEntry) !== 0) return { at: pud, size: pudSize, level: 'pud' };
  const pmd = k.pmd_offset(pud, addr);
  const pmdEntry = k.mem.ldDescriptor(pmd);
  if (k.pmd_none(pmdEntry) !== 0) return undefined;
  if (k.pmd_leaf(pmdEntry) !== 0) return { at: pmd, size: pmdSize, level: 'pmd' };
  const pte = k.pte_offset_kernel(pmd, addr);
  return k.pte_none(k.ptep_get(pte)) !== 0 ? undefined : { at: pte, size: pageSize, level: 'pte' };
}

/** A table of the next smaller leaves in the place of a large one. */
function splitLarge(k: Kernel, leaf: Leaf): number {
  const mm = k.globals['init_mm']!;
  const { pageSize, pmdSize } = levelSizes(k.machine);
  const entry = k.mem.ldDescriptor(leaf.at);
  const isPud = leaf.level === 'pud';
  const table = isPud ? k.pmd_alloc_one(mm, 0) : k.pte_alloc_one_kernel(mm);
  if (table === 0) return -ENOMEM;
  const size = isPud ? pmdSize : pageSize;
  const pfn = isPud ? k.pud_pfn(entry) : k.pmd_pfn(entry);
  const attributes = k.pte_pgprot(entry);
  const prot: Descriptor = isPud ? attributes : withoutAttributes(attributes, _PAGE_PSE);
  for (let i = 0; i < leaf.size / size; i++) {
    k.set_pte(table + i * 8, k.pfn_pte(pfn + (i * size) / pageSize, prot));
  }
  if (isPud) k.pud_populate(mm, leaf.at, table);
  else k.pmd_populate_kernel(mm, leaf.at, table);
  k.flush_tlb_all();
  return 0;
}

function changeRange(k: Kernel, start: VirtAddr, end: VirtAddr, change: Change): number {
  for (let addr = start; addr < end;) {
    const leaf = findLeaf(k, addr);
    if (WARN_ON(k, leaf === undefined, 'CPA: called for zero pte') || leaf === undefined) return -EFAULT;
    const isWhole = addr % leaf.size === 0 && end - addr >= leaf.size;
    if (!isWhole) {
      const err = splitLarge(k, leaf);
      if (err !== 0) return err;
      continue;
    }
    const entry = k.mem.ldDescriptor(leaf.at);
    const changed = withAttributes(withoutAttributes(entry, change.clear), change.set);
    if (changed !== entry) k.set_pte(leaf.at, changed);
    addr += leaf.size;
  }
  return 0;
}

/** What change_page_attr_set_clr() does for a range of kernel addresses. */
function changeAttributes(k: Kernel, from: VirtAddr, numpages: PageCount, change: Change): number {
  const { pageSize } = levelSizes(k.machine);
  WARN_ON(k, from % pageSize !== 0, '*addr & ~PAGE_MASK');
  const start = Math.floor(from / pageSize) * pageSize;
  const end = start + numpages * pageSize;
  k.vm_unmap_aliases();
  const err = changeRange(k, start, end, change);
  k.flush_tlb_kernel_range(start, end);
  if (((change.set | change.clear) & CACHE_MASK) !== 0) k.flush_cache_all();
  return err;
}

/**
 * @kernel arch/x86/mm/pat/set_memory.c set_memory_ro
 * @fidelity custom: the linear alias stays as it is
 * @returns 0, -EFAULT or -ENOMEM. Emits `table-write`, `tlb-flush`.
 */
export function set_memory_ro(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return changeAttributes(k, addr, numpages, { set: 0, clear: _PAGE_RW | _PAGE_DIRTY });
}

/**
 * @kernel arch/x86/mm/pat/set_memory.c set_memory_rw
 * @fidelity custom: see set_memory_ro()
 * @returns 0, -EFAULT or -ENOMEM. Emits `table-write`, `tlb-flush`.
 */
export function set_memory_rw(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return changeAttributes(k, addr, numpages, { set: _PAGE_RW, clear: 0 });
}

/**
 * @kernel arch/x86/mm/pat/set_memory.c set_memory_nx
 * @fidelity dup
 * @returns 0, -EFAULT or -ENOMEM. Emits `table-write`, `tlb-flush`.
 */
export function set_memory_nx(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return changeAttributes(k, addr, numpages, { set: _PAGE_NX, clear: 0 });
}

/**
 * @kernel arch/x86/mm/pat/set_memory.c set_memory_x
 * @fidelity dup
 * @returns 0, -EFAULT or -ENOMEM. Emits `table-write`, `tlb-flush`.
 */
export function set_memory_x(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return changeAttributes(k, addr, numpages, { set: 0, clear: _PAGE_NX });
}

/**
 * @kernel arch/x86/mm/pat/set_memory.c set_memory_uc
 * @fidelity custom: see set_memory_ro()
 * @returns 0, -EFAULT or -ENOMEM. Emits `table-write`, `tlb-flush`, `cache-flush`.
 */
export function set_memory_uc(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return changeAttributes(k, addr, numpages, { set: _PAGE_PCD, clear: _PAGE_PWT });
}

/**
 * @kernel arch/x86/mm/pat/set_memory.c set_memory_wc
 * @fidelity custom: see set_memory_ro()
 * @returns 0, -EFAULT or -ENOMEM. Emits `table-write`, `tlb-flush`, `cache-flush`.
 */
export function set_memory_wc(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return changeAttributes(k, addr, numpages, { set: _PAGE_PWT, clear: _PAGE_PCD });
}

/**
 * @kernel arch/x86/mm/pat/set_memory.c set_memory_wb
 * @fidelity custom: see set_memory_ro()
 * @returns 0, -EFAULT or -ENOMEM. Emits `table-write`, `tlb-flush`, `cache-flush`.
 */
export function set_memory_wb(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return changeAttributes(k, addr, numpages, { set: 0, clear: CACHE_MASK });
}

/**
 * @kernel arch/x86/mm/pat/set_memory.c set_memory_np
 * @fidelity custom: see set_memory_ro()
 * @returns 0, -EFAULT or -ENOMEM. Emits `table-write`, `tlb-flush`.
 */
export function set_memory_np(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return changeAttributes(k, addr, numpages, { set: 0, clear: _PAGE_PRESENT });
}

/**
 * @kernel arch/x86/mm/pat/set_memory.c set_memory_p
 * @fidelity custom: see set_memory_ro()
 * @returns 0, -EFAULT or -ENOMEM. Emits `table-write`, `tlb-flush`.
 */
export function set_memory_p(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return changeAttributes(k, addr, numpages, { set: _PAGE_PRESENT, clear: 0 });
}

/**
 * @kernel arch/x86/mm/pat/set_memory.c set_direct_map_invalid_noflush
 * @fidelity stub: the linear map is not made of tables here
 */
export function set_direct_map_invalid_noflush(_k: Kernel, _page: Ptr): number {
  return 0;
}

/**
 * @kernel arch/x86/mm/pat/set_memory.c set_direct_map_default_noflush
 * @fidelity stub: the linear map is not made of tables here
 */
export function set_direct_map_default_noflush(_k: Kernel, _page: Ptr): number {
  return 0;
}

/** @kernel include/linux/set_memory.h can_set_direct_map @fidelity dup */
export function can_set_direct_map(_k: Kernel): number {
  return 1;
}

/**
 * @kernel arch/x86/mm/pat/set_memory.c kernel_page_present
 * @fidelity custom: the linear map is always whole
 */
export function kernel_page_present(_k: Kernel, _page: Ptr): number {
  return 1;
}
