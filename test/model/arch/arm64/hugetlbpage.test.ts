// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, test } from 'vitest';
import { attributesOf, type Descriptor } from '../../../../src/base/descriptor.ts';
import type { Kernel } from '../../../../src/model/kernel.ts';
import { arm64With4k } from '../../../../src/model/machines/arm64-4k.ts';
import { attributeBits } from '../../../../src/model/machines/attribute-bits.ts';
import { pageKernel } from '../../../../src/model/mm/page-kernel.ts';
import { bootKernel } from '../../booted-kernel.ts';

const CONT = attributeBits(52);
const addr = Math.ceil(arm64With4k.addresses.vmallocStart / 2 ** 30) * 2 ** 30;
const pfn = 0x80000;

/** Makes the tables down to the level that a size lives at; the entry for `addr` in it. */
function entryOf(k: Kernel, size: number): number {
  const init_mm = k.globals['init_mm']!;
  const pud = k.pud_alloc(init_mm, k.p4d_offset(k.pgd_offset_k(addr), addr), addr);
  if (size === 2 ** 30) return pud;
  const pmd = k.pmd_alloc(init_mm, pud, addr);
  return size >= 2 ** 21 ? pmd : k.pte_alloc_kernel(pmd, addr);
}

function setHuge(k: Kernel, size: number, prot: Descriptor): number {
  const entry = entryOf(k, size);
  const huge = k.arch_make_huge_pte(k.pfn_pte(pfn, prot), Math.log2(size), 0);
  k.set_huge_pte_at(k.globals['init_mm']!, addr, entry, huge, size);
  return entry;
}

const sizes = [
  { name: 'CONT_PTE', size: 2 ** 16, entries: 16, level: 'pte', isRun: true },
  { name: 'PMD', size: 2 ** 21, entries: 1, level: 'pmd', isRun: false },
  { name: 'CONT_PMD', size: 2 ** 25, entries: 16, level: 'pmd', isRun: true },
  { name: 'PUD', size: 2 ** 30, entries: 1, level: 'pud', isRun: false },
] as const;

describe.each(sizes)('a huge page of $name size', ({ size, entries, level, isRun }) => {
  test('is written whole, at its level, and maps all its bytes', () => {
    const { k, events } = bootKernel(arm64With4k);
    const at = setHuge(k, size, pageKernel(k));
    const written = events.filter(
      (event) => event.kind === 'table-write' && event.addr !== undefined && event.level === level,
    );
    const leaves = written.slice(-entries);
    expect(leaves.map((event) => event.kind === 'table-write' && event.addr)).toEqual(
      [...Array(entries).keys()].map((i) => addr + (i * size) / entries),
    );
    expect(k.mem.translate(addr + size - 1, 'write')).toBe(pfn * 4096 + size - 1);
    expect((attributesOf(k.mem.ldDescriptor(at)) & CONT) !== 0).toBe(isRun);
    expect(events.some((event) => event.kind === 'tlb-flush')).toBe(false);
  });

  test('is cleared whole, and the access bits of all entries come back', () => {
    const { k } = bootKernel(arm64With4k);
    const at = setHuge(k, size, k.pte_mkold(k.pte_mkclean(pageKernel(k))));
    const last = at + (entries - 1) * 8;
    k.mem.stDescriptor(last, k.pte_mkyoung(k.mem.ldDescriptor(last)));
    const before = k.huge_ptep_get_and_clear(k.globals['init_mm']!, addr, at, size);
    expect(k.pte_young(before)).toBe(1);
    expect(k.pte_pfn(before)).toBe(pfn);
    expect([...Array(entries).keys()].map((i) => k.mem.ldDescriptor(at + i * 8))).toEqual(
      Array(entries).fill(0),
    );
  });
});

describe('set_huge_pte_at()', () => {
  test('over a valid run clears all of it and flushes before it writes', () => {
    const { k, events } = bootKernel(arm64With4k);
    setHuge(k, 2 ** 16, pageKernel(k));
    events.length = 0;
    setHuge(k, 2 ** 16, k.pte_wrprotect(pageKernel(k)));
    const order = events
      .filter((event) => event.kind === 'table-write' || event.kind === 'tlb-flush')
      .map((event) => (event.kind === 'tlb-flush' ? 'flush' : event.after === 0 ? 'clear' : 'set'));
    expect(order).toEqual([...Array(16).fill('clear'), 'flush', ...Array(16).fill('set')]);
    expect(events.find((event) => event.kind === 'tlb-flush')).toMatchObject({
      start: addr,
      end: addr + 2 ** 16,
    });
  });

  test('warns of a size that is none', () => {
    const { k, events } = bootKernel(arm64With4k);
    const entry = entryOf(k, 4096);
    k.set_huge_pte_at(k.globals['init_mm']!, addr, entry, k.pfn_pte(pfn, pageKernel(k)), 2 ** 17);
    expect(events.filter((event) => event.kind === 'warn')).toHaveLength(1);
  });
});
