// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, Ptr, VirtAddr } from '../../../../base/units.ts';
import { withAttributes, withoutAttributes } from '../../../hardware/entry.ts';
import type { Kernel } from '../../../kernel.ts';
import { _PAGE_EXEC, _PAGE_READ, _PAGE_WRITE } from '../include/asm/pgtable-bits.ts';

// arch/riscv/mm/pageattr.c: attributes of kernel mappings that are in use. A leaf that lies in the range in part is
// changed as a whole; what is not mapped is passed over.

/** Attribute masks to set in every leaf of a range, and to clear. */
interface Change {
  readonly set: number;
  readonly clear: number;
}

function changeLeaf(k: Kernel, at: Ptr, { set, clear }: Change): void {
  k.set_pte(at, withAttributes(withoutAttributes(k.mem.ldDescriptor(at), clear), set));
}

function changePmds(k: Kernel, pud: Ptr, start: VirtAddr, end: VirtAddr, change: Change): void {
  let pmd = k.pmd_offset(pud, start);
  for (let addr = start; addr !== end; pmd += 8) {
    const next = k.pmd_addr_end(addr, end);
    const entry = k.mem.ldDescriptor(pmd);
    if (k.pmd_leaf(entry) !== 0) changeLeaf(k, pmd, change);
    else if (k.pmd_none(entry) === 0) changePtes(k, pmd, addr, next, change);
    addr = next;
  }
}

function changePtes(k: Kernel, pmd: Ptr, start: VirtAddr, end: VirtAddr, change: Change): void {
  let pte = k.pte_offset_kernel(pmd, start);
  for (let addr = start; addr !== end; addr += k.pageSize, pte += 8) changeLeaf(k, pte, change);
}

function changeRange(k: Kernel, start: VirtAddr, end: VirtAddr, change: Change): void {
  for (let addr = start; addr !== end;) {
    const p4d = k.p4d_offset(k.pgd_offset_k(addr), addr);
    const inP4d = k.p4d_addr_end(addr, k.pgd_addr_end(addr, end));
    const next = k.pud_addr_end(addr, inP4d);
    if (k.p4d_none(k.mem.ldDescriptor(p4d)) === 0) {
      const pud = k.pud_offset(p4d, addr);
      const entry = k.mem.ldDescriptor(pud);
      if (k.pud_leaf(entry) !== 0) changeLeaf(k, pud, change);
      else if (k.pud_none(entry) === 0) changePmds(k, pud, addr, next, change);
    }
    addr = next;
  }
}

function setMemory(k: Kernel, addr: VirtAddr, numpages: PageCount, change: Change): number {
  if (numpages === 0) return 0;
  const init_mm = k.globals['init_mm']!;
  k.mmap_write_lock(init_mm);
  changeRange(k, addr, addr + numpages * k.pageSize, change);
  k.mmap_write_unlock(init_mm);
  k.flush_tlb_all();
  return 0;
}

/**
 * @kernel arch/riscv/mm/pageattr.c set_memory_ro
 * @fidelity custom: the linear alias stays as it is, where Linux splits and changes it too, by the pages of the area
 * @returns 0. Emits `walk`, `table-write`, `tlb-flush`.
 */
export function set_memory_ro(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return setMemory(k, addr, numpages, { set: _PAGE_READ, clear: _PAGE_WRITE });
}

/**
 * @kernel arch/riscv/mm/pageattr.c set_memory_rw
 * @fidelity custom: see set_memory_ro()
 * @returns 0. Emits `walk`, `table-write`, `tlb-flush`.
 */
export function set_memory_rw(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return setMemory(k, addr, numpages, { set: _PAGE_READ | _PAGE_WRITE, clear: 0 });
}

/**
 * @kernel arch/riscv/mm/pageattr.c set_memory_nx
 * @fidelity custom: see set_memory_ro()
 * @returns 0. Emits `walk`, `table-write`, `tlb-flush`.
 */
export function set_memory_nx(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return setMemory(k, addr, numpages, { set: 0, clear: _PAGE_EXEC });
}

/**
 * @kernel arch/riscv/mm/pageattr.c set_memory_x
 * @fidelity custom: see set_memory_ro()
 * @returns 0. Emits `walk`, `table-write`, `tlb-flush`.
 */
export function set_memory_x(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return setMemory(k, addr, numpages, { set: _PAGE_EXEC, clear: 0 });
}

/** @kernel include/linux/set_memory.h can_set_direct_map @fidelity dup */
export function can_set_direct_map(_k: Kernel): number {
  return 1;
}

/** @kernel arch/riscv/mm/pageattr.c set_direct_map_invalid_noflush @fidelity custom: the linear map stays whole */
export function set_direct_map_invalid_noflush(_k: Kernel, _page: Ptr): number {
  return 0;
}

/** @kernel arch/riscv/mm/pageattr.c set_direct_map_default_noflush @fidelity custom: the linear map stays whole */
export function set_direct_map_default_noflush(_k: Kernel, _page: Ptr): number {
  return 0;
}

/** @kernel arch/riscv/mm/pageattr.c kernel_page_present @fidelity custom: the linear map is always whole */
export function kernel_page_present(_k: Kernel, _page: Ptr): number {
  return 1;
}
