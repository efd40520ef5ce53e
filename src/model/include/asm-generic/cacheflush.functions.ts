// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr, VirtAddr } from '../../../base/units.ts';
import type { Kernel } from '../../kernel.ts';

// What is announced to caches, TLBs, CPUs and other page tables: events, on every architecture.

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

/** @kernel arch/$SRCARCH/include/asm/tlbflush.h flush_tlb_all @fidelity custom: an event. Emits `tlb-flush`. */
export function flush_tlb_all(k: Kernel): void {
  k.trace.emit({ kind: 'tlb-flush', scope: 'all', start: 0, end: 0, local: false });
}

/**
 * @kernel arch/$SRCARCH/include/asm/tlbflush.h local_flush_tlb_all
 * @fidelity custom: an event. Emits `tlb-flush`.
 */
export function local_flush_tlb_all(k: Kernel): void {
  k.trace.emit({ kind: 'tlb-flush', scope: 'all', start: 0, end: 0, local: true });
}

/**
 * @kernel arch/$SRCARCH/include/asm/tlbflush.h flush_tlb_kernel_range
 * @fidelity custom: an event. Emits `tlb-flush`.
 */
export function flush_tlb_kernel_range(k: Kernel, start: VirtAddr, end: VirtAddr): void {
  k.trace.emit({ kind: 'tlb-flush', scope: 'range', start, end, local: false });
}

/**
 * Kernel translations are global: they go whatever address space `vma` names.
 * @kernel arch/$SRCARCH/include/asm/tlbflush.h flush_tlb_range
 * @fidelity custom: an event. Emits `tlb-flush`.
 */
export function flush_tlb_range(k: Kernel, _vma: Ptr, start: VirtAddr, end: VirtAddr): void {
  k.trace.emit({ kind: 'tlb-flush', scope: 'range', start, end, local: false });
}

/** @kernel arch/$SRCARCH/include/asm/tlbflush.h flush_tlb_page @fidelity custom: an event. Emits `tlb-flush`. */
export function flush_tlb_page(k: Kernel, _vma: Ptr, addr: VirtAddr): void {
  k.trace.emit({
    kind: 'tlb-flush',
    scope: 'range',
    start: addr,
    end: addr + k.pageSize,
    local: false,
  });
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
