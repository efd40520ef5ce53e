// SPDX-License-Identifier: GPL-2.0-only

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines } from '../../src/series/line-diff.ts';

test('a line added, a line removed, a line changed', () => {
  expect(diffLines(['a', 'b', 'c'], ['a', 'x', 'c', 'd'])).toEqual([
    { kind: 'same', text: 'a' },
    { kind: 'removed', text: 'b' },
    { kind: 'added', text: 'x' },
    { kind: 'same', text: 'c' },
    { kind: 'added', text: 'd' },
  ]);
});

test('both texts can be read off a difference, and what is common is longest', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });
  const longest = (left: readonly string[], right: readonly string[]): number => {
    const [one, other] = [left[0], right[0]];
    if (one === undefined || other === undefined) return 0;
    if (one === other) return 1 + longest(left.slice(1), right.slice(1));
    return Math.max(longest(left.slice(1), right), longest(left, right.slice(1)));
  };
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after);
      const without = (kind: string): string[] =>
        lines.filter((line) => line.kind !== kind).map((line) => line.text);
      expect(without('added')).toEqual(before);
      expect(without('removed')).toEqual(after);
      expect(lines.filter(({ kind }) => kind === 'same')).toHaveLength(longest(before, after));
    }),
    { numRuns: 60 },
  );
});

test('texts too long to compare line by line keep what they begin and end with', () => {
  const long = (mark: string): string[] => [
    'first',
    ...Array.from({ length: 3000 }, (_, at) => `${mark}${at}`),
    'last',
  ];
  const lines = diffLines(long('a'), long('b'));
  expect(lines.filter(({ kind }) => kind === 'same').map((line) => line.text)).toEqual(['first', 'last']);
});
