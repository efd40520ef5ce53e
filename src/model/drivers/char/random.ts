// SPDX-License-Identifier: GPL-2.0-only
import { fromHalves, type U64 } from '../../../base/u64.ts';
import type { ByteCount, Ptr } from '../../../base/units.ts';
import type { Kernel } from '../../kernel.ts';
import { randomState } from './random-state.ts';

// drivers/char/random.c: a seeded generator, so that every run can be run again.

/** Fills `len` bytes. @kernel include/linux/random.h get_random_bytes @fidelity custom: seeded */
export function get_random_bytes(k: Kernel, buf: Ptr, len: ByteCount): void {
  for (let i = 0; i < len; i++) k.mem.st8(buf + i, k.get_random_u8());
}

/** @kernel include/linux/random.h get_random_u8 @fidelity custom: seeded */
export function get_random_u8(k: Kernel): number {
  return k.get_random_u32() & 0xff;
}

/** @kernel include/linux/random.h get_random_u16 @fidelity custom: seeded */
export function get_random_u16(k: Kernel): number {
  return k.get_random_u32() & 0xffff;
}

/** @kernel include/linux/random.h get_random_u32 @fidelity custom: seeded */
export function get_random_u32(k: Kernel): number {
  return k.state(randomState).prng.next();
}

/** @kernel include/linux/random.h get_random_u64 @fidelity custom: seeded */
export function get_random_u64(k: Kernel): U64 {
  return fromHalves(k.get_random_u32(), k.get_random_u32());
}

/** @kernel include/linux/random.h get_random_u32_below @fidelity custom: seeded @returns in [0, ceil); any for 0 */
export function get_random_u32_below(k: Kernel, ceil: number): number {
  return ceil === 0 ? k.get_random_u32() : k.state(randomState).prng.below(ceil);
}

/** @kernel include/linux/random.h get_random_u32_inclusive @fidelity custom: seeded @returns in [floor, ceil] */
export function get_random_u32_inclusive(k: Kernel, floor: number, ceil: number): number {
  return k.state(randomState).prng.between(floor, ceil);
}
