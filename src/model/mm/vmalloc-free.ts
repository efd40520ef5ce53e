// SPDX-License-Identifier: GPL-2.0-only
import { ult } from '../../base/u64.ts';
import type { Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { pageAt } from './array-of-pages.ts';
import { deferCall } from '../kernel/deferred-call.ts';
import { BUG_ON, WARN_ON } from './bug.ts';
import { levelSizes } from './level-sizes.ts';
import { VM_FLUSH_RESET_PERMS, VM_MAP_PUT_PAGES } from './vm-flags.ts';
import { vmallocState } from './vmalloc-state.ts';

// mm/vmalloc.c: giving vmalloc memory back.

/**
 * Frees what one of the vmalloc() calls returned, or an area of vmap() that was given its pages; NULL is
 * ignored. In interrupt context a worker does it later.
 * @kernel mm/vmalloc.c vfree
 * @fidelity dup
 */
export function vfree(k: Kernel, addr: VirtAddr): void {
  if (k.in_interrupt() !== 0) {
    k.vfree_atomic(addr);
    return;
  }
  k.might_sleep();
  if (addr === 0) return;
  const area = k.remove_vm_area(addr);
  if (WARN_ON(k, area === 0, 'Trying to vfree() nonexistent vm area')) return;
  const vm = k.structs.vm_struct(area);
  if (vm.flags & VM_FLUSH_RESET_PERMS) k.vm_reset_perms(area);
  for (let i = 0; i < vm.nr_pages; i++) {
    const page = pageAt(k, vm.pages, i);
    BUG_ON(k, page === 0, '!page');
    k.__free_pages(page, 0);
  }
  if (!(vm.flags & VM_MAP_PUT_PAGES)) k.state(vmallocState).vmallocPages -= vm.nr_pages;
  k.kvfree(vm.pages);
  k.kfree(area);
}

/**
 * vfree() for those who must not sleep: the memory itself holds the list of what waits, and a worker frees it.
 * @kernel mm/vmalloc.c vfree_atomic
 * @fidelity dup
 */
export function vfree_atomic(k: Kernel, addr: VirtAddr): void {
  const { deferredFrees } = k.state(vmallocState);
  const { cpu } = k;
  if (addr === 0) return;
  const first = deferredFrees.get(cpu) ?? 0;
  k.mem.st64(addr, first);
  deferredFrees.set(cpu, addr);
  if (first === 0) deferCall(k, `vfree_deferred ${cpu}`, () => freeDeferred(k, cpu));
}

/**
 * @kernel mm/vmalloc.c delayed_vfree_work
 */
function freeDeferred(k: Kernel, cpu: number): void {
  const { deferredFrees } = k.state(vmallocState);
  let addr = deferredFrees.get(cpu) ?? 0;
  deferredFrees.delete(cpu);
  while (addr !== 0) {
    const next = Number(k.mem.ld64(addr));
    k.vfree(addr);
    addr = next;
  }
}

/**
 * Makes the direct map of an area's pages what it was before anyone changed it. While it is invalid, one flush takes
 * away both its translations and the area's.
 * @kernel mm/vmalloc.c vm_reset_perms
 * @fidelity dup
 */
export function vm_reset_perms(k: Kernel, area: Ptr): void {
  const { pageSize } = levelSizes(k.machine);
  const { pages, nr_pages, page_order } = k.structs.vm_struct(area);
  const bytes = pageSize * 2 ** page_order;
  let start: VirtAddr = -1;
  let end: VirtAddr = 0;
  let flush = 0;
  for (let i = 0; i < nr_pages; i += 2 ** page_order) {
    const addr = k.page_address(pageAt(k, pages, i));
    if (addr === 0) continue;
    if (ult(addr, start)) start = addr;
    if (ult(end, addr + bytes)) end = addr + bytes;
    flush = 1;
  }
  for (let i = 0; i < nr_pages; i++) k.set_direct_map_invalid_noflush(pageAt(k, pages, i));
  k._vm_unmap_aliases(start, end, flush);
  for (let i = 0; i < nr_pages; i++) k.set_direct_map_default_noflush(pageAt(k, pages, i));
}
