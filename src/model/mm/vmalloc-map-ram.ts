// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { BUG_ON, WARN_ON } from './bug.ts';
import { isErrorPointer } from './errno.ts';
import { GFP_KERNEL } from './gfp.ts';
import { levelSizes } from './level-sizes.ts';
import { pageKernel } from './page-kernel.ts';
import { VMAP_RAM } from './vm-flags.ts';
import { VMAP_MAX_ALLOC } from './vmalloc-block-state.ts';
import { vmallocSpace } from './vmalloc-space.ts';

// mm/vmalloc.c: vm_map_ram(), vmap() for short-lived mappings that need no vm_struct.

/**
 * Maps `count` pages as PAGE_KERNEL: up to 64 of them in a block of this CPU, more in an area of their own.
 * @kernel mm/vmalloc.c vm_map_ram
 * @fidelity dup
 * @returns the address, or NULL.
 */
export function vm_map_ram(k: Kernel, pages: Ptr, count: PageCount, node: number): VirtAddr {
  const { pageShift, pageSize } = levelSizes(k.machine);
  const size = count * pageSize;
  const addr = count <= VMAP_MAX_ALLOC ? k.vb_alloc(size, GFP_KERNEL) : ownArea(k, size, node);
  if (isErrorPointer(addr)) return 0;
  if (k.vmap_pages_range(addr, addr + size, pageKernel(k), pages, pageShift) < 0) {
    k.vm_unmap_ram(addr, count);
    return 0;
  }
  return addr;
}

function ownArea(k: Kernel, size: number, node: number): VirtAddr {
  const { VMALLOC_START, VMALLOC_END } = vmallocSpace(k);
  const { pageSize } = levelSizes(k.machine);
  const va = k.alloc_vmap_area(size, pageSize, VMALLOC_START, VMALLOC_END, node, GFP_KERNEL, VMAP_RAM, 0);
  return isErrorPointer(va) ? va : k.structs.vmap_area(va).va_start;
}

/**
 * Ends a mapping of `count` pages made by vm_map_ram(), whole. TLBs are flushed later.
 * @kernel mm/vmalloc.c vm_unmap_ram
 * @fidelity dup
 */
export function vm_unmap_ram(k: Kernel, mem: VirtAddr, count: PageCount): void {
  const { VMALLOC_START, VMALLOC_END } = vmallocSpace(k);
  const { pageSize } = levelSizes(k.machine);
  BUG_ON(k, mem === 0, '!addr');
  BUG_ON(k, mem > 0 || mem < VMALLOC_START, 'addr < VMALLOC_START');
  BUG_ON(k, mem > VMALLOC_END, 'addr > VMALLOC_END');
  BUG_ON(k, mem % pageSize !== 0, '!PAGE_ALIGNED(addr)');
  if (count <= VMAP_MAX_ALLOC) {
    k.vb_free(mem, count * pageSize);
    return;
  }
  const va = k.find_unlink_vmap_area(mem);
  if (WARN_ON(k, va === 0, '!va')) return;
  k.free_unmap_vmap_area(va);
}
