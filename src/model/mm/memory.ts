// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';

// mm/memory.c: tables come into being. A table is zeroed before it is linked, hence the barrier.

const ENOMEM = 12;

interface Step {
  readonly allocate: () => Ptr;
  readonly isPresent: () => boolean;
  readonly populate: (table: Ptr) => void;
  readonly free: (table: Ptr) => void;
}

/** Another CPU may have been faster: its table is kept. */
function addTable(k: Kernel, mm: Ptr, step: Step): number {
  const table = step.allocate();
  if (table === 0) return -ENOMEM;
  const { page_table_lock } = k.structs.mm_struct(mm);
  k.spin_lock(page_table_lock);
  if (step.isPresent()) {
    step.free(table);
  } else {
    k.trace.emit({ kind: 'barrier', name: 'smp_wmb' });
    step.populate(table);
  }
  k.spin_unlock(page_table_lock);
  return 0;
}

/** @kernel mm/memory.c __p4d_alloc @fidelity dup @returns 0 or -ENOMEM. Emits `alloc`, `table-write`. */
export function __p4d_alloc(k: Kernel, mm: Ptr, pgd: Ptr, addr: VirtAddr): number {
  return addTable(k, mm, {
    allocate: () => k.p4d_alloc_one(mm, addr),
    isPresent: () => k.pgd_present(k.mem.ldDescriptor(pgd)) !== 0,
    populate: (table) => k.pgd_populate(mm, pgd, table),
    free: (table) => k.p4d_free(mm, table),
  });
}

/** @kernel mm/memory.c __pud_alloc @fidelity dup @returns 0 or -ENOMEM. Emits `alloc`, `table-write`. */
export function __pud_alloc(k: Kernel, mm: Ptr, p4d: Ptr, addr: VirtAddr): number {
  return addTable(k, mm, {
    allocate: () => k.pud_alloc_one(mm, addr),
    isPresent: () => k.p4d_present(k.mem.ldDescriptor(p4d)) !== 0,
    populate: (table) => k.p4d_populate(mm, p4d, table),
    free: (table) => k.pud_free(mm, table),
  });
}

/** @kernel mm/memory.c __pmd_alloc @fidelity dup @returns 0 or -ENOMEM. Emits `alloc`, `table-write`. */
export function __pmd_alloc(k: Kernel, mm: Ptr, pud: Ptr, addr: VirtAddr): number {
  return addTable(k, mm, {
    allocate: () => k.pmd_alloc_one(mm, addr),
    isPresent: () => k.pud_present(k.mem.ldDescriptor(pud)) !== 0,
    populate: (table) => k.pud_populate(mm, pud, table),
    free: (table) => k.pmd_free(mm, table),
  });
}

/**
 * @kernel mm/memory.c __pte_alloc_kernel
 * @fidelity dup
 * @returns 0 or -ENOMEM. Emits `alloc`, `table-write`.
 */
export function __pte_alloc_kernel(k: Kernel, pmd: Ptr): number {
  const mm = k.globals['init_mm']!;
  return addTable(k, mm, {
    allocate: () => k.pte_alloc_one_kernel(mm),
    isPresent: () => k.pmd_none(k.mem.ldDescriptor(pmd)) === 0,
    populate: (table) => k.pmd_populate_kernel(mm, pmd, table),
    free: (table) => k.pte_free_kernel(mm, table),
  });
}
