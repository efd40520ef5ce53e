// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr, VirtAddr } from '../../../base/units.ts';
import type { Kernel } from '../../kernel.ts';

// What is announced to caches, CPUs and other page tables: events, on every architecture.

/**
 * @kernel include/asm-generic/cacheflush.h flush_cache_vmap
 * @fidelity custom: an event. Emits `cache-flush`.
 */
export function flush_cache_vmap(k: Kernel, start: VirtAddr, end: VirtAddr): void {
  k.trace.emit({ kind: 'cache-flush', call: 'flush_cache_vmap', start, end });
}

/**
 * @kernel include/asm-generic/cacheflush.h flush_cache_vunmap
 * @fidelity custom: an event. Emits `cache-flush`.
 */
export function flush_cache_vunmap(k: Kernel, start: VirtAddr, end: VirtAddr): void {
  k.trace.emit({ kind: 'cache-flush', call: 'flush_cache_vunmap', start, end });
}

/**
 * @kernel include/asm-generic/cacheflush.h flush_cache_all
 * @fidelity custom: an event. Emits `cache-flush`.
 */
export function flush_cache_all(k: Kernel): void {
  k.trace.emit({ kind: 'cache-flush', call: 'flush_cache_all', start: 0, end: 0 });
}

/** @kernel include/linux/pgtable.h arch_sync_kernel_mappings @fidelity custom: an event. Emits `sync`. */
export function arch_sync_kernel_mappings(k: Kernel, start: VirtAddr, end: VirtAddr): void {
  k.trace.emit({ kind: 'sync', start, end });
}

/**
 * Every barrier macro comes here with its name.
 * @kernel include/asm-generic/barrier.h smp_mb
 * @fidelity custom: an event. Emits `barrier`.
 */
export function __barrier(k: Kernel, name: Ptr): void {
  k.trace.emit({ kind: 'barrier', name: k.mem.string(name) });
}
