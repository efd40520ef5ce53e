// SPDX-License-Identifier: GPL-2.0-only
import type { Kernel } from '../kernel.ts';
import { lazyMmu, setLazyDepth } from './lazy-mmu-state.ts';

/**
 * Nested sections are allowed: the outermost counts. Where what the architecture does is C, that may leave it to this
 * function to know how deep they are.
 * @kernel include/linux/pgtable.h lazy_mmu_mode_enable newer
 * @fidelity dup Emits `scope`.
 */
export function lazy_mmu_mode_enable(k: Kernel): void {
  const { depth } = k.state(lazyMmu);
  k.arch_enter_lazy_mmu_mode();
  setLazyDepth(k, depth + 1);
}

/** @kernel include/linux/pgtable.h lazy_mmu_mode_disable newer @fidelity dup Emits `scope`. */
export function lazy_mmu_mode_disable(k: Kernel): void {
  const { depth } = k.state(lazyMmu);
  k.arch_leave_lazy_mmu_mode();
  setLazyDepth(k, depth - 1);
}

/** @kernel include/linux/pgtable.h lazy_mmu_mode_pause newer @fidelity dup Emits `scope`. */
export function lazy_mmu_mode_pause(k: Kernel): void {
  k.lazy_mmu_mode_disable();
}

/** @kernel include/linux/pgtable.h lazy_mmu_mode_resume newer @fidelity dup Emits `scope`. */
export function lazy_mmu_mode_resume(k: Kernel): void {
  k.lazy_mmu_mode_enable();
}

/** @kernel include/linux/sched.h is_lazy_mmu_mode_active newer @fidelity dup */
export function is_lazy_mmu_mode_active(k: Kernel): number {
  return k.state(lazyMmu).depth > 0 && k.in_interrupt() === 0 ? 1 : 0;
}

/**
 * From here on barriers may wait.
 * @kernel include/linux/pgtable.h arch_enter_lazy_mmu_mode
 * @fidelity dup Emits `scope`.
 */
export function arch_enter_lazy_mmu_mode(k: Kernel): void {
  setLazyDepth(k, k.state(lazyMmu).depth + 1);
}

/** @kernel include/linux/pgtable.h arch_leave_lazy_mmu_mode @fidelity dup Emits `scope`, `barrier`. */
export function arch_leave_lazy_mmu_mode(k: Kernel): void {
  k.arch_flush_lazy_mmu_mode();
  setLazyDepth(k, k.state(lazyMmu).depth - 1);
}
