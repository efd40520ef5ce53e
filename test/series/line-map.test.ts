// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followLine } from '../../src/series/line-map.ts';

const text = (...lines: readonly string[]): string => lines.join('\n');

describe('a line is found again in a later text', () => {
  it.each([
    ['where nothing changed', text('a', 'b', 'c'), text('a', 'b', 'c'), 2, 2],
    ['below lines that came', text('a', 'b', 'c'), text('x', 'y', 'a', 'b', 'c'), 2, 4],
    ['below lines that went', text('a', 'b', 'c', 'd'), text('c', 'd'), 3, 1],
    ['between two changes', text('{', 'a', 'b', 'c', '}'), text('{', 'z', 'z', 'b', 'y', '}'), 3, 4],
    [
      'among equal lines',
      text('f', '{', 'x;', '}', 'g', '{', 'y;', '}'),
      text('n', 'f', '{', 'x;', '}', 'g', '{', 'z;', 'y;', '}'),
      6,
      7,
    ],
    ['not, once it was changed', text('a', 'b', 'c'), text('a', 'B', 'c'), 2, undefined],
    ['not, once it has gone', text('a', 'b', 'c'), text('a', 'c'), 2, undefined],
    ['not, where there never was one', text('a'), text('a'), 9, undefined],
  ])('%s', (_when, before, after, line, expected) => {
    expect(followLine(before, after, line)).toBe(expected);
  });

  it('is always a line of the same text, and the right one where all lines differ', () => {
    const small = fc.array(fc.constantFrom('a', 'b', '{', '}'), { maxLength: 12 });
    fc.assert(
      fc.property(small, small, fc.nat(12), (before, after, index) => {
        const found = followLine(before.join('\n'), after.join('\n'), index + 1);
        if (found !== undefined) expect(after[found - 1] ?? '').toBe(before[index] ?? '');
      }),
    );
    const distinct = fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 20 });
    const removed = fc.array(fc.boolean(), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(distinct, removed, fc.nat(19), (lines, gone, index) => {
        const kept = lines.filter((_line, at) => !gone[at]!);
        const expected = kept.indexOf(lines[index] ?? -1) + 1;
        const found = followLine(lines.join('\n'), kept.join('\n'), index + 1);
        expect(found).toBe(expected === 0 ? undefined : expected);
      }),
    );
  });
});
