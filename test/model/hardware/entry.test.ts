// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attributesOf, bitsOfDescriptor, descriptorFromBits } from '../../../src/base/descriptor.ts';
import { fromBig, toBigUnsigned } from '../../../src/base/u64.ts';
import {
  entryFor,
  frameOf,
  protectionOf,
  withAttributes,
  withoutAttributes,
} from '../../../src/model/hardware/entry.ts';
import { attributeBits } from '../../../src/model/machines/attribute-bits.ts';
import { arm64With4k } from '../../../src/model/machines/arm64-4k.ts';

const bits = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const attributeBit = fc.oneof(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 50, max: 63 }));
const entry = (value: bigint) => descriptorFromBits(fromBig(value));
const hardware = (value: ReturnType<typeof entry>) => toBigUnsigned(bitsOfDescriptor(value));

describe('attributes of an entry', () => {
  test('set and clear hardware bits and leave the others', () => {
    fc.assert(
      fc.property(bits, attributeBit, (value, bit) => {
        const mask = 1n << BigInt(bit);
        expect(hardware(withAttributes(entry(value), attributeBits(bit)))).toBe(value | mask);
        expect(hardware(withoutAttributes(entry(value), attributeBits(bit)))).toBe(value & ~mask);
        expect((attributesOf(entry(value)) & attributeBits(bit)) !== 0).toBe((value & mask) !== 0n);
      }),
    );
  });
});

describe('frames', () => {
  const address = 0x0003_ffff_ffff_f000n;

  test('come out of an entry as they went in, below and above what a number holds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 38 - 1 }), bits, (pfn, value) => {
        const prot = entry(value & ~address);
        const made = entryFor(arm64With4k, pfn, prot);
        expect(hardware(made)).toBe((BigInt(pfn) << 12n) | (value & ~address));
        expect(frameOf(arm64With4k, made)).toBe(pfn);
        expect(protectionOf(arm64With4k, made)).toBe(prot);
      }),
    );
  });
});
