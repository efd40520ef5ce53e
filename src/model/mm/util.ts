// SPDX-License-Identifier: GPL-2.0-only
import type { U64 } from '../../base/u64.ts';
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { __GFP_ZERO } from './gfp-bits.ts';

// mm/util.c: kmalloc() or, for what that refuses, vmalloc().

/** @kernel include/linux/slab.h kvmalloc_node @fidelity custom: vmalloc() without VM_ALLOW_HUGE_VMAP. Emits `alloc`. */
export function kvmalloc_node(k: Kernel, size: U64, flags: number, node: number): Ptr {
  const object = k.kmalloc_node(size, flags, node);
  if (object !== 0) return object;
  return (flags & __GFP_ZERO) !== 0 ? k.vzalloc_node(Number(size), node) : k.vmalloc_node(Number(size), node);
}

/** @kernel include/linux/slab.h kvmalloc @fidelity dup Emits `alloc`. */
export function kvmalloc(k: Kernel, size: U64, flags: number): Ptr {
  return k.kvmalloc_node(size, flags, -1);
}

/** @kernel include/linux/slab.h kvzalloc @fidelity dup Emits `alloc`. */
export function kvzalloc(k: Kernel, size: U64, flags: number): Ptr {
  return k.kvmalloc_node(size, flags | __GFP_ZERO, -1);
}

/** @kernel include/linux/slab.h kvmalloc_array @fidelity dup Emits `alloc`. */
export function kvmalloc_array(k: Kernel, n: U64, size: U64, flags: number): Ptr {
  const bytes = Number(n) * Number(size);
  return Number.isSafeInteger(bytes) ? k.kvmalloc_node(bytes, flags, -1) : 0;
}

/** @kernel include/linux/slab.h kvcalloc @fidelity dup Emits `alloc`. */
export function kvcalloc(k: Kernel, n: U64, size: U64, flags: number): Ptr {
  return k.kvmalloc_array(n, size, flags | __GFP_ZERO);
}

/** @kernel mm/util.c kvfree @fidelity dup Emits `free`. */
export function kvfree(k: Kernel, addr: Ptr): void {
  if (k.is_vmalloc_addr(addr) !== 0) k.vfree(addr);
  else k.kfree(addr);
}
