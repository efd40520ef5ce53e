// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { runDeferredCalls } from '../../../src/model/kernel/deferred-call.ts';
import { GFP_KERNEL } from '../../../src/model/mm/gfp.ts';
import { VM_ALLOC, VM_FLUSH_RESET_PERMS, VM_MAP, VM_MAP_PUT_PAGES } from '../../../src/model/mm/vm-flags.ts';
import { vmallocState } from '../../../src/model/mm/vmalloc-state.ts';
import { descriptorFromBits } from '../../../src/base/descriptor.ts';
import { makeHandMadeKernel, type HandMadeKernel } from './hand-made-kernel.ts';

const PAGE = 4096;

/** Pages that came from the page allocator and did not go back. */
function pagesHeld({ events }: HandMadeKernel): number {
  const pages = events.filter((event) => event.kind === 'page');
  return pages.reduce((sum, event) => sum + (event.change === 'alloc' ? 1 : -1) * 2 ** event.order, 0);
}

describe('vmalloc() and vfree()', () => {
  it.each([1, PAGE, 3 * PAGE + 1, 3 * 2 ** 20])(
    'gives %i bytes pages of their own and takes them back',
    (size) => {
      const kernel = makeHandMadeKernel();
      const { k, frameOf, live } = kernel;
      const before = live();
      const addr = k.vmalloc(size);
      const count = Math.ceil(size / PAGE);
      const frames = new Set(Array.from({ length: count }, (_, i) => frameOf(addr + i * PAGE)));
      expect(frames.has(undefined)).toBe(false);
      expect(frames.size).toBe(count);
      expect(frameOf(addr + count * PAGE)).toBeUndefined();
      expect(k.structs.vm_struct(k.find_vm_area(addr)).flags).toBe(VM_ALLOC);
      k.vfree(addr);
      k.vm_unmap_aliases();
      expect(pagesHeld(kernel)).toBe(0);
      for (const name of ['vm_struct', 'object']) expect(live().get(name)).toBe(before.get(name));
      expect(k.state(vmallocState).lazyPages).toBe(0);
      expect(k.state(vmallocState).vmallocPages).toBe(0);
    },
  );

  it('takes large pages for vmalloc_huge() and remembers their order', () => {
    const kernel = makeHandMadeKernel();
    const { k, events, frameOf } = kernel;
    const addr = k.vmalloc_huge(2 ** 21 + PAGE, GFP_KERNEL);
    expect(addr % 2 ** 21).toBe(-0);
    const orders = events.filter((event) => event.kind === 'page').map((event) => event.order);
    // The array of 1024 pages takes two pages of vmalloc memory itself.
    expect(orders).toEqual([0, 0, 9, 9]);
    expect(k.is_vm_area_hugepages(addr)).toBe(1);
    expect(frameOf(addr + 7 * PAGE)! - frameOf(addr)!).toBe(7);
    k.vfree(addr);
    expect(pagesHeld(kernel)).toBe(0);
  });

  it('falls back to single pages when there are no large ones', () => {
    const kernel = makeHandMadeKernel();
    const { k, frameOf } = kernel;
    kernel.allowHighOrders(false);
    const addr = k.vmalloc_huge(2 ** 21, GFP_KERNEL);
    expect(frameOf(addr + 2 ** 21 - PAGE)).toBeDefined();
    expect(k.is_vm_area_hugepages(addr)).toBe(0);
    expect(k.structs.vm_struct(k.find_vm_area(addr)).size).toBe(2 ** 21 + PAGE);
    k.vfree(addr);
    expect(pagesHeld(kernel)).toBe(0);
  });

  it('leaves nothing behind, whichever allocation fails', () => {
    for (let allowed = 0; ; allowed++) {
      const kernel = makeHandMadeKernel();
      kernel.allowAllocations(allowed);
      const addr = kernel.k.vmalloc(20 * PAGE);
      if (addr !== 0) {
        expect(allowed).toBeGreaterThan(24);
        break;
      }
      expect(pagesHeld(kernel)).toBe(0);
      expect(kernel.live().get('vm_struct')).toBeUndefined();
      expect(kernel.live().get('object')).toBeUndefined();
      expect(kernel.k.find_vm_area(kernel.k.machine.addresses.vmallocStart)).toBe(0);
    }
  });

  it('resets the direct map around one flush that covers it too', () => {
    const { k, events } = makeHandMadeKernel();
    const addr = k.vmalloc(2 * PAGE);
    k.set_vm_flush_reset_perms(addr);
    expect(k.structs.vm_struct(k.find_vm_area(addr)).flags & VM_FLUSH_RESET_PERMS).not.toBe(0);
    events.length = 0;
    k.vfree(addr);
    const steps = events.flatMap((event) =>
      event.kind === 'barrier'
        ? [event.name]
        : event.kind === 'tlb-flush' || event.kind === 'page'
          ? [event.kind]
          : [],
    );
    expect(steps).toEqual(['invalid', 'invalid', 'tlb-flush', 'default', 'default', 'page', 'page']);
    const flush = events.find((event) => event.kind === 'tlb-flush')!;
    expect(flush.start).toBeLessThan(k.machine.addresses.vmallocStart);
    expect(flush.end).toBe(addr + 3 * PAGE);
  });

  it('frees the pages of a vmap() area that was given them', () => {
    const kernel = makeHandMadeKernel();
    const { k } = kernel;
    const array = k.kmalloc_node(2 * 8, GFP_KERNEL, -1);
    for (let i = 0; i < 2; i++) k.mem.st64(array + i * 8, k.alloc_pages(GFP_KERNEL, 0));
    const addr = k.vmap(array, 2, VM_MAP | VM_MAP_PUT_PAGES, descriptorFromBits(0x8n));
    k.vfree(addr);
    expect(pagesHeld(kernel)).toBe(0);
    expect(kernel.live().get('object')).toBeUndefined();
  });

  it('vfree_atomic() leaves the freeing to a worker', () => {
    const kernel = makeHandMadeKernel();
    const { k, frameOf } = kernel;
    const addresses = [1, 2, 3].map(() => k.vmalloc(PAGE));
    for (const addr of addresses) k.vfree_atomic(addr);
    expect(addresses.map((addr) => frameOf(addr) !== undefined)).toEqual([true, true, true]);
    runDeferredCalls(k);
    expect(pagesHeld(kernel)).toBe(0);
    expect(addresses.map((addr) => k.find_vm_area(addr))).toEqual([0, 0, 0]);
  });

  it('purges in the background once more than 32 MiB wait', () => {
    const { k, events } = makeHandMadeKernel();
    for (let i = 0; i < 5; i++) k.free_vm_area(k.get_vm_area(2 ** 23, VM_ALLOC));
    expect(events.some((event) => event.kind === 'tlb-flush')).toBe(false);
    runDeferredCalls(k);
    expect(events.filter((event) => event.kind === 'tlb-flush')).toHaveLength(1);
    expect(k.state(vmallocState).lazyPages).toBe(0);
  });

  it('vrealloc() stays in place while the pages suffice', () => {
    const { k } = makeHandMadeKernel();
    const addr = k.vmalloc(100);
    expect(k.vrealloc(addr, 4000, GFP_KERNEL)).toBe(addr);
    expect(k.vrealloc(addr, 10, GFP_KERNEL)).toBe(addr);
    expect(k.vrealloc(addr, 0, GFP_KERNEL)).toBe(0);
    expect(k.find_vm_area(addr)).toBe(0);
  });
});
