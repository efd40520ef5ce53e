// SPDX-License-Identifier: GPL-2.0-only
import type { VirtAddr } from '../../../../../base/units.ts';
import { executionContext } from '../../../../kernel/interrupt-state.ts';
import type { Kernel } from '../../../../kernel.ts';

// arch/x86/mm/tlb.c: one CPU drops translations from its own TLB. What every CPU is made to do goes for all TLBs.

const isLocal = (k: Kernel): boolean => !k.state(executionContext).onEveryCpu;

/** @kernel arch/x86/mm/tlb.c flush_tlb_one_kernel @fidelity custom: an event. Emits `tlb-flush`. */
export function flush_tlb_one_kernel(k: Kernel, addr: VirtAddr): void {
  const end = addr + k.pageSize;
  k.trace.emit({ kind: 'tlb-flush', scope: 'range', start: addr, end, local: isLocal(k) });
}

/** @kernel arch/x86/mm/tlb.c __flush_tlb_all @fidelity custom: an event. Emits `tlb-flush`. */
export function __flush_tlb_all(k: Kernel): void {
  k.trace.emit({ kind: 'tlb-flush', scope: 'all', start: 0, end: 0, local: isLocal(k) });
}
