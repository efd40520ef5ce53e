// SPDX-License-Identifier: GPL-2.0-only
import type { BarrierEvent } from '../../../../trace/events.ts';
import type { Kernel } from '../../../kernel.ts';
import { lazyMmu } from '../../../mm/lazy-mmu-state.ts';

const dsb: BarrierEvent = { kind: 'barrier', name: 'dsb ishst' };
const isb: BarrierEvent = { kind: 'barrier', name: 'isb' };

/** The walker sees all entries written so far before the CPU goes on. Emits `barrier`. */
export function emitBarriers(k: Kernel): void {
  k.trace.emit(dsb);
  k.trace.emit(isb);
}

/** A valid kernel entry was written: barriers now, or at the end of lazy MMU mode. Emits `barrier`. */
export function publishEntry(k: Kernel): void {
  const lazy = k.state(lazyMmu);
  if (lazy.depth > 0) lazy.pending = true;
  else emitBarriers(k);
}
