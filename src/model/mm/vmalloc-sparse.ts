// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { WARN_ON } from './bug.ts';
import { E2BIG, EINVAL, ERANGE } from './errno.ts';
import { levelSizes } from './level-sizes.ts';
import { pageKernel } from './page-kernel.ts';
import { VM_FLUSH_RESET_PERMS, VM_NO_GUARD, VM_SPARSE } from './vm-flags.ts';

// mm/vmalloc.c: areas that are mapped piece by piece.

/**
 * Whether [start, end) may be mapped or unmapped by itself within a sparse area.
 * @kernel mm/vmalloc.c check_sparse_vm_area
 * @fidelity dup
 * @returns 0, -EINVAL (not such an area), -E2BIG (more than all memory) or -ERANGE.
 */
export function check_sparse_vm_area(k: Kernel, area: Ptr, start: VirtAddr, end: VirtAddr): number {
  const { flags, addr } = k.structs.vm_struct(area);
  if (WARN_ON(k, (flags & VM_FLUSH_RESET_PERMS) !== 0, 'area->flags & VM_FLUSH_RESET_PERMS')) return -EINVAL;
  if (WARN_ON(k, (flags & VM_NO_GUARD) !== 0, 'area->flags & VM_NO_GUARD')) return -EINVAL;
  if (WARN_ON(k, (flags & VM_SPARSE) === 0, '!(area->flags & VM_SPARSE)')) return -EINVAL;
  if (Math.floor((end - start) / levelSizes(k.machine).pageSize) > k.totalram_pages()) return -E2BIG;
  return start < addr || end > addr + k.get_vm_area_size(area) ? -ERANGE : 0;
}

/**
 * Maps pages as PAGE_KERNEL at [start, end) inside a sparse area.
 * @kernel mm/vmalloc.c vm_area_map_pages
 * @fidelity dup
 * @returns 0 or a negative errno.
 */
export function vm_area_map_pages(k: Kernel, area: Ptr, start: VirtAddr, end: VirtAddr, pages: Ptr): number {
  const err = k.check_sparse_vm_area(area, start, end);
  return err || k.vmap_pages_range(start, end, pageKernel(k), pages, k.machine.pageShift);
}

/**
 * Unmaps [start, end) inside a sparse area, TLBs included.
 * @kernel mm/vmalloc.c vm_area_unmap_pages
 * @fidelity dup
 */
export function vm_area_unmap_pages(k: Kernel, area: Ptr, start: VirtAddr, end: VirtAddr): void {
  if (k.check_sparse_vm_area(area, start, end)) return;
  k.vunmap_range(start, end);
}
