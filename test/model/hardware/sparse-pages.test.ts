// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SPARSE_PAGE_BYTES, SparsePages } from '../../../src/model/hardware/sparse-pages.ts';
import { arm64With4k } from '../../../src/model/machines/arm64-4k.ts';

const PAGES = 8;
const { vmemmapStart, ramStart } = arm64With4k.addresses;
const START = vmemmapStart + ramStart * 64;

type Step =
  | { readonly kind: 'store'; readonly page: number; readonly word: number; readonly value: number }
  | { readonly kind: 'look'; readonly page: number }
  | { readonly kind: 'fill'; readonly first: number; readonly count: number; readonly value: number };

const page = fc.nat(PAGES - 1);
const anyWord = fc.integer();
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('store' as const), page, word: fc.nat(15), value: anyWord }),
  fc.record({ kind: fc.constant('look' as const), page }),
  fc.record({ kind: fc.constant('fill' as const), first: page, count: fc.nat(PAGES), value: anyWord }),
);

/** Every fourth word, so that a filling leaves others as they are. */
function writeSome(words: Int32Array, value: number): void {
  for (let at = 1; at < words.length; at += 4) words[at] = value;
}

function check(steps: readonly Step[]): void {
  const sparse = new SparsePages(arm64With4k);
  const plain = Array.from({ length: PAGES }, () => new Int32Array(SPARSE_PAGE_BYTES / 4));
  const addressOf = (number: number): number => START + number * SPARSE_PAGE_BYTES;
  for (const each of steps) {
    if (each.kind === 'store') {
      sparse.wordsAt(addressOf(each.page))[each.word] = each.value;
      plain[each.page]![each.word] = each.value;
    } else if (each.kind === 'look') {
      expect(sparse.wordsAt(addressOf(each.page))).toEqual(plain[each.page]);
    } else {
      const end = Math.min(PAGES, each.first + each.count);
      sparse.fill(addressOf(each.first), addressOf(end), (words) => writeSome(words, each.value));
      for (const words of plain.slice(each.first, end)) writeSome(words, each.value);
    }
  }
  plain.forEach((words, number) => expect(sparse.wordsAt(addressOf(number))).toEqual(words));
  sparse.reset();
  plain.forEach((_, number) =>
    expect(sparse.wordsAt(addressOf(number)).every((word) => word === 0)).toBe(true),
  );
}

test('a filling is as if each page had been written at once', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), check));
});
