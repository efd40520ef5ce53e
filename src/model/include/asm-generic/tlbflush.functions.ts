// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr, VirtAddr } from '../../../base/units.ts';
import type { Kernel } from '../../kernel.ts';

// asm/tlbflush.h of every architecture: what is announced to TLBs, as events.

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
