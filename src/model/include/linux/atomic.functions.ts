// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../../base/units.ts';
import type { Kernel } from '../../kernel.ts';

// include/linux/atomic.h, 32 bits: one CPU runs at a time, so plain reads and writes are atomic.

function change(k: Kernel, v: Ptr, by: number): number {
  const value = (k.mem.lds32(v) + by) | 0;
  k.mem.st32(v, value);
  return value;
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_read @fidelity dup */
export function atomic_read(k: Kernel, v: Ptr): number {
  return k.mem.lds32(v);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_set @fidelity dup */
export function atomic_set(k: Kernel, v: Ptr, i: number): void {
  k.mem.st32(v, i);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_add @fidelity dup */
export function atomic_add(k: Kernel, i: number, v: Ptr): void {
  change(k, v, i);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_sub @fidelity dup */
export function atomic_sub(k: Kernel, i: number, v: Ptr): void {
  change(k, v, -i);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_inc @fidelity dup */
export function atomic_inc(k: Kernel, v: Ptr): void {
  change(k, v, 1);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_dec @fidelity dup */
export function atomic_dec(k: Kernel, v: Ptr): void {
  change(k, v, -1);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_add_return @fidelity dup */
export function atomic_add_return(k: Kernel, i: number, v: Ptr): number {
  return change(k, v, i);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_sub_return @fidelity dup */
export function atomic_sub_return(k: Kernel, i: number, v: Ptr): number {
  return change(k, v, -i);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_inc_return @fidelity dup */
export function atomic_inc_return(k: Kernel, v: Ptr): number {
  return change(k, v, 1);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_dec_return @fidelity dup */
export function atomic_dec_return(k: Kernel, v: Ptr): number {
  return change(k, v, -1);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_dec_and_test @fidelity dup */
export function atomic_dec_and_test(k: Kernel, v: Ptr): number {
  return change(k, v, -1) === 0 ? 1 : 0;
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_sub_and_test @fidelity dup */
export function atomic_sub_and_test(k: Kernel, i: number, v: Ptr): number {
  return change(k, v, -i) === 0 ? 1 : 0;
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_inc_not_zero @fidelity dup */
export function atomic_inc_not_zero(k: Kernel, v: Ptr): number {
  if (k.mem.lds32(v) === 0) return 0;
  change(k, v, 1);
  return 1;
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_xchg @fidelity dup */
export function atomic_xchg(k: Kernel, v: Ptr, i: number): number {
  const before = k.mem.lds32(v);
  k.mem.st32(v, i);
  return before;
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_cmpxchg @fidelity dup */
export function atomic_cmpxchg(k: Kernel, v: Ptr, old: number, replacement: number): number {
  const before = k.mem.lds32(v);
  if (before === old) k.mem.st32(v, replacement);
  return before;
}
