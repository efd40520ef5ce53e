// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, Ptr, VirtAddr } from '../../../../../base/units.ts';
import type { Kernel } from '../../../../kernel.ts';
import {
  _PAGE_DIRTY,
  _PAGE_NX,
  _PAGE_PAT,
  _PAGE_PCD,
  _PAGE_PRESENT,
  _PAGE_PWT,
  _PAGE_RW,
} from '../../include/asm/pgtable-bits.ts';
import { changeAttributes, changeLinear } from './change-page-attr.ts';

// arch/x86/mm/pat/set_memory.c: attributes of live mappings.

const CACHE_MASK = _PAGE_PWT | _PAGE_PCD | _PAGE_PAT;

/**
 * @kernel arch/x86/mm/pat/set_memory.c set_memory_ro
 * @fidelity custom: rights that the kernel's image asks for are not looked at
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
 * @kernel arch/x86/mm/pat/set_memory.c set_memory_rox
 * @fidelity custom: see set_memory_ro()
 * @returns 0, -EFAULT or -ENOMEM. Emits `table-write`, `tlb-flush`.
 */
export function set_memory_rox(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return changeAttributes(k, addr, numpages, { set: 0, clear: _PAGE_RW | _PAGE_DIRTY | _PAGE_NX });
}

/**
 * @kernel arch/x86/mm/pat/set_memory.c set_memory_uc
 * @fidelity custom: see set_memory_ro()
 * @returns 0, -EFAULT or -ENOMEM. Emits `table-write`, `tlb-flush`.
 */
export function set_memory_uc(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  return changeAttributes(k, addr, numpages, { set: _PAGE_PCD, clear: 0 });
}

/**
 * @kernel arch/x86/mm/pat/set_memory.c set_memory_wc
 * @fidelity custom: see set_memory_ro()
 * @returns 0, -EFAULT or -ENOMEM. Emits `table-write`, `tlb-flush`.
 */
export function set_memory_wc(k: Kernel, addr: VirtAddr, numpages: PageCount): number {
  const err = k.set_memory_uc(addr, numpages);
  if (err !== 0) return err;
  return changeAttributes(k, addr, numpages, { set: _PAGE_PWT, clear: CACHE_MASK });
}

/**
 * @kernel arch/x86/mm/pat/set_memory.c set_memory_wb
 * @fidelity custom: see set_memory_ro()
 * @returns 0, -EFAULT or -ENOMEM. Emits `table-write`, `tlb-flush`.
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

/** @kernel arch/x86/mm/pat/set_memory.c set_direct_map_invalid_noflush @fidelity dup: the linear map is all holes */
export function set_direct_map_invalid_noflush(k: Kernel, page: Ptr): number {
  return changeLinear(k, page, { set: 0, clear: _PAGE_PRESENT | _PAGE_RW | _PAGE_DIRTY });
}

/** @kernel arch/x86/mm/pat/set_memory.c set_direct_map_default_noflush @fidelity dup: see set_direct_map_invalid_noflush() */
export function set_direct_map_default_noflush(k: Kernel, page: Ptr): number {
  return changeLinear(k, page, { set: _PAGE_PRESENT | _PAGE_RW, clear: 0 });
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
