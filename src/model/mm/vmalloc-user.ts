// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, PageCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { mayAllocate } from './allocation-limit.ts';
import { EBUSY, EFAULT, EINVAL, ENOMEM } from './errno.ts';
import { alignUp, isAligned, levelSizes } from './level-sizes.ts';
import { VM_DMA_COHERENT, VM_USERMAP } from './vm-flags.ts';
import { partOfState } from '../part-of-state.ts';

// mm/vmalloc.c: vmalloc memory in user space, and of mm/memory.c the one function that this takes.

const VM_DONTEXPAND = 0x40000;
const VM_MIXEDMAP = 0x10000000;
const VM_DONTDUMP = 0x4000000;

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

/**
 * Shows `size` bytes of an area, from page `pgoff` of it on, to user space at `uaddr`. Only areas made for that
 * (VM_USERMAP, VM_DMA_COHERENT) may be shown, and only what lies in them.
 * @kernel mm/vmalloc.c remap_vmalloc_range_partial
 * @fidelity dup
 * @returns 0 or a negative errno; pages shown before an error stay.
 */
export function remap_vmalloc_range_partial(
  k: Kernel,
  vma: Ptr,
  uaddr: VirtAddr,
  kaddr: VirtAddr,
  pgoff: PageCount,
  size: ByteCount,
): number {
  const { pageSize } = levelSizes(k.machine);
  const offset = pgoff * pageSize;
  const length = alignUp(size, pageSize);
  if (offset >= 2 ** 64 || !isAligned(uaddr, pageSize) || !isAligned(kaddr, pageSize)) return -EINVAL;
  const area = k.find_vm_area(kaddr);
  if (area === 0) return -EINVAL;
  if (!(k.structs.vm_struct(area).flags & (VM_USERMAP | VM_DMA_COHERENT))) return -EINVAL;
  if (length + offset > k.get_vm_area_size(area)) return -EINVAL;
  for (let done = 0; done < length; done += pageSize) {
    const page = k.vmalloc_to_page(kaddr + offset + done);
    const err = k.vm_insert_page(vma, uaddr + done, page);
    if (err) return err;
  }
  k.structs.vm_area_struct(vma).vm_flags |= VM_DONTEXPAND | VM_DONTDUMP;
  return 0;
}

/**
 * Fills a whole vma with vmalloc memory.
 * @kernel mm/vmalloc.c remap_vmalloc_range
 * @fidelity dup
 */
export function remap_vmalloc_range(k: Kernel, vma: Ptr, addr: VirtAddr, pgoff: PageCount): number {
  const { vm_start, vm_end } = k.structs.vm_area_struct(vma);
  return k.remap_vmalloc_range_partial(vma, vm_start, addr, pgoff, vm_end - vm_start);
}
