// SPDX-License-Identifier: GPL-2.0-only
import {
  and,
  sub,
  toBigUnsigned,
  toUnsigned32,
  highHalf,
  lowHalf,
  shl,
  shr,
  type U64,
} from '../../../base/u64.ts';
import type { Kernel } from '../../kernel.ts';

// include/linux/bitops.h and log2.h. A search for a bit in 0 is undefined in C; here it yields 64.

/** Index of the highest set bit; -1 for 0. */
function highest(value: U64): number {
  const high = highHalf(value);
  return high !== 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(lowHalf(value));
}

/** Index of the lowest set bit; 64 for 0. */
function lowest(value: U64): number {
  const low = lowHalf(value);
  if (low !== 0) return 31 - Math.clz32(low & -low);
  const high = highHalf(value);
  return high === 0 ? 64 : 63 - Math.clz32(high & -high);
}

/** @kernel include/asm-generic/bitops/__ffs.h __ffs @fidelity dup */
export function __ffs(_k: Kernel, word: U64): number {
  return lowest(word);
}

/** @kernel include/linux/bitops.h __ffs64 @fidelity dup */
export function __ffs64(_k: Kernel, x: U64): number {
  return lowest(x);
}

/** @kernel include/asm-generic/bitops/__fls.h __fls @fidelity dup */
export function __fls(_k: Kernel, word: U64): number {
  return highest(word);
}

/** @kernel include/asm-generic/bitops/ffz.h ffz @fidelity dup */
export function ffz(_k: Kernel, word: U64): number {
  return lowest(sub(-1, word));
}

/** @kernel include/asm-generic/bitops/ffs.h ffs @fidelity dup */
export function ffs(_k: Kernel, x: U64): number {
  const low = lowHalf(x);
  return low === 0 ? 0 : lowest(low) + 1;
}

/** @kernel include/asm-generic/bitops/fls.h fls @fidelity dup */
export function fls(_k: Kernel, x: U64): number {
  return 32 - Math.clz32(lowHalf(x));
}

/** @kernel include/asm-generic/bitops/fls64.h fls64 @fidelity dup */
export function fls64(_k: Kernel, x: U64): number {
  return highest(x) + 1;
}

/** @kernel include/linux/bitops.h fls_long @fidelity dup */
export function fls_long(_k: Kernel, x: U64): number {
  return highest(x) + 1;
}

function weight(value: U64): number {
  let count = 0;
  for (let bits = toBigUnsigned(value); bits !== 0n; bits &= bits - 1n) count++;
  return count;
}

/** @kernel include/asm-generic/bitops/const_hweight.h hweight8 @fidelity dup */
export function hweight8(_k: Kernel, w: U64): number {
  return weight(toUnsigned32(w) & 0xff);
}

/** @kernel include/asm-generic/bitops/const_hweight.h hweight16 @fidelity dup */
export function hweight16(_k: Kernel, w: U64): number {
  return weight(toUnsigned32(w) & 0xffff);
}

/** @kernel include/asm-generic/bitops/const_hweight.h hweight32 @fidelity dup */
export function hweight32(_k: Kernel, w: U64): number {
  return weight(toUnsigned32(w));
}

/** @kernel include/asm-generic/bitops/const_hweight.h hweight64 @fidelity dup */
export function hweight64(_k: Kernel, w: U64): number {
  return weight(w);
}

/** @kernel include/linux/bitops.h hweight_long @fidelity dup */
export function hweight_long(_k: Kernel, w: U64): number {
  return weight(w);
}

/** @kernel include/linux/log2.h __ilog2_u64 @fidelity dup */
export function __ilog2_u64(_k: Kernel, n: U64): number {
  return highest(n);
}

/** @kernel include/linux/log2.h __roundup_pow_of_two @fidelity dup */
export function __roundup_pow_of_two(_k: Kernel, n: U64): U64 {
  const bits = highest(sub(n, 1)) + 1;
  return bits > 63 ? 0 : shl(1, bits);
}

/** @kernel include/linux/log2.h __rounddown_pow_of_two @fidelity dup */
export function __rounddown_pow_of_two(_k: Kernel, n: U64): U64 {
  return n === 0 ? 0 : shl(1, highest(n));
}

/** @kernel include/linux/log2.h is_power_of_2 @fidelity dup */
export function is_power_of_2(_k: Kernel, n: U64): number {
  return n !== 0 && and(n, sub(n, 1)) === 0 ? 1 : 0;
}

/**
 * Order of the smallest block of pages that holds `size` bytes.
 * @kernel include/asm-generic/getorder.h get_order
 * @fidelity dup
 */
export function get_order(k: Kernel, size: U64): number {
  const { pageShift } = k.machine;
  return size === 0 ? 64 - pageShift : highest(shr(sub(size, 1), pageShift)) + 1;
}

/** @kernel include/linux/bitops.h get_count_order @fidelity dup */
export function get_count_order(_k: Kernel, count: U64): number {
  const low = toUnsigned32(count);
  return low === 0 ? -1 : highest(low - 1) + 1;
}

/** @kernel include/linux/bitops.h get_count_order_long @fidelity dup */
export function get_count_order_long(_k: Kernel, l: U64): number {
  return l === 0 ? -1 : highest(sub(l, 1)) + 1;
}
