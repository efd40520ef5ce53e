// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, test } from 'vitest';
import { arm64With4k } from '../../../src/model/machines/arm64-4k.ts';
import { allocationLimit } from '../../../src/model/mm/allocation-limit.ts';
import { __GFP_COMP } from '../../../src/model/mm/gfp-bits.ts';
import { reservePages } from '../../../src/model/mm/page-supply.ts';
import { bootKernel } from '../booted-kernel.ts';

describe('alloc_pages()', () => {
  test('gives blocks that are aligned to their size and overlap nothing', () => {
    const { k } = bootKernel(arm64With4k);
    const taken = new Set<number>();
    for (const order of [0, 3, 0, 9, 4, 10, 0]) {
      const pfn = k.page_to_pfn(k.alloc_pages(0, order));
      expect(pfn % 2 ** order).toBe(0);
      for (let i = 0; i < 2 ** order; i++) {
        expect(taken.has(pfn + i)).toBe(false);
        taken.add(pfn + i);
      }
    }
  });

  test('keeps away from what a scenario reserved', () => {
    const { k } = bootKernel(arm64With4k);
    const first = k.page_to_pfn(k.alloc_pages(0, 0));
    expect(reservePages(k, first + 2, 3)).toBe(true);
    expect(reservePages(k, first + 4, 3)).toBe(false);
    const next = [0, 0, 1].map((order) => k.page_to_pfn(k.alloc_pages(0, order)) - first);
    // Single pages are never neighbours by accident, so 1 and 6 stay free; blocks are aligned.
    expect(next).toEqual([5, 7, 10]);
  });

  test('makes compound pages on request only', () => {
    const { k } = bootKernel(arm64With4k);
    const compound = k.alloc_pages(__GFP_COMP, 4);
    const plain = k.alloc_pages(0, 4);
    expect(k.compound_order(compound)).toBe(4);
    expect(k.compound_head(compound + 5 * 64)).toBe(compound);
    expect(k.PageCompound(compound + 5 * 64)).toBe(1);
    expect(k.PageCompound(plain)).toBe(0);
    k.split_page(plain, 4);
    expect(k.page_count(plain + 15 * 64)).toBe(1);
  });

  test('fails when its time has come', () => {
    const { k } = bootKernel(arm64With4k);
    k.state(allocationLimit).remaining = 1;
    expect(k.alloc_pages(0, 0)).not.toBe(0);
    expect(k.alloc_pages(0, 0)).toBe(0);
  });
});

describe('__free_pages()', () => {
  test('reports a page that nobody holds', () => {
    const { k, events } = bootKernel(arm64With4k);
    const page = k.alloc_pages(0, 0);
    k.__free_pages(page, 0);
    expect(events.at(-1)).toMatchObject({ kind: 'page', change: 'free' });
    k.__free_pages(page, 0);
    expect(events.at(-1)).toMatchObject({ kind: 'warn' });
  });
});
