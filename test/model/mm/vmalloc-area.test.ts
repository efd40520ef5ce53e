// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../../src/model/kernel.ts';
import { GFP_KERNEL } from '../../../src/model/mm/gfp.ts';
import { VM_IOREMAP, VM_MAP, VM_NO_GUARD } from '../../../src/model/mm/vm-flags.ts';
import { vmallocState } from '../../../src/model/mm/vmalloc-state.ts';
import { makeHandMadeKernel } from './hand-made-kernel.ts';

const PAGE = 4096;
const SPACE_START = -(2 ** 52);

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly what: 'free' | 'busy' | 'lazy' | 'pool';
}

/** The whole address space, piece by piece. */
function pieces(k: Kernel): Piece[] {
  const { free, busy, nodes } = k.state(vmallocState);
  const all: Piece[] = [...free.areas()].map(({ start, end }) => ({ start, end, what: 'free' }));
  for (const { start, end } of busy.ranges()) all.push({ start, end, what: 'busy' });
  for (const { lazy, pools } of nodes) {
    for (const { start, end } of lazy.ranges()) all.push({ start, end, what: 'lazy' });
    for (const area of [...pools.values()].flat()) {
      const { va_start, va_end } = k.structs.vmap_area(area);
      all.push({ start: va_start, end: va_end, what: 'pool' });
    }
  }
  return all.sort((a, b) => a.start - b.start);
}

function expectWhole(k: Kernel): void {
  const all = pieces(k);
  let at = SPACE_START;
  for (const [i, piece] of all.entries()) {
    expect(piece.start).toBe(at);
    expect(piece.end).toBeGreaterThan(piece.start);
    if (piece.what === 'free') expect(all[i + 1]?.what).not.toBe('free');
    at = piece.end;
  }
  expect(at).toBe(-1);
}

const step = fc.oneof(
  fc.record({ do: fc.constant('take' as const), pages: fc.integer({ min: 1, max: 40 }), io: fc.boolean() }),
  fc.record({ do: fc.constant('free' as const), which: fc.nat() }),
  fc.record({ do: fc.constant('flush' as const) }),
  fc.record({ do: fc.constant('cpu' as const), cpu: fc.nat(1) }),
);

describe('address space', () => {
  it.each([1, 2])('is always wholly free, in use, waiting or pooled, with %i CPUs', (cpus) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { k, live } = makeHandMadeKernel(cpus);
        const areas: number[] = [];
        for (const each of steps) {
          if (each.do === 'take') {
            const area = k.get_vm_area(each.pages * PAGE, each.io ? VM_IOREMAP : VM_MAP);
            const { addr, size } = k.structs.vm_struct(area);
            expect(size).toBe((each.pages + 1) * PAGE);
            if (each.io) expect(addr % (2 ** Math.ceil(Math.log2(each.pages)) * PAGE)).toBe(-0);
            areas.push(area);
          } else if (each.do === 'free' && areas.length > 0) {
            k.free_vm_area(areas.splice(each.which % areas.length, 1)[0]!);
          } else if (each.do === 'flush') {
            k.vm_unmap_aliases();
          } else if (each.do === 'cpu') {
            k.cpu = each.cpu % cpus;
          }
          expectWhole(k);
        }
        for (const area of areas) k.free_vm_area(area);
        k.reclaim_and_purge_vmap_areas();
        expectWhole(k);
        expect(pieces(k).map(({ what }) => what)).toEqual(['free']);
        // One object for the free range, and one kept ready on each CPU that has allocated.
        expect(live().get('vmap_area')).toBeLessThanOrEqual(1 + cpus);
      }),
      { numRuns: 40 },
    );
  });

  it('refuses sizes and alignments that make no sense', () => {
    const { k } = makeHandMadeKernel();
    const { vmallocStart, vmallocEnd } = k.machine.addresses;
    const take = (size: number, align: number) =>
      k.alloc_vmap_area(size, align, vmallocStart, vmallocEnd, -1, GFP_KERNEL, 0, 0);
    expect(take(0, 1)).toBe(-22);
    expect(take(PAGE + 1, 1)).toBe(-22);
    expect(take(PAGE, 3 * PAGE)).toBe(-22);
    expect(k.get_vm_area(0, VM_MAP)).toBe(0);
  });

  it('purges and tries again before it says that there is no room', () => {
    const { k, events } = makeHandMadeKernel();
    const start = k.machine.addresses.vmallocStart;
    const take = () =>
      k.__get_vm_area_node(4 * PAGE, 1, 12, VM_NO_GUARD, start, start + 8 * PAGE, -1, GFP_KERNEL, 0);
    const first = take();
    take();
    expect(take()).toBe(0);
    k.free_vm_area(first);
    events.length = 0;
    expect(k.structs.vm_struct(take()).addr).toBe(start);
    expect(events.filter((event) => event.kind === 'tlb-flush')).toEqual([
      { kind: 'tlb-flush', scope: 'range', start, end: start + 4 * PAGE, local: false },
    ]);
  });
});
