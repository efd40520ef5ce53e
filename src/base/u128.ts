// SPDX-License-Identifier: GPL-2.0-only
import { toBigUnsigned, type U64 } from './u64.ts';

/**
 * Integers of 128 bits, held as those of 64 are (u64.ts): the two's-complement value, a JavaScript number while that is
 * exact, else a bigint. The kernel multiplies with them and shifts the product back; nothing here is made for speed.
 */
export type U128 = number | bigint;

export type Operator128 = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>';

/** The canonical form of an exact integer, taken modulo 2^128. */
export function wide(value: bigint): U128 {
  const signed = BigInt.asIntN(128, value);
  return signed >= -9007199254740991n && signed <= 9007199254740991n ? Number(signed) : signed;
}

/** An `unsigned long` as the number of 128 bits that it is; signed values are that already. */
export function widened(value: U64): U128 {
  return wide(toBigUnsigned(value));
}

export function fromLongs(high: U64, low: U64): U128 {
  return wide((BigInt(high) << 64n) | toBigUnsigned(low));
}

/** Divisors are not 0, and shift counts are below 128: who emits a call has both checked. */
export function compute128(operator: Operator128, left: U128, right: U128, unsigned: boolean): U128 {
  const a = exact(left, unsigned);
  const b = exact(right, unsigned);
  switch (operator) {
    case '+': return wide(a + b);
    case '-': return wide(a - b);
    case '*': return wide(a * b);
    case '/': return wide(a / b);
    case '%': return wide(a % b);
    case '&': return wide(a & b);
    case '|': return wide(a | b);
    case '^': return wide(a ^ b);
    case '<<': return wide(a << b);
    case '>>': return wide(a >> b);
  } // prettier-ignore
}

export function below128(left: U128, right: U128): boolean {
  return exact(left, true) < exact(right, true);
}

function exact(value: U128, unsigned: boolean): bigint {
  return unsigned ? BigInt.asUintN(128, BigInt(value)) : BigInt(value);
}
