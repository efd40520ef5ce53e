// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../../src/model/kernel.ts';
import { VM_MAP, VM_SPARSE } from '../../../src/model/mm/vm-flags.ts';
import { makeHandMadeKernel } from './hand-made-kernel.ts';

const PAGE = 4096;

function longs(k: Kernel, values: readonly number[]): number {
  const at = k.mem.allocate({ name: 'longs', size: values.length * 8 });
  values.forEach((value, i) => k.mem.st64(at + i * 8, value));
  return at;
}

describe('pcpu_get_vm_areas()', () => {
  it('takes the highest base at which all areas fit', () => {
    const { k } = makeHandMadeKernel();
    const end = Math.floor(k.machine.addresses.vmallocEnd / (4 * PAGE)) * 4 * PAGE;
    const vms = k.pcpu_get_vm_areas(longs(k, [0, 16 * PAGE]), longs(k, [4 * PAGE, 8 * PAGE]), 2, 4 * PAGE);
    const areas = [0, 1].map((i) => k.structs.vm_struct(Number(k.mem.ld64(vms + i * 8))));
    expect(areas.map(({ addr, size }) => [addr, size])).toEqual([
      [end - 24 * PAGE, 4 * PAGE],
      [end - 8 * PAGE, 8 * PAGE],
    ]);
    // The gap between the two is free and fits a pair of one page each.
    const next = k.pcpu_get_vm_areas(longs(k, [0, 4 * PAGE]), longs(k, [4 * PAGE, 4 * PAGE]), 2, 4 * PAGE);
    expect(k.structs.vm_struct(Number(k.mem.ld64(next))).addr).toBe(end - 16 * PAGE);
  });

  it('gives everything back', () => {
    const { k, live } = makeHandMadeKernel();
    const before = live();
    const vms = k.pcpu_get_vm_areas(longs(k, [0]), longs(k, [4 * PAGE]), 1, PAGE);
    const { addr } = k.structs.vm_struct(Number(k.mem.ld64(vms)));
    k.pcpu_free_vm_areas(vms, 1);
    expect(k.find_vm_area(addr)).toBe(0);
    expect(live().get('vm_struct')).toBe(before.get('vm_struct'));
    expect(live().get('object')).toBe(before.get('object'));
  });

  it('leaves nothing behind when an allocation fails', () => {
    for (let allowed = 0; allowed < 6; allowed++) {
      const { k, live, allowAllocations } = makeHandMadeKernel();
      const [offsets, sizes] = [longs(k, [0, 8 * PAGE]), longs(k, [PAGE, PAGE])];
      allowAllocations(allowed);
      const vms = k.pcpu_get_vm_areas(offsets, sizes, 2, PAGE);
      allowAllocations(undefined);
      expect(vms).toBe(0);
      expect(live().get('object')).toBeUndefined();
      expect(live().get('vm_struct')).toBeUndefined();
      // All of the space is still there.
      const again = k.pcpu_get_vm_areas(offsets, sizes, 2, PAGE);
      expect(k.structs.vm_struct(Number(k.mem.ld64(again + 8))).addr).toBe(
        k.machine.addresses.vmallocEnd - PAGE,
      );
    }
  });
});

describe('sparse areas', () => {
  it('are mapped piece by piece, and nothing else is', () => {
    const { k, pages, frameOf } = makeHandMadeKernel();
    const area = k.get_vm_area(16 * PAGE, VM_SPARSE);
    const { addr } = k.structs.vm_struct(area);
    expect(k.vm_area_map_pages(area, addr + 3 * PAGE, addr + 5 * PAGE, pages([0x50000, 0x50001]))).toBe(0);
    expect([2, 3, 4, 5].map((i) => frameOf(addr + i * PAGE))).toEqual([
      undefined,
      0x50000,
      0x50001,
      undefined,
    ]);
    expect(k.vm_area_map_pages(area, addr + 15 * PAGE, addr + 17 * PAGE, pages([0x50000, 0x50001]))).toBe(
      -34,
    );
    k.vm_area_unmap_pages(area, addr + 3 * PAGE, addr + 4 * PAGE);
    expect(frameOf(addr + 3 * PAGE)).toBeUndefined();
    const other = k.get_vm_area(PAGE, VM_MAP);
    expect(k.vm_area_map_pages(other, addr, addr + PAGE, pages([0x50000]))).toBe(-22);
  });
});
