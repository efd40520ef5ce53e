// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, VirtAddr } from '../../../../../base/units.ts';
import type { Kernel } from '../../../../kernel.ts';

/**
 * Entries of [start, end) that map `stride` bytes each.
 * @kernel arch/arm64/include/asm/tlbflush.h __flush_tlb_range
 * @fidelity custom: an event. Emits `tlb-flush`.
 */
export function __flush_tlb_range(
  k: Kernel,
  _vma: Ptr,
  start: VirtAddr,
  end: VirtAddr,
  _stride: ByteCount,
  _last_level: number,
  _tlb_level: number,
): void {
  k.trace.emit({ kind: 'tlb-flush', scope: 'range', start, end, local: false });
}

/**
 * What walkers cache on the way to one address.
 * @kernel arch/arm64/include/asm/tlbflush.h __flush_tlb_kernel_pgtable
 * @fidelity custom: an event. Emits `tlb-flush`.
 */
export function __flush_tlb_kernel_pgtable(k: Kernel, kaddr: VirtAddr): void {
  const end = kaddr + k.pageSize;
  k.trace.emit({ kind: 'tlb-flush', scope: 'range', start: kaddr, end, local: false });
}
