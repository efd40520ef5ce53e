// SPDX-License-Identifier: GPL-2.0-only
import { fromBig, toBigUnsigned, type U64 } from '../../../base/u64.ts';
import type { Kernel } from '../../kernel.ts';

const SIZE_MAX = (1n << 64n) - 1n;

/** a * b, or SIZE_MAX where that is too large. @kernel include/linux/overflow.h size_mul @fidelity dup */
export function size_mul(_k: Kernel, a: U64, b: U64): U64 {
  return saturated(toBigUnsigned(a) * toBigUnsigned(b));
}

/** a + b, or SIZE_MAX where that is too large. @kernel include/linux/overflow.h size_add @fidelity dup */
export function size_add(_k: Kernel, a: U64, b: U64): U64 {
  return saturated(toBigUnsigned(a) + toBigUnsigned(b));
}

function saturated(size: bigint): U64 {
  return fromBig(size > SIZE_MAX ? SIZE_MAX : size);
}
