// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { WARN_ON } from './bug.ts';
import { __GFP_ZERO, GFP_DMA32, GFP_KERNEL, NUMA_NO_NODE } from './gfp.ts';
import { pageKernel } from './page-kernel.ts';
import { VM_ALLOW_HUGE_VMAP, VM_USERMAP } from './vm-flags.ts';
import { vmallocSpace } from './vmalloc-space.ts';

// mm/vmalloc.c: the calls that drivers use. All of them end in __vmalloc_node_range().

/**
 * @kernel mm/vmalloc.c __vmalloc_node
 * @fidelity dup
 * @returns the address of `size` bytes mapped PAGE_KERNEL in vmalloc space, or NULL.
 */
export function __vmalloc_node(
  k: Kernel,
  size: ByteCount,
  align: ByteCount,
  gfp_mask: number,
  node: number,
  caller: Ptr,
): VirtAddr {
  return inVmallocSpace(k, { size, align, gfp_mask, vm_flags: 0, node, caller });
}

function inVmallocSpace(
  k: Kernel,
  ask: { size: ByteCount; align: ByteCount; gfp_mask: number; vm_flags: number; node: number; caller: Ptr },
): VirtAddr {
  const { VMALLOC_START, VMALLOC_END } = vmallocSpace(k);
  return k.__vmalloc_node_range(
    ask.size,
    ask.align,
    VMALLOC_START,
    VMALLOC_END,
    ask.gfp_mask,
    pageKernel(k),
    ask.vm_flags,
    ask.node,
    ask.caller,
  );
}

/**
 * @kernel mm/vmalloc.c __vmalloc
 * @fidelity dup
 */
export function __vmalloc(k: Kernel, size: ByteCount, gfp_mask: number): VirtAddr {
  return k.__vmalloc_node(size, 1, gfp_mask, NUMA_NO_NODE, 0);
}

/**
 * @kernel mm/vmalloc.c vmalloc
 * @fidelity dup
 */
export function vmalloc(k: Kernel, size: ByteCount): VirtAddr {
  return k.__vmalloc_node(size, 1, GFP_KERNEL, NUMA_NO_NODE, 0);
}

/**
 * vmalloc(), by large pages where `size` reaches them.
 * @kernel mm/vmalloc.c vmalloc_huge
 * @fidelity dup
 */
export function vmalloc_huge(k: Kernel, size: ByteCount, gfp_mask: number): VirtAddr {
  return k.vmalloc_huge_node(size, gfp_mask, NUMA_NO_NODE);
}

/**
 * vmalloc_huge() with memory of a node.
 * @kernel mm/vmalloc.c vmalloc_huge_node newer
 * @fidelity dup
 */
export function vmalloc_huge_node(k: Kernel, size: ByteCount, gfp_mask: number, node: number): VirtAddr {
  return inVmallocSpace(k, { size, align: 1, gfp_mask, vm_flags: VM_ALLOW_HUGE_VMAP, node, caller: 0 });
}

/**
 * vmalloc(), zeroed.
 * @kernel mm/vmalloc.c vzalloc
 * @fidelity dup
 */
export function vzalloc(k: Kernel, size: ByteCount): VirtAddr {
  return k.__vmalloc_node(size, 1, GFP_KERNEL | __GFP_ZERO, NUMA_NO_NODE, 0);
}

/**
 * vmalloc(), zeroed and allowed in remap_vmalloc_range().
 * @kernel mm/vmalloc.c vmalloc_user
 * @fidelity custom: SHMLBA is a page
 */
export function vmalloc_user(k: Kernel, size: ByteCount): VirtAddr {
  return forUser(k, size, GFP_KERNEL);
}

function forUser(k: Kernel, size: ByteCount, gfp: number): VirtAddr {
  const gfp_mask = gfp | __GFP_ZERO;
  const align = k.pageSize;
  return inVmallocSpace(k, { size, align, gfp_mask, vm_flags: VM_USERMAP, node: NUMA_NO_NODE, caller: 0 });
}

/**
 * @kernel mm/vmalloc.c vmalloc_node
 * @fidelity dup
 */
export function vmalloc_node(k: Kernel, size: ByteCount, node: number): VirtAddr {
  return k.__vmalloc_node(size, 1, GFP_KERNEL, node, 0);
}

/**
 * @kernel mm/vmalloc.c vzalloc_node
 * @fidelity dup
 */
export function vzalloc_node(k: Kernel, size: ByteCount, node: number): VirtAddr {
  return k.__vmalloc_node(size, 1, GFP_KERNEL | __GFP_ZERO, node, 0);
}

/**
 * @kernel mm/vmalloc.c vmalloc_32
 * @fidelity dup
 */
export function vmalloc_32(k: Kernel, size: ByteCount): VirtAddr {
  return k.__vmalloc_node(size, 1, GFP_DMA32 | GFP_KERNEL, NUMA_NO_NODE, 0);
}

/**
 * @kernel mm/vmalloc.c vmalloc_32_user
 * @fidelity custom: SHMLBA is a page
 */
export function vmalloc_32_user(k: Kernel, size: ByteCount): VirtAddr {
  return forUser(k, size, GFP_DMA32 | GFP_KERNEL);
}

/**
 * Makes an allocation `size` bytes long: in place where its pages suffice, else in a new place, with the contents
 * copied. A size of 0 frees.
 * @kernel mm/vmalloc.c vrealloc
 * @fidelity dup
 * @returns the address, or NULL for a size of 0 or without memory: then `p` is still allocated.
 */
export function vrealloc(k: Kernel, p: VirtAddr, size: ByteCount, flags: number): VirtAddr {
  return k.vrealloc_node_align(p, size, 1, flags, NUMA_NO_NODE);
}

/**
 * vrealloc() to a place with an alignment, with memory of a node. An allocation is not made anew for the alignment's sake.
 * @kernel mm/vmalloc.c vrealloc_node_align newer
 * @fidelity custom: there is one node
 * @returns as vrealloc(), and NULL where `p` is not aligned like that
 */
export function vrealloc_node_align(
  k: Kernel,
  p: VirtAddr,
  size: ByteCount,
  align: ByteCount,
  flags: number,
  nid: number,
): VirtAddr {
  if (size === 0) {
    k.vfree(p);
    return 0;
  }
  if (p === 0) return k.__vmalloc_node(size, align, flags, nid, 0);
  const area = k.find_vm_area(p);
  if (WARN_ON(k, area === 0, 'Trying to vrealloc() nonexistent vm area')) return 0;
  const vm = k.structs.vm_struct(area);
  const had = vm.requested_size;
  const available = k.get_vm_area_size(area);
  if (WARN_ON(k, available < had, 'vrealloc() has mismatched area vs requested sizes')) return 0;
  if (WARN_ON(k, p % align !== 0, 'will not reallocate with a bigger alignment')) return 0;
  if (size <= available) {
    if (size < had && flags & __GFP_ZERO) k.mem.fill(p + size, 0, had - size);
    vm.requested_size = size;
    return p;
  }
  const moved = k.__vmalloc_node(size, align, flags, nid, 0);
  if (moved === 0) return 0;
  k.mem.copy(moved, p, had);
  k.vfree(p);
  return moved;
}
