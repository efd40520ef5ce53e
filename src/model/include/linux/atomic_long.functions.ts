// SPDX-License-Identifier: GPL-2.0-only
import { add, neg, type U64 } from '../../../base/u64.ts';
import type { Ptr } from '../../../base/units.ts';
import type { Kernel } from '../../kernel.ts';

// include/linux/atomic.h, atomic_long_long_t, which has 64 bits: one CPU runs at a time, so plain reads and writes are atomic.

function change(k: Kernel, v: Ptr, by: U64): U64 {
  const value = add(k.mem.ld64(v), by);
  k.mem.st64(v, value);
  return value;
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_long_read @fidelity dup */
export function atomic_long_read(k: Kernel, v: Ptr): U64 {
  return k.mem.ld64(v);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_long_set @fidelity dup */
export function atomic_long_set(k: Kernel, v: Ptr, i: U64): void {
  k.mem.st64(v, i);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_long_add @fidelity dup */
export function atomic_long_add(k: Kernel, i: U64, v: Ptr): void {
  change(k, v, i);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_long_sub @fidelity dup */
export function atomic_long_sub(k: Kernel, i: U64, v: Ptr): void {
  change(k, v, neg(i));
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_long_inc @fidelity dup */
export function atomic_long_inc(k: Kernel, v: Ptr): void {
  change(k, v, 1);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_long_dec @fidelity dup */
export function atomic_long_dec(k: Kernel, v: Ptr): void {
  change(k, v, -1);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_long_add_return @fidelity dup */
export function atomic_long_add_return(k: Kernel, i: U64, v: Ptr): U64 {
  return change(k, v, i);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_long_sub_return @fidelity dup */
export function atomic_long_sub_return(k: Kernel, i: U64, v: Ptr): U64 {
  return change(k, v, neg(i));
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_long_inc_return @fidelity dup */
export function atomic_long_inc_return(k: Kernel, v: Ptr): U64 {
  return change(k, v, 1);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_long_dec_return @fidelity dup */
export function atomic_long_dec_return(k: Kernel, v: Ptr): U64 {
  return change(k, v, -1);
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_long_dec_and_test @fidelity dup */
export function atomic_long_dec_and_test(k: Kernel, v: Ptr): number {
  return change(k, v, -1) === 0 ? 1 : 0;
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_long_sub_and_test @fidelity dup */
export function atomic_long_sub_and_test(k: Kernel, i: U64, v: Ptr): number {
  return change(k, v, neg(i)) === 0 ? 1 : 0;
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_long_inc_not_zero @fidelity dup */
export function atomic_long_inc_not_zero(k: Kernel, v: Ptr): number {
  if (k.mem.ld64(v) === 0) return 0;
  change(k, v, 1);
  return 1;
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_long_xchg @fidelity dup */
export function atomic_long_xchg(k: Kernel, v: Ptr, i: U64): U64 {
  const before = k.mem.ld64(v);
  k.mem.st64(v, i);
  return before;
}

/** @kernel include/linux/atomic/atomic-instrumented.h atomic_long_cmpxchg @fidelity dup */
export function atomic_long_cmpxchg(k: Kernel, v: Ptr, old: U64, replacement: U64): U64 {
  const before = k.mem.ld64(v);
  if (before === old) k.mem.st64(v, replacement);
  return before;
}
