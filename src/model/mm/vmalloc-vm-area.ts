// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, Shift, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { BUG_ON, WARN_ON } from './bug.ts';
import { isErrorPointer } from './errno.ts';
import { GFP_KERNEL, GFP_RECLAIM_MASK, NUMA_NO_NODE } from './gfp.ts';
import { alignUp, levelSizes } from './level-sizes.ts';
import { allocateStruct } from './object-type.ts';
import { VM_FLUSH_RESET_PERMS, VM_IOREMAP, VM_NO_GUARD } from './vm-flags.ts';
import { vmallocSpace } from './vmalloc-space.ts';

// mm/vmalloc.c and include/linux/vmalloc.h: vm_struct, what drivers know an area by.

/**
 * Reserves address space and describes it in a new vm_struct. `size` is rounded up to 1 << shift; a guard page is
 * added, unless VM_NO_GUARD is set; areas for ioremap are aligned to their size, up to IOREMAP_MAX_ORDER.
 * @kernel mm/vmalloc.c __get_vm_area_node
 * @fidelity dup
 * @returns the vm_struct, or NULL.
 */
export function __get_vm_area_node(
  k: Kernel,
  size: ByteCount,
  align: ByteCount,
  shift: Shift,
  flags: number,
  start: VirtAddr,
  end: VirtAddr,
  node: number,
  gfp_mask: number,
  caller: Ptr,
): Ptr {
  const { pageSize } = levelSizes(k.machine);
  BUG_ON(k, k.in_interrupt() !== 0, 'in_interrupt()');
  const rounded = alignUp(size, 2 ** shift);
  if (rounded === 0) return 0;
  if (flags & VM_IOREMAP) align = ioremapAlign(k, rounded);
  const area = allocateStruct(k, 'vm_struct', (bytes) =>
    k.kzalloc_node(bytes, gfp_mask & GFP_RECLAIM_MASK, node),
  );
  if (area === 0) return 0;
  const vm = k.structs.vm_struct(area);
  vm.flags = flags;
  vm.caller = caller;
  vm.requested_size = size;
  const guarded = flags & VM_NO_GUARD ? rounded : rounded + pageSize;
  const va = k.alloc_vmap_area(guarded, align, start, end, node, gfp_mask, 0, area);
  if (isErrorPointer(va)) {
    k.kfree(area);
    return 0;
  }
  return area;
}

function ioremapAlign(k: Kernel, size: ByteCount): ByteCount {
  const order = Math.ceil(Math.log2(size));
  return 2 ** Math.min(Math.max(order, k.machine.pageShift), ioremapMaxOrder(k));
}

/** IOREMAP_MAX_ORDER of the architectures: the largest leaf. */
function ioremapMaxOrder(k: Kernel): Shift {
  const { pmdShift, pudShift } = levelSizes(k.machine);
  return k.machine.levels.some((level) => level.name === 'pud' && level.leaf) ? pudShift : pmdShift;
}

/**
 * An area of any size in [start, end).
 * @kernel mm/vmalloc.c __get_vm_area_caller
 * @fidelity dup
 */
export function __get_vm_area_caller(
  k: Kernel,
  size: ByteCount,
  flags: number,
  start: VirtAddr,
  end: VirtAddr,
  caller: Ptr,
): Ptr {
  const { pageShift } = k.machine;
  return k.__get_vm_area_node(size, 1, pageShift, flags, start, end, NUMA_NO_NODE, GFP_KERNEL, caller);
}

/**
 * An area in vmalloc space; `caller` is for /proc/vmallocinfo.
 * @kernel mm/vmalloc.c get_vm_area_caller
 * @fidelity dup
 */
export function get_vm_area_caller(k: Kernel, size: ByteCount, flags: number, caller: Ptr): Ptr {
  const { VMALLOC_START, VMALLOC_END } = vmallocSpace(k);
  return k.__get_vm_area_node(
    size,
    1,
    k.machine.pageShift,
    flags,
    VMALLOC_START,
    VMALLOC_END,
    NUMA_NO_NODE,
    GFP_KERNEL,
    caller,
  );
}

/**
 * An area in vmalloc space.
 * @kernel mm/vmalloc.c get_vm_area
 * @fidelity dup
 */
export function get_vm_area(k: Kernel, size: ByteCount, flags: number): Ptr {
  return k.get_vm_area_caller(size, flags, 0);
}

/**
 * The vm_struct of the area that holds `addr`, or NULL.
 * @kernel mm/vmalloc.c find_vm_area
 * @fidelity dup
 */
export function find_vm_area(k: Kernel, addr: VirtAddr): Ptr {
  const va = k.find_vmap_area(addr);
  return va === 0 ? 0 : k.structs.vmap_area(va).vm;
}

/**
 * Unmaps the area that holds `addr` and gives its address space up, lazily. Its vm_struct is the caller's to free.
 * @kernel mm/vmalloc.c remove_vm_area
 * @fidelity dup
 * @returns the vm_struct, or NULL if there is no such area.
 */
export function remove_vm_area(k: Kernel, addr: VirtAddr): Ptr {
  const { pageSize } = levelSizes(k.machine);
  if (WARN_ON(k, addr % pageSize !== 0, 'Trying to vfree() bad address')) return 0;
  const va = k.find_unlink_vmap_area(addr);
  if (va === 0) return 0;
  const { vm } = k.structs.vmap_area(va);
  if (vm === 0) return 0;
  k.free_unmap_vmap_area(va);
  return vm;
}

/**
 * Removes an area and frees its vm_struct.
 * @kernel mm/vmalloc.c free_vm_area
 * @fidelity dup
 */
export function free_vm_area(k: Kernel, area: Ptr): void {
  const removed = k.remove_vm_area(k.structs.vm_struct(area).addr);
  BUG_ON(k, removed !== area, 'ret != area');
  k.kfree(area);
}

/**
 * The bytes of an area that may be mapped: without the guard page.
 * @kernel include/linux/vmalloc.h get_vm_area_size
 * @fidelity dup
 */
export function get_vm_area_size(k: Kernel, area: Ptr): ByteCount {
  const { flags, size } = k.structs.vm_struct(area);
  return flags & VM_NO_GUARD ? size : size - levelSizes(k.machine).pageSize;
}

/**
 * Whether vmalloc took pages of more than order 0 for the area at `addr`. Says nothing of vmap() areas.
 * @kernel include/linux/vmalloc.h is_vm_area_hugepages
 * @fidelity dup
 */
export function is_vm_area_hugepages(k: Kernel, addr: VirtAddr): number {
  if (k.machine.config['CONFIG_HAVE_ARCH_HUGE_VMALLOC'] !== true) return 0;
  const area = k.find_vm_area(addr);
  return area !== 0 && k.structs.vm_struct(area).page_order > 0 ? 1 : 0;
}

/**
 * Marks the area at `addr` so that vfree() resets the direct map's permissions for its pages.
 * @kernel include/linux/vmalloc.h set_vm_flush_reset_perms
 * @fidelity dup
 */
export function set_vm_flush_reset_perms(k: Kernel, addr: VirtAddr): void {
  const area = k.find_vm_area(addr);
  if (area !== 0) k.structs.vm_struct(area).flags |= VM_FLUSH_RESET_PERMS;
}
