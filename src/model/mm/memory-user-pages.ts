// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { partOfState } from '../part-of-state.ts';
import { mayAllocate } from './allocation-limit.ts';
import { EBUSY, EFAULT, EINVAL, ENOMEM } from './errno.ts';

// mm/memory.c: pages of the kernel in user space.

const VM_MIXEDMAP = 0x10000000;

/** Pages that user space sees, by vma and address: the model has no user page tables. */
const userPages = partOfState((): Map<Ptr, Map<VirtAddr, Ptr>> => {
  return new Map();
});

const A_TABLE = { what: 'table', name: 'a table of user space' } as const;

/**
 * Shows a page to user space at `addr` and takes a reference to it.
 * @kernel mm/memory.c vm_insert_page
 * @fidelity custom: noted in TypeScript, there are no user page tables, but every page might take one. Emits `page-given`,
 * `alloc-failure`.
 * @returns 0, -EFAULT (outside the vma), -EINVAL (a page without references), -EBUSY (something is there) or -ENOMEM.
 */
export function vm_insert_page(k: Kernel, vma: Ptr, addr: VirtAddr, page: Ptr): number {
  const area = k.structs.vm_area_struct(vma);
  if (addr < area.vm_start || addr >= area.vm_end) return -EFAULT;
  if (k.page_count(page) === 0) return -EINVAL;
  if (!mayAllocate(k, A_TABLE)) return -ENOMEM;
  area.vm_flags |= VM_MIXEDMAP;
  const byVma = k.state(userPages);
  const shown = byVma.get(vma) ?? new Map<VirtAddr, Ptr>();
  if (shown.has(addr)) return -EBUSY;
  byVma.set(vma, shown.set(addr, page));
  const index = (addr - area.vm_start) / 2 ** k.machine.pageShift;
  k.trace.emit({ kind: 'page-given', index, pfn: k.page_to_pfn(page) });
  k.get_page(page);
  return 0;
}

/**
 * Ends what vm_insert_page() has shown in [address, address + size), and drops its references.
 * @kernel mm/memory.c zap_vma_ptes
 * @fidelity custom: noted in TypeScript, there are no user page tables
 */
export function zap_vma_ptes(k: Kernel, vma: Ptr, address: VirtAddr, size: ByteCount): void {
  const shown = k.state(userPages).get(vma) ?? new Map<VirtAddr, Ptr>();
  for (const [addr, page] of shown) {
    if (addr < address || addr >= address + size) continue;
    shown.delete(addr);
    k.__free_pages(page, 0);
  }
}
