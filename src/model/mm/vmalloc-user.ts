// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, PageCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { EINVAL } from './errno.ts';
import { alignUp, isAligned, levelSizes } from './level-sizes.ts';
import { VM_DMA_COHERENT, VM_USERMAP } from './vm-flags.ts';

// mm/vmalloc.c: vmalloc memory in user space.

const VM_DONTEXPAND = 0x40000;
const VM_DONTDUMP = 0x4000000;

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
