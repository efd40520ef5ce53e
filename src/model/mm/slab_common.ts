// SPDX-License-Identifier: GPL-2.0-only
import { toUnsigned32, type U64 } from '../../base/u64.ts';
import type { ByteCount, Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { noteFree } from '../lib/known-trees.ts';
import { mayAllocate, noteRefusal } from './allocation-limit.ts';
import { WARN_ON } from './bug.ts';
import { __GFP_NOFAIL, __GFP_ZERO, GFP_SLAB_BUG_MASK, gfpWords } from './gfp-bits.ts';
import { takeObjectName } from './object-type.ts';

// mm/slab_common.c, mm/slub.c: every object is an allocation of its own, so that any misuse of one is seen.

const ZERO_SIZE_PTR = 16;
const KMALLOC_MAX_SIZE = 2 ** 22;

function allocateObject(
  k: Kernel,
  request: { name: string; fromKmalloc: boolean; size: ByteCount; align: ByteCount; gfp: number },
): Ptr {
  const { name, fromKmalloc, size, align, gfp } = request;
  k.might_alloc(gfp);
  WARN_ON(k, (gfp & GFP_SLAB_BUG_MASK) !== 0, 'Unexpected gfp: a slab object of a zone');
  if ((gfp & __GFP_NOFAIL) === 0 && !mayAllocate(k, { what: 'object', name })) return 0;
  const addr = k.mem.allocate({ name, fromKmalloc, size, align, zeroed: (gfp & __GFP_ZERO) !== 0 });
  if (addr !== 0)
    k.trace.emit({
      kind: 'alloc',
      what: 'object',
      addr,
      size,
      name,
      gfp: gfpWords(k.current_gfp_context(gfp)),
    });
  else noteRefusal(k, { what: 'object', name });
  return addr;
}

function tooLarge(k: Kernel, size: ByteCount): Ptr {
  noteRefusal(k, { what: 'object', name: takeObjectName(k, size) });
  return 0;
}

function freeObject(k: Kernel, addr: Ptr): void {
  noteFree(k, addr);
  k.mem.release(addr);
  k.trace.emit({ kind: 'free', what: 'object', addr });
}

/** The product, or undefined where it does not fit in 64 bits; then it fits in no memory either. */
function arraySize(n: U64, size: U64): ByteCount {
  return Number(BigInt.asUintN(64, BigInt(n))) * Number(BigInt.asUintN(64, BigInt(size)));
}

/**
 * @kernel include/linux/slab.h kmalloc
 * @fidelity custom: no size classes. Emits `alloc`.
 * @returns NULL when there is no memory
 */
export function kmalloc(k: Kernel, size: U64, flags: number): Ptr {
  const bytes = Number(BigInt.asUintN(64, BigInt(size)));
  if (bytes === 0) return ZERO_SIZE_PTR;
  if (bytes > KMALLOC_MAX_SIZE) return tooLarge(k, bytes);
  // Power-of-two sizes are naturally aligned in Linux.
  const align = Number.isInteger(Math.log2(bytes)) ? Math.max(8, Math.min(bytes, 4096)) : 8;
  const name = takeObjectName(k, bytes);
  return allocateObject(k, { name, fromKmalloc: true, size: bytes, align, gfp: toUnsigned32(flags) });
}

/** @kernel include/linux/slab.h kzalloc @fidelity dup Emits `alloc`. */
export function kzalloc(k: Kernel, size: U64, flags: number): Ptr {
  return k.kmalloc(size, flags | __GFP_ZERO);
}

/** @kernel include/linux/slab.h kmalloc_node @fidelity custom: one node. Emits `alloc`. */
export function kmalloc_node(k: Kernel, size: U64, flags: number, _node: number): Ptr {
  return k.kmalloc(size, flags);
}

/** @kernel include/linux/slab.h kzalloc_node @fidelity custom: one node. Emits `alloc`. */
export function kzalloc_node(k: Kernel, size: U64, flags: number, _node: number): Ptr {
  return k.kmalloc(size, flags | __GFP_ZERO);
}

/** @kernel include/linux/slab.h kmalloc_array @fidelity dup Emits `alloc`. */
export function kmalloc_array(k: Kernel, n: U64, size: U64, flags: number): Ptr {
  const bytes = arraySize(n, size);
  return bytes > KMALLOC_MAX_SIZE ? tooLarge(k, bytes) : k.kmalloc(bytes, flags);
}

/** @kernel include/linux/slab.h kcalloc @fidelity dup Emits `alloc`. */
export function kcalloc(k: Kernel, n: U64, size: U64, flags: number): Ptr {
  return k.kmalloc_array(n, size, flags | __GFP_ZERO);
}

/** @kernel include/linux/slab.h kmalloc_array_node @fidelity custom: one node. Emits `alloc`. */
export function kmalloc_array_node(k: Kernel, n: U64, size: U64, flags: number, _node: number): Ptr {
  return k.kmalloc_array(n, size, flags);
}

/** @kernel include/linux/slab.h kcalloc_node @fidelity custom: one node. Emits `alloc`. */
export function kcalloc_node(k: Kernel, n: U64, size: U64, flags: number, _node: number): Ptr {
  return k.kmalloc_array(n, size, flags | __GFP_ZERO);
}

/** NULL and the zero-size pointer are allowed. @kernel mm/slub.c kfree @fidelity dup Emits `free`. */
export function kfree(k: Kernel, object: Ptr): void {
  if (object !== 0 && object !== ZERO_SIZE_PTR) freeObject(k, object);
}

/** @kernel mm/slab_common.c ksize @fidelity custom: no size classes */
export function ksize(k: Kernel, object: Ptr): ByteCount {
  return object === 0 || object === ZERO_SIZE_PTR ? 0 : (k.mem.objectAt(object)?.size ?? 0);
}

/**
 * @kernel include/linux/slab.h kmem_cache_create
 * @fidelity custom: a cache is its name and sizes. Emits `alloc`.
 */
export function kmem_cache_create(
  k: Kernel,
  name: Ptr,
  size: ByteCount,
  align: ByteCount,
  flags: number,
  ctor: Ptr,
): Ptr {
  const addr = k.kzalloc(k.sizeof('kmem_cache'), 0);
  if (addr === 0) return 0;
  const cache = k.structs.kmem_cache(addr);
  cache.name = name;
  cache.object_size = size;
  cache.align = align;
  cache.flags = flags;
  cache.ctor = ctor;
  return addr;
}

/**
 * @kernel mm/slab_common.c kmem_cache_destroy
 * @fidelity custom: objects that are left are not counted. Emits `free`.
 */
export function kmem_cache_destroy(k: Kernel, s: Ptr): void {
  if (s !== 0) k.kfree(s);
}

/** @kernel mm/slub.c kmem_cache_alloc @fidelity custom: no slabs. Emits `alloc`. */
export function kmem_cache_alloc(k: Kernel, s: Ptr, flags: number): Ptr {
  const cache = k.structs.kmem_cache(s);
  const request = {
    name: k.mem.string(cache.name),
    fromKmalloc: false,
    size: cache.object_size,
    align: Math.max(8, cache.align),
    gfp: toUnsigned32(flags),
  };
  const addr = allocateObject(k, request);
  if (addr !== 0 && cache.ctor !== 0) k.callPointer(cache.ctor, addr);
  return addr;
}

/** @kernel include/linux/slab.h kmem_cache_zalloc @fidelity dup Emits `alloc`. */
export function kmem_cache_zalloc(k: Kernel, s: Ptr, flags: number): Ptr {
  return k.kmem_cache_alloc(s, flags | __GFP_ZERO);
}

/** @kernel mm/slub.c kmem_cache_alloc_node @fidelity custom: one node. Emits `alloc`. */
export function kmem_cache_alloc_node(k: Kernel, s: Ptr, flags: number, _node: number): Ptr {
  return k.kmem_cache_alloc(s, flags);
}

/** @kernel mm/slub.c kmem_cache_free @fidelity custom: the object's cache is not checked. Emits `free`. */
export function kmem_cache_free(k: Kernel, _s: Ptr, object: Ptr): void {
  freeObject(k, object);
}
