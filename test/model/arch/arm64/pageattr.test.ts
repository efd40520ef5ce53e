// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, test } from 'vitest';
import type { Kernel } from '../../../../src/model/kernel.ts';
import { arm64With4k, arm64With4kBbml2 } from '../../../../src/model/machines/arm64-4k.ts';
import { pageKernel } from '../../../../src/model/mm/page-kernel.ts';
import { reservePages } from '../../../../src/model/mm/page-supply.ts';
import { bootKernel, pageArray } from '../../booted-kernel.ts';

const EINVAL = 22;
const VM_MAP = 4;
const entryAt = (k: Kernel, addr: number) => k.ptep_get(k.virt_to_kpte(addr));

describe('set_memory_ro()', () => {
  test('changes exactly its pages of a vmalloc() area and flushes them', () => {
    const { k, events } = bootKernel(arm64With4k);
    const addr = k.vmalloc(4 * 4096);
    events.length = 0;
    expect(k.set_memory_ro(addr + 4096, 2)).toBe(0);
    const writable = [0, 1, 2, 3].map((i) => k.mem.translate(addr + i * 4096, 'write') !== undefined);
    expect(writable).toEqual([true, false, false, true]);
    expect(k.pte_dirty(entryAt(k, addr + 4096))).toBe(1);
    expect(events.filter((event) => event.kind === 'tlb-flush')).toContainEqual(
      expect.objectContaining({ start: addr + 4096, end: addr + 3 * 4096 }),
    );
    expect(k.set_memory_rw(addr + 4096, 2)).toBe(0);
    expect(k.mem.translate(addr + 4096, 'write')).toBeDefined();
  });

  test('refuses a vmap() area, an area of huge leaves, and what reaches beyond one, before any change', () => {
    const { k, events } = bootKernel(arm64With4k);
    reservePages(k, 0x80000, 2);
    const mapped = k.vmap(pageArray(k, [0x80000, 0x80001]), 2, VM_MAP, pageKernel(k));
    const huge = k.vmalloc_huge(2 ** 21, 0xcc0);
    const small = k.vmalloc(4096);
    events.length = 0;
    expect(k.set_memory_ro(mapped, 1)).toBe(-EINVAL);
    expect(k.set_memory_ro(huge, 1)).toBe(-EINVAL);
    expect(k.set_memory_ro(small, 3)).toBe(-EINVAL);
    expect(events.filter((event) => event.kind === 'table-write')).toEqual([]);
  });
});

describe('split_kernel_leaf_mapping()', () => {
  const size = 2 ** 21;

  function mapBlock(k: Kernel): number {
    const addr = Math.ceil(k.machine.addresses.vmallocStart / size) * size;
    expect(k.vmap_page_range(addr, addr + size, 0x80000 * 4096, pageKernel(k))).toBe(0);
    return addr;
  }

  test('leaves a block alone where live leaves cannot be split', () => {
    const { k } = bootKernel(arm64With4k);
    const addr = mapBlock(k);
    expect(k.split_kernel_leaf_mapping(addr + 4096, addr + 8192)).toBe(0);
    expect(k.pmd_leaf(k.mem.ldDescriptor(k.pmd_off_k(addr)))).toBe(1);
  });

  test('makes pages at both ends elsewhere, and every byte stays mapped', () => {
    const { k } = bootKernel(arm64With4kBbml2);
    const addr = mapBlock(k);
    expect(k.split_kernel_leaf_mapping(addr + 4096, addr + size / 2)).toBe(0);
    const cont = [0, 15, 16, 255, 256].map((i) => k.pte_cont(entryAt(k, addr + i * 4096)));
    expect(cont).toEqual([0, 0, 1, 1, 1]);
    const frames = [...Array(512).keys()].map((i) => k.mem.translate(addr + i * 4096, 'write'));
    expect(frames).toEqual(frames.map((_, i) => (0x80000 + i) * 4096));
  });
});
