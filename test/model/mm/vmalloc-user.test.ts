// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { makeHandMadeKernel } from './hand-made-kernel.ts';

const PAGE = 4096;
const EINVAL = 22;

function setUp() {
  const kernel = makeHandMadeKernel();
  const vma = kernel.k.mem.allocate({ name: 'vm_area_struct', size: 24, zeroed: true });
  const fields = kernel.k.structs.vm_area_struct(vma);
  fields.vm_start = 0x10000;
  fields.vm_end = 0x10000 + 2 * PAGE;
  return { ...kernel, vma };
}

describe('remap_vmalloc_range()', () => {
  it('shows the pages behind the area, from the page asked for on, and keeps them', () => {
    const { k, vma, frameOf, events } = setUp();
    const addr = k.vmalloc_user(3 * PAGE);
    expect(k.remap_vmalloc_range(vma, addr, 1)).toBe(0);
    const kept = events.flatMap((event) => (event.kind === 'barrier' ? [event.name] : []));
    expect(kept).toEqual([1, 2].map((i) => `get_page ${frameOf(addr + i * PAGE)}`));
  });

  it('refuses areas that were not made for it, and what lies outside of them', () => {
    const { k, vma } = setUp();
    expect(k.remap_vmalloc_range(vma, k.vmalloc(3 * PAGE), 0)).toBe(-EINVAL);
    const addr = k.vmalloc_user(3 * PAGE);
    expect(k.remap_vmalloc_range(vma, addr, 2)).toBe(-EINVAL);
    expect(k.remap_vmalloc_range(vma, addr + 1, 0)).toBe(-EINVAL);
    expect(k.remap_vmalloc_range(vma, -PAGE, 0)).toBe(-EINVAL);
  });
});
