// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, test } from 'vitest';
import { x86_64With4Levels } from '../../../../src/model/machines/x86_64-4level.ts';
import { pageKernel } from '../../../../src/model/mm/page-kernel.ts';
import { bootKernel } from '../../booted-kernel.ts';

const EFAULT = 14;
const addr = Math.ceil(x86_64With4Levels.addresses.vmallocStart / 2 ** 30) * 2 ** 30;
const phys = 0x80000 * 4096;

describe('set_memory_ro()', () => {
  test('splits a large page that is only partly meant, and flushes', () => {
    const { k, events } = bootKernel(x86_64With4Levels);
    expect(k.vmap_page_range(addr, addr + 2 ** 21, phys, pageKernel(k))).toBe(0);
    events.length = 0;
    expect(k.set_memory_ro(addr + 4096, 2)).toBe(0);
    const pages = [...Array(512).keys()];
    expect(pages.map((i) => k.mem.translate(addr + i * 4096, 'read'))).toEqual(
      pages.map((i) => phys + i * 4096),
    );
    const readOnly = pages.filter((i) => k.mem.translate(addr + i * 4096, 'write') === undefined);
    expect(readOnly).toEqual([1, 2]);
    // After the split, and at the end for all since there is the linear map's view of the frames as well.
    const flushes = events.filter((event) => event.kind === 'tlb-flush');
    expect(flushes).toMatchObject([{ scope: 'all' }, { scope: 'all' }]);
  });

  test('splits 1 GiB down to the pages at the ends and leaves large pages between them', () => {
    const { k } = bootKernel(x86_64With4Levels);
    expect(k.vmap_page_range(addr, addr + 2 ** 30, 0x40000000 * 2, pageKernel(k))).toBe(0);
    expect(k.set_memory_ro(addr + 2 ** 21 - 4096, 1 + 512 + 1)).toBe(0);
    const leaf = (at: number) => k.pmd_leaf(k.mem.ldDescriptor(k.pmd_off_k(at)));
    expect([0, 1, 2, 3].map((i) => leaf(addr + i * 2 ** 21))).toEqual([0, 1, 0, 1]);
    expect(k.mem.translate(addr + 2 ** 21, 'write')).toBeUndefined();
    expect(k.mem.translate(addr + 2 ** 22 + 4096, 'write')).toBe(0x80000000 + 2 ** 22 + 4096);
  });

  test('fails at an address that nothing is mapped at', () => {
    const { k, events } = bootKernel(x86_64With4Levels);
    expect(k.set_memory_ro(addr, 1)).toBe(-EFAULT);
    expect(events.filter((event) => event.kind === 'warn')).toHaveLength(1);
  });
});
