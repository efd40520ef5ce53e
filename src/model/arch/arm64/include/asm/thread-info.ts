// SPDX-License-Identifier: GPL-2.0-only
import type { Kernel } from '../../../../kernel.ts';
import { lazyMmu, setLazyDepth } from '../../../../mm/lazy-mmu-state.ts';
import { partOfState } from '../../../../part-of-state.ts';

// include/linux/thread_info.h: flags of the running task. Since 6.17 two of them are arm64's lazy MMU mode.

/** As the model's asm/pgtable.h has them. */
const TIF_LAZY_MMU = 31;
const TIF_LAZY_MMU_PENDING = 32;

const otherFlags = partOfState(() => new Set<number>());

/** @kernel include/linux/thread_info.h read_thread_flags @fidelity custom: only those of lazy MMU mode are kept in a word */
export function read_thread_flags(k: Kernel): number {
  const { depth, pending } = k.state(lazyMmu);
  return (depth > 0 ? 2 ** TIF_LAZY_MMU : 0) + (pending ? 2 ** TIF_LAZY_MMU_PENDING : 0);
}

/** @kernel include/linux/thread_info.h test_thread_flag @fidelity dup */
export function test_thread_flag(k: Kernel, flag: number): number {
  const { depth, pending } = k.state(lazyMmu);
  if (flag === TIF_LAZY_MMU) return depth > 0 ? 1 : 0;
  if (flag === TIF_LAZY_MMU_PENDING) return pending ? 1 : 0;
  return k.state(otherFlags).has(flag) ? 1 : 0;
}

/** @kernel include/linux/thread_info.h set_thread_flag @fidelity dup Emits `scope`. */
export function set_thread_flag(k: Kernel, flag: number): void {
  const lazy = k.state(lazyMmu);
  if (flag === TIF_LAZY_MMU) setLazyDepth(k, Math.max(lazy.depth, 1));
  else if (flag === TIF_LAZY_MMU_PENDING) lazy.pending = true;
  else k.state(otherFlags).add(flag);
}

/** @kernel include/linux/thread_info.h clear_thread_flag @fidelity dup Emits `scope`. */
export function clear_thread_flag(k: Kernel, flag: number): void {
  if (flag === TIF_LAZY_MMU) setLazyDepth(k, 0);
  else if (flag === TIF_LAZY_MMU_PENDING) k.state(lazyMmu).pending = false;
  else k.state(otherFlags).delete(flag);
}

/** @kernel include/linux/thread_info.h test_and_set_thread_flag newer @fidelity dup Emits `scope`. */
export function test_and_set_thread_flag(k: Kernel, flag: number): number {
  const was = k.test_thread_flag(flag);
  k.set_thread_flag(flag);
  return was;
}

/** @kernel include/linux/thread_info.h test_and_clear_thread_flag newer @fidelity dup Emits `scope`. */
export function test_and_clear_thread_flag(k: Kernel, flag: number): number {
  const was = k.test_thread_flag(flag);
  k.clear_thread_flag(flag);
  return was;
}
