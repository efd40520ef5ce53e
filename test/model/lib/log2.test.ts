// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBig } from '../../../src/base/u64.ts';
import { arm64With4k } from '../../../src/model/machines/arm64-4k.ts';
import { bootKernel } from '../booted-kernel.ts';

const { k } = bootKernel(arm64With4k);
const value = fc
  .tuple(fc.integer({ min: 0, max: 63 }), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }))
  .map(([shift, bits]) => (bits >> BigInt(shift)) | 1n);

test('searches for bits agree with the binary text of a value', () => {
  fc.assert(
    fc.property(value, fc.integer({ min: 0, max: 63 }), (odd, shift) => {
      const bits = BigInt.asUintN(64, odd << BigInt(shift));
      if (bits === 0n) return;
      const text = bits.toString(2);
      const x = fromBig(bits);
      expect(k.__fls(x as number)).toBe(text.length - 1);
      expect(k.fls64(x as number)).toBe(text.length);
      expect(k.__ffs(x as number)).toBe(text.length - 1 - text.lastIndexOf('1'));
      expect(k.hweight64(x as number)).toBe(text.replaceAll('0', '').length);
    }),
  );
});

test.each([
  [0, 52],
  [1, 0],
  [4096, 0],
  [4097, 1],
  [8192, 1],
  [0x200000, 9],
  [0x200001, 10],
])('get_order(%i) is %i', (size, order) => {
  expect(k.get_order(size)).toBe(order);
});
