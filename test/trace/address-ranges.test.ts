// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AddressRanges } from '../../src/trace/address-ranges.ts';

const SIZE = 24;
const step = fc.record({ add: fc.boolean(), start: fc.nat(SIZE), length: fc.nat(8) });

it('agrees with a set of single addresses', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), step, (steps, probe) => {
      const ranges = new AddressRanges();
      const flat = new Set<number>();
      for (const { add, start, length } of steps) {
        const end = start + length;
        if (add) ranges.add(start, end);
        else ranges.remove(start, end);
        for (let addr = start; addr < end; addr++) (add ? flat.add.bind(flat) : flat.delete.bind(flat))(addr);
      }
      const seen = [...ranges].flatMap(({ start, end }) =>
        Array.from({ length: end - start }, (_, i) => start + i),
      );
      expect(seen).toEqual([...flat].toSorted((a, b) => a - b));
      const { start, length } = probe;
      const inside = Array.from({ length }, (_, i) => start + i);
      expect(ranges.firstGap(start, start + length)?.start).toBe(inside.find((addr) => !flat.has(addr)));
      expect(ranges.firstOverlap(start, start + length) !== undefined).toBe(
        inside.some((addr) => flat.has(addr)),
      );
    }),
  );
});
