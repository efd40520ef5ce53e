// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsOfDescriptor, descriptorFromBits, descriptorFromHalves } from '../../src/base/descriptor.ts';
import * as u64 from '../../src/base/u64.ts';

const edge = fc.constantFrom(
  0n,
  1n,
  -1n,
  4096n,
  -4096n,
  2n ** 53n,
  -(2n ** 53n),
  2n ** 53n - 1n,
  -(2n ** 53n) + 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  -(2n ** 47n),
  2n ** 32n,
  -(2n ** 32n),
  2n ** 31n,
  0x8000_0000_0000_0fffn,
);
const anyU64 = fc
  .oneof(edge, fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.bigInt(-(2n ** 40n), 2n ** 40n))
  .map(u64.fromBig);
const shift = fc.integer({ min: 0, max: 63 });
const same = (actual: u64.U64, exact: bigint): void => {
  expect(actual).toBe(u64.fromBig(exact));
  expect(Object.is(actual, -0)).toBe(false);
};
const unsigned = (value: u64.U64): bigint => BigInt.asUintN(64, BigInt(value));

describe('U64 agrees with bigint arithmetic modulo 2^64', () => {
  it('binary operations', () => {
    fc.assert(
      fc.property(anyU64, anyU64, (a, b) => {
        const [x, y] = [BigInt(a), BigInt(b)];
        same(u64.add(a, b), x + y);
        same(u64.sub(a, b), x - y);
        same(u64.mul(a, b), x * y);
        same(u64.and(a, b), x & y);
        same(u64.or(a, b), x | y);
        same(u64.xor(a, b), x ^ y);
        expect(u64.ult(a, b)).toBe(unsigned(a) < unsigned(b));
        expect(u64.ule(a, b)).toBe(unsigned(a) <= unsigned(b));
        if (y === 0n) return;
        same(u64.udiv(a, b), unsigned(a) / unsigned(b));
        same(u64.umod(a, b), unsigned(a) % unsigned(b));
        same(u64.sdiv(a, b), x / y);
        same(u64.smod(a, b), x % y);
      }),
      { numRuns: 5000 },
    );
  });

  it('shifts, complement and halves', () => {
    fc.assert(
      fc.property(anyU64, shift, (a, bits) => {
        const x = BigInt(a);
        same(u64.shl(a, bits), x << BigInt(bits));
        same(u64.shr(a, bits), unsigned(a) >> BigInt(bits));
        same(u64.sar(a, bits), x >> BigInt(bits));
        same(u64.not(a), ~x);
        same(u64.neg(a), -x);
        same(u64.fromHalves(u64.highHalf(a), u64.lowHalf(a)), x);
      }),
      { numRuns: 5000 },
    );
  });

  it('descriptors survive the rotation', () => {
    fc.assert(
      fc.property(anyU64, (bits) => {
        const descriptor = descriptorFromBits(bits);
        expect(bitsOfDescriptor(descriptor)).toBe(bits);
        expect(descriptorFromHalves(u64.highHalf(bits), u64.lowHalf(bits))).toBe(descriptor);
      }),
    );
  });
});
