// SPDX-License-Identifier: GPL-2.0-only

/**
 * The attribute mask (as `attributesOf()` yields it) of hardware bits, each within 0..11 or 50..63: those are the
 * bits where architectures keep attributes.
 */
export function attributeBits(...hardwareBits: readonly number[]): number {
  return hardwareBits.reduce((mask, bit) => mask | (bit <= 11 ? 1 << (bit + 14) : 1 << (bit - 50)), 0);
}
