// SPDX-License-Identifier: GPL-2.0-only
import type { ScopeEvent } from '../../trace/events.ts';
import type { Kernel } from '../kernel.ts';
import { lazyMmu } from './lazy-mmu-state.ts';

const entered: ScopeEvent = { kind: 'scope', scope: 'lazy-mmu', change: 'enter' };
const left: ScopeEvent = { kind: 'scope', scope: 'lazy-mmu', change: 'leave' };

/**
 * Nested sections are allowed: the outermost counts.
 * @kernel include/linux/pgtable.h lazy_mmu_mode_enable newer
 * @fidelity dup
 */
export function lazy_mmu_mode_enable(k: Kernel): void {
  k.arch_enter_lazy_mmu_mode();
}

/** @kernel include/linux/pgtable.h lazy_mmu_mode_disable newer @fidelity dup */
export function lazy_mmu_mode_disable(k: Kernel): void {
  k.arch_leave_lazy_mmu_mode();
}

/** @kernel include/linux/pgtable.h lazy_mmu_mode_pause newer @fidelity dup */
export function lazy_mmu_mode_pause(k: Kernel): void {
  k.arch_leave_lazy_mmu_mode();
}

/** @kernel include/linux/pgtable.h lazy_mmu_mode_resume newer @fidelity dup */
export function lazy_mmu_mode_resume(k: Kernel): void {
  k.arch_enter_lazy_mmu_mode();
}

/**
 * From here on barriers may wait.
 * @kernel include/linux/pgtable.h arch_enter_lazy_mmu_mode
 * @fidelity dup Emits `scope`.
 */
export function arch_enter_lazy_mmu_mode(k: Kernel): void {
  k.state(lazyMmu).depth++;
  k.trace.emit(entered);
}

/** @kernel include/linux/pgtable.h arch_leave_lazy_mmu_mode @fidelity dup Emits `scope`, `barrier`. */
export function arch_leave_lazy_mmu_mode(k: Kernel): void {
  k.arch_flush_lazy_mmu_mode();
  k.state(lazyMmu).depth--;
  k.trace.emit(left);
}
