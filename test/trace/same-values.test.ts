// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../src/trace/events.ts';
import { sameValues } from '../../src/trace/same-values.ts';

const value = fc.oneof(
  fc.integer(),
  fc.bigInt(),
  fc.boolean(),
  fc.constantFrom('ro', '', undefined, Number.NaN),
  fc.array(fc.record({ pfn: fc.integer(), count: fc.integer() }), { maxLength: 2 }),
);
// Events have a prototype; deep equality looks at it as well.
const event = fc.dictionary(fc.constantFrom('kind', 'addr', 'size', 'pages', 'cpu'), value, {
  noNullPrototype: true,
});
const trace = fc.array(event, { maxLength: 4 }) as unknown as fc.Arbitrary<TraceEvent[]>;

describe('sameValues()', () => {
  test('agrees with deep equality', () => {
    fc.assert(
      fc.property(trace, trace, (left, right) => {
        expect(sameValues(left, right)).toBe(isDeepStrictEqual(Array.from(left), Array.from(right)));
      }),
    );
  });

  test('knows a copy, and a copy with one field changed, added or left out', () => {
    fc.assert(
      fc.property(trace, fc.nat(), (events, place) => {
        const copy = structuredClone(events) as unknown as Record<string, unknown>[];
        expect(sameValues(events, copy as unknown as TraceEvent[])).toBe(true);
        if (events.length === 0) return;
        const at = place % events.length;
        const fields = Object.keys(copy[at]!);
        for (const changed of [
          { ...copy[at], other: 1 },
          ...fields.map((field) => ({ ...copy[at], [field]: 'changed' })),
          ...fields.map((field) =>
            Object.fromEntries(Object.entries(copy[at]!).filter(([name]) => name !== field)),
          ),
        ]) {
          expect(sameValues(events, copy.with(at, changed) as unknown as TraceEvent[])).toBe(false);
        }
      }),
    );
  });
});
