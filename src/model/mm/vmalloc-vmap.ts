// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../base/descriptor.ts';
import type { PageCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { applyToRange } from './apply-to-range.ts';
import { BUG_ON, WARN_ON } from './bug.ts';
import { EINVAL } from './errno.ts';
import { levelSizes } from './level-sizes.ts';
import { VM_FLUSH_RESET_PERMS, VM_IOREMAP, VM_MAP_PUT_PAGES, VM_NO_GUARD } from './vm-flags.ts';

// mm/vmalloc.c: vmap() and vunmap().

const POINTER_BYTES = 8;

/**
 * Maps pages[0 .. count) one after the other into vmalloc space, by single pages and never executable. With
 * VM_MAP_PUT_PAGES the array and a reference to each page become the area's, to be dropped by vfree().
 * @kernel mm/vmalloc.c vmap
 * @fidelity dup
 * @returns the address, or NULL: nothing is then mapped and no area left.
 */
export function vmap(k: Kernel, pages: Ptr, count: PageCount, flags: number, prot: Descriptor): VirtAddr {
  const { pageShift, pageSize } = levelSizes(k.machine);
  k.might_sleep();
  if (WARN_ON(k, (flags & VM_FLUSH_RESET_PERMS) !== 0, 'flags & VM_FLUSH_RESET_PERMS')) return 0;
  // Without its guard page this area would lack one, and so would the one below the next.
  if (WARN_ON(k, (flags & VM_NO_GUARD) !== 0, 'flags & VM_NO_GUARD')) flags &= ~VM_NO_GUARD;
  if (count > k.totalram_pages()) return 0;
  const size = count * pageSize;
  const area = k.get_vm_area_caller(size, flags, 0);
  if (area === 0) return 0;
  const vm = k.structs.vm_struct(area);
  const { addr } = vm;
  if (k.vmap_pages_range(addr, addr + size, k.pgprot_nx(prot), pages, pageShift) < 0) {
    k.vunmap(addr);
    return 0;
  }
  if (flags & VM_MAP_PUT_PAGES) {
    vm.pages = pages;
    vm.nr_pages = count;
  }
  return addr;
}

/**
 * Maps `count` frames that are not RAM, given by an array of frame numbers, as special pages.
 * @kernel mm/vmalloc.c vmap_pfn
 * @fidelity dup
 * @returns the address, or NULL: a frame that is RAM is refused.
 */
export function vmap_pfn(k: Kernel, pfns: Ptr, count: PageCount, prot: Descriptor): VirtAddr {
  const { pageSize } = levelSizes(k.machine);
  const size = count * pageSize;
  const area = k.get_vm_area_caller(size, VM_IOREMAP, 0);
  if (area === 0) return 0;
  const { addr } = k.structs.vm_struct(area);
  const mm = k.globals['init_mm']!;
  const prot_nx = k.pgprot_nx(prot);
  let next = pfns;
  const fn = (pte: Ptr, at: VirtAddr): number => {
    const pfn = Number(k.mem.ld64(next));
    if (WARN_ON(k, k.pfn_valid(pfn) !== 0, 'pfn_valid(pfn)')) return -EINVAL;
    k.set_pte_at(mm, at, pte, k.pte_mkspecial(k.pfn_pte(pfn, prot_nx)));
    next += POINTER_BYTES;
    return 0;
  };
  if (applyToRange(k, { mm, addr, size, fn, create: true })) {
    k.free_vm_area(area);
    return 0;
  }
  k.flush_cache_vmap(addr, addr + size);
  return addr;
}

/**
 * Ends a mapping made by vmap(); NULL is ignored. The pages stay the caller's.
 * @kernel mm/vmalloc.c vunmap
 * @fidelity dup
 */
export function vunmap(k: Kernel, addr: VirtAddr): void {
  BUG_ON(k, k.in_interrupt() !== 0, 'in_interrupt()');
  k.might_sleep();
  if (addr === 0) return;
  const area = k.remove_vm_area(addr);
  if (WARN_ON(k, area === 0, 'Trying to vunmap() nonexistent vm area')) return;
  k.kfree(area);
}
