// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { blockState } from '../../../src/model/mm/vmalloc-block-state.ts';
import { makeHandMadeKernel } from './hand-made-kernel.ts';

const PAGE = 4096;
const BLOCK = 1024 * PAGE;

describe('vm_map_ram() and vm_unmap_ram()', () => {
  it('carves small mappings out of one block, front to back, and does not reuse what it unmapped', () => {
    const { k, pages, frameOf } = makeHandMadeKernel();
    const array = pages([0x50000, 0x50005, 0x50003]);
    const first = k.vm_map_ram(array, 3, -1);
    expect(first % BLOCK).toBe(-0);
    expect(frameOf(first + 2 * PAGE)).toBe(0x50003);
    // Three pages take four: orders are powers of two.
    expect(k.vm_map_ram(array, 1, -1)).toBe(first + 4 * PAGE);
    k.vm_unmap_ram(first, 3);
    expect(frameOf(first)).toBeUndefined();
    expect(k.vm_map_ram(array, 1, -1)).toBe(first + 5 * PAGE);
  });

  it('gives each CPU a block of its own', () => {
    const { k, pages } = makeHandMadeKernel(4);
    const array = pages([0x50000]);
    const starts = [0, 1, 2, 3].map((cpu) => {
      k.cpu = cpu;
      return k.vm_map_ram(array, 1, -1);
    });
    expect(new Set(starts.map((start) => Math.floor(start / BLOCK))).size).toBe(4);
    // Another CPU may unmap it.
    k.vm_unmap_ram(starts[0]!, 1);
  });

  it('flushes dirty parts of blocks in vm_unmap_aliases(), once', () => {
    const { k, events, pages } = makeHandMadeKernel();
    const array = pages([0x50000, 0x50001]);
    const first = k.vm_map_ram(array, 2, -1);
    const second = k.vm_map_ram(array, 2, -1);
    k.vm_unmap_ram(second, 2);
    k.vm_unmap_aliases();
    k.vm_unmap_aliases();
    expect(events.filter((event) => event.kind === 'tlb-flush')).toEqual([
      { kind: 'tlb-flush', scope: 'range', start: second, end: second + 2 * PAGE, local: false },
    ]);
    expect(k.find_vmap_area(first)).not.toBe(0);
  });

  it('frees a block when all of it is dirty, and lets its addresses go after a flush', () => {
    const { k, live, pages } = makeHandMadeKernel();
    const array = pages(Array.from({ length: 64 }, (_, i) => 0x50000 + i));
    const before = live().get('object');
    const mapped = Array.from({ length: 16 }, () => k.vm_map_ram(array, 64, -1));
    for (const addr of mapped) k.vm_unmap_ram(addr, 64);
    expect(k.state(blockState).blocks.size).toBe(0);
    expect(live().get('object')).toBe(before);
    expect(k.find_vmap_area(mapped[0]!)).toBe(0);
    expect(k.vm_map_ram(array, 1, -1)).toBeGreaterThan(mapped[15]!);
  });

  it('gives more than 64 pages an area of their own', () => {
    const { k, pages, frameOf } = makeHandMadeKernel();
    const count = 65;
    const array = pages(Array.from({ length: count }, (_, i) => 0x50000 + i));
    const addr = k.vm_map_ram(array, count, -1);
    expect(addr).toBe(k.machine.addresses.vmallocStart);
    expect(k.find_vm_area(addr)).toBe(0);
    k.vm_unmap_ram(addr, count);
    expect(frameOf(addr)).toBeUndefined();
  });

  it('closes blocks of which nothing is in use when address space runs out', () => {
    const { k, pages } = makeHandMadeKernel();
    const array = pages([0x50000]);
    const addr = k.vm_map_ram(array, 1, -1);
    k.vm_unmap_ram(addr, 1);
    expect(k.state(blockState).blocks.size).toBe(1);
    k.reclaim_and_purge_vmap_areas();
    expect(k.state(blockState).blocks.size).toBe(0);
    expect(k.vm_map_ram(array, 1, -1)).toBe(addr);
  });
});

describe('the pools of vmap nodes', () => {
  it('hand a purged area to the next allocation of its size on the same CPU', () => {
    const { k } = makeHandMadeKernel(2);
    const areas = [0, 1, 2].map(() => k.get_vm_area(3 * PAGE, 4));
    const addresses = areas.map((area) => k.structs.vm_struct(area).addr);
    for (const area of areas.slice(0, 2)) k.free_vm_area(area);
    k.vm_unmap_aliases();
    // Without the pool the lowest address would come first.
    const again = k.structs.vm_struct(k.get_vm_area(3 * PAGE, 4)).addr;
    expect(again).toBe(addresses[1]);
    k.cpu = 1;
    expect(k.structs.vm_struct(k.get_vm_area(3 * PAGE, 4)).addr).toBeGreaterThan(addresses[2]!);
  });
});
