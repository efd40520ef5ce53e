// SPDX-License-Identifier: GPL-2.0-only

/**
 * Exact 64-bit integers. A `U64` stands for 64 bits by their two's-complement value: a JavaScript number while
 * that value lies within ±(2^53 - 1), else a bigint; never one where the other is due. Kernel addresses
 * (0xffff800000000000 is -2^47) and masks (~0xfff is -4096) are plain numbers that way, and nothing is rounded.
 * The same value serves `long` and `unsigned long`; operations whose result depends on signedness come in two.
 * Numbers of 32 bits and less, signed or not, are `U64`s as they are: C's widening costs nothing.
 */
export type U64 = number | bigint;

const TWO_32 = 4294967296;

/** 2^0 … 2^64. JavaScript's `**` takes as long as some dozens of additions. */
const POWERS = Float64Array.from({ length: 65 }, (_, bits) => 2 ** bits);

/** The canonical form of an exact integer, taken modulo 2^64. */
export function fromBig(value: bigint): U64 {
  const signed = BigInt.asIntN(64, value);
  return signed >= -9007199254740991n && signed <= 9007199254740991n ? Number(signed) : signed;
}

/** The value as an unsigned bigint in [0, 2^64). */
export function toBigUnsigned(value: U64): bigint {
  return BigInt.asUintN(64, BigInt(value));
}

/** The 64 bits from two 32-bit halves; `high` and `low` may be signed or unsigned. */
export function fromHalves(high: number, low: number): U64 {
  const signedHigh = high | 0;
  if (signedHigh >= -2097152 && signedHigh < 2097152) {
    const value = signedHigh * TWO_32 + (low >>> 0);
    if (value !== -9007199254740992) return value;
  }
  return (BigInt(signedHigh) << 32n) | BigInt(low >>> 0);
}

/** Bits 63..32 as a signed 32-bit number. */
export function highHalf(value: U64): number {
  return typeof value === 'number' ? Math.floor(value / TWO_32) | 0 : Number(BigInt.asIntN(32, value >> 32n));
}

/** Bits 31..0 as a signed 32-bit number: C's conversion to `int`. */
export function lowHalf(value: U64): number {
  return typeof value === 'number' ? value | 0 : Number(BigInt.asIntN(32, value));
}

/** C's conversion to `unsigned int`. */
export function toUnsigned32(value: U64): number {
  return lowHalf(value) >>> 0;
}

export function add(a: U64, b: U64): U64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= 9007199254740991 && sum >= -9007199254740991) return sum;
  }
  return fromBig(BigInt(a) + BigInt(b));
}

export function sub(a: U64, b: U64): U64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (difference <= 9007199254740991 && difference >= -9007199254740991) return difference;
  }
  return fromBig(BigInt(a) - BigInt(b));
}

export function neg(a: U64): U64 {
  return sub(0, a);
}

export function mul(a: U64, b: U64): U64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (product <= 9007199254740991 && product >= -9007199254740991) return product + 0;
  }
  return fromBig(BigInt(a) * BigInt(b));
}

export function and(a: U64, b: U64): U64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const low = (a & b) >>> 0;
    const high = Math.floor(a / TWO_32) & Math.floor(b / TWO_32);
    if (high >= -2097152 && high < 2097152) {
      const value = high * TWO_32 + low;
      if (value !== -9007199254740992) return value;
    }
  }
  return fromBig(BigInt(a) & BigInt(b));
}

export function or(a: U64, b: U64): U64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const low = (a | b) >>> 0;
    const high = Math.floor(a / TWO_32) | Math.floor(b / TWO_32);
    return high * TWO_32 + low;
  }
  return fromBig(BigInt(a) | BigInt(b));
}

export function xor(a: U64, b: U64): U64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const low = (a ^ b) >>> 0;
    const high = Math.floor(a / TWO_32) ^ Math.floor(b / TWO_32);
    const value = high * TWO_32 + low;
    if (value !== -9007199254740992) return value;
  }
  return fromBig(BigInt(a) ^ BigInt(b));
}

export function not(a: U64): U64 {
  return sub(-1, a);
}

/** `value << bits` for 0 <= bits < 64. */
export function shl(value: U64, bits: number): U64 {
  if (typeof value === 'number') {
    const shifted = value * POWERS[bits]!;
    if (shifted <= 9007199254740991 && shifted >= -9007199254740991) return shifted;
  }
  return fromBig(BigInt(value) << BigInt(bits));
}

/** Logical shift right, of `unsigned long`, for 0 <= bits < 64. */
export function shr(value: U64, bits: number): U64 {
  if (typeof value === 'number' && (value >= 0 || bits === 0)) return Math.floor(value / POWERS[bits]!);
  return shrNegative(value, bits);
}

function shrNegative(value: U64, bits: number): U64 {
  if (typeof value === 'number' && bits >= 12) {
    // 2^64 + value, shifted: both terms are exact below 2^53 once 12 or more bits are dropped.
    const shifted = POWERS[64 - bits]! + Math.floor(value / POWERS[bits]!);
    if (shifted <= 9007199254740991) return shifted;
  }
  return fromBig(toBigUnsigned(value) >> BigInt(bits));
}

/** Arithmetic shift right, of `long`, for 0 <= bits < 64. */
export function sar(value: U64, bits: number): U64 {
  if (typeof value === 'number') return Math.floor(value / POWERS[bits]!);
  return fromBig(value >> BigInt(bits));
}

/** Unsigned `a < b`. Signed comparison is JavaScript's own. */
export function ult(a: U64, b: U64): boolean {
  return a < 0 === b < 0 ? a < b : b < 0;
}

/** Unsigned `a <= b`. */
export function ule(a: U64, b: U64): boolean {
  return a < 0 === b < 0 ? a <= b : b < 0;
}

/** Unsigned division; the divisor is not zero. */
export function udiv(a: U64, b: U64): U64 {
  if (typeof a === 'number' && typeof b === 'number' && a >= 0 && b > 0) return Math.floor(a / b);
  return fromBig(toBigUnsigned(a) / toBigUnsigned(b));
}

/** Unsigned remainder; the divisor is not zero. */
export function umod(a: U64, b: U64): U64 {
  if (typeof a === 'number' && typeof b === 'number' && a >= 0 && b > 0) return a % b;
  return fromBig(toBigUnsigned(a) % toBigUnsigned(b));
}

/** Signed division, truncating as C does; the divisor is not zero. */
export function sdiv(a: U64, b: U64): U64 {
  return fromBig(BigInt(a) / BigInt(b));
}

/** Signed remainder, with the sign of the dividend as in C; the divisor is not zero. */
export function smod(a: U64, b: U64): U64 {
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0;
  return fromBig(BigInt(a) % BigInt(b));
}

/** `0xffff800000000000`: the unsigned hexadecimal form that kernel people read. */
export function hex(value: U64): string {
  if (typeof value === 'number' && value >= 0) return `0x${value.toString(16)}`;
  return `0x${toBigUnsigned(value).toString(16)}`;
}
