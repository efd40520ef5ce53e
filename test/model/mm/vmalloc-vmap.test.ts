// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { descriptorFromBits } from '../../../src/base/descriptor.ts';
import { VM_IOREMAP, VM_MAP } from '../../../src/model/mm/vm-flags.ts';
import { makeHandMadeKernel } from './hand-made-kernel.ts';

const prot = descriptorFromBits(0x8n);
const PAGE = 4096;
const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

describe('generic_ioremap_prot()', () => {
  it('refuses what comes around the end of all addresses', () => {
    const { k } = makeHandMadeKernel();
    expect(k.generic_ioremap_prot(-PAGE, 2 * PAGE, prot)).toBe(0);
    expect(k.generic_ioremap_prot(0x50000 * PAGE, 2 * PAGE, prot)).toBe(k.machine.addresses.vmallocStart);
  });
});

describe('vmap() and vunmap()', () => {
  it('maps each page of the array, in order, and flushes the cache over exactly that', () => {
    const { k, events, pages, frameOf } = makeHandMadeKernel();
    const pfns = [0x50007, 0x50003, 0x60000, 0x50001];
    const addr = k.vmap(pages(pfns), pfns.length, VM_MAP, prot);
    expect(addr).toBe(k.machine.addresses.vmallocStart);
    expect(pfns.map((_, i) => frameOf(addr + i * PAGE))).toEqual(pfns);
    expect(frameOf(addr + pfns.length * PAGE)).toBeUndefined();
    const flushes = events.filter((event) => event.kind === 'cache-flush');
    expect(flushes).toEqual([
      { kind: 'cache-flush', call: 'flush_cache_vmap', start: addr, end: addr + pfns.length * PAGE },
    ]);
    const area = k.structs.vm_struct(k.find_vm_area(addr));
    expect([area.size, area.flags]).toEqual([(pfns.length + 1) * PAGE, VM_MAP]);
  });

  it('crosses PMD and PUD borders', () => {
    const { k, pages, frameOf } = makeHandMadeKernel();
    const count = 1500;
    const start = -(2 ** 46) - 700 * PAGE;
    const array = pages(range(0x50000, count));
    expect(k.vmap_pages_range(start, start + count * PAGE, prot, array, 12)).toBe(0);
    expect(range(0, count).map((i) => frameOf(start + i * PAGE))).toEqual(range(0x50000, count));
  });

  it('does not hand addresses out again before a flush of the TLB', () => {
    const { k, events, pages, frameOf } = makeHandMadeKernel();
    const array = pages([0x50000]);
    const first = k.vmap(array, 1, VM_MAP, prot);
    k.vunmap(first);
    expect(frameOf(first)).toBeUndefined();
    expect(k.find_vm_area(first)).toBe(0);
    const second = k.vmap(array, 1, VM_MAP, prot);
    expect(second).toBeGreaterThan(first);
    expect(events.some((event) => event.kind === 'tlb-flush')).toBe(false);
    k.vm_unmap_aliases();
    expect(events.filter((event) => event.kind === 'tlb-flush')).toEqual([
      { kind: 'tlb-flush', scope: 'range', start: first, end: first + 2 * PAGE, local: false },
    ]);
    expect(k.vmap(array, 1, VM_MAP, prot)).toBe(first);
  });

  it.each([
    ['a NULL page', [0x50000, null, 0x50001], '!page'],
    ['a page without a valid frame', [0x50000, 0x7ffffff], '!pfn_valid(page_to_pfn(page))'],
  ])('refuses %s, says so and leaves nothing behind', (_name, pfns, condition) => {
    const { k, events, pages, frameOf, live } = makeHandMadeKernel();
    const before = live();
    expect(k.vmap(pages(pfns), pfns.length, VM_MAP, prot)).toBe(0);
    expect(events.filter((event) => event.kind === 'warn')).toEqual([
      { kind: 'warn', call: 'WARN', condition },
    ]);
    expect(frameOf(k.machine.addresses.vmallocStart)).toBeUndefined();
    expect(k.find_vm_area(k.machine.addresses.vmallocStart)).toBe(0);
    expect(live().get('vm_struct')).toBe(before.get('vm_struct'));
  });

  it('leaves no area behind when any allocation fails, and leaves lazy MMU mode and locks as they were', () => {
    for (let allowed = 0; ; allowed++) {
      const { k, events, pages, live, allowAllocations } = makeHandMadeKernel();
      const array = pages(range(0x50000, 600));
      allowAllocations(allowed);
      const addr = k.vmap(array, 600, VM_MAP, prot);
      const held = events.filter((event) => event.kind === 'lock');
      expect(held.filter((event) => event.change === 'acquire').length * 2).toBe(held.length);
      const scopes = events.filter((event) => event.kind === 'scope');
      expect(scopes.filter((event) => event.change === 'enter').length * 2).toBe(scopes.length);
      if (addr !== 0) {
        expect(allowed).toBeGreaterThan(4);
        break;
      }
      expect(live().get('vm_struct')).toBeUndefined();
      expect(k.find_vm_area(k.machine.addresses.vmallocStart)).toBe(0);
    }
  });
});

describe('mapping physical ranges', () => {
  it('uses the largest leaves that size and alignment allow', () => {
    const { k, events, entryOf, frameOf } = makeHandMadeKernel();
    const start = -(2 ** 46);
    const size = 2 ** 21 + 65536 + PAGE;
    expect(k.vmap_page_range(start, start + size, 0x80000000, prot)).toBe(0);
    const writes = events.filter((event) => event.kind === 'cache-flush');
    expect(writes).toHaveLength(1);
    expect(frameOf(start + 5 * PAGE)).toBe(0x80005);
    expect(frameOf(start + 2 ** 21 + 65536)).toBe(0x80000 + 512 + 16);
    expect(BigInt(entryOf(start)) === BigInt(entryOf(start + 5 * PAGE))).toBe(true);
    k.vunmap_range(start, start + size);
    for (const offset of [0, 5 * PAGE, 2 ** 21, size - PAGE]) expect(frameOf(start + offset)).toBeUndefined();
    expect(events.filter((event) => event.kind === 'warn')).toEqual([]);
  });

  it('clears a contiguous run whole and warns when only a part was to go', () => {
    const { k, events, frameOf } = makeHandMadeKernel();
    const start = -(2 ** 46);
    k.vmap_page_range(start, start + 65536, 0x80000000, prot);
    k.vunmap_range(start + PAGE, start + 3 * PAGE);
    expect(frameOf(start)).toBeUndefined();
    expect(frameOf(start + 15 * PAGE)).toBeUndefined();
    expect(events.filter((event) => event.kind === 'warn').length).toBeGreaterThan(0);
  });

  it('ioremap_page_range() takes whole VM_IOREMAP areas only', () => {
    const { k } = makeHandMadeKernel();
    const io = k.structs.vm_struct(k.get_vm_area(2 * PAGE, VM_IOREMAP));
    const other = k.structs.vm_struct(k.get_vm_area(2 * PAGE, VM_MAP));
    expect(k.ioremap_page_range(io.addr, io.addr + 2 * PAGE, 0x80000000, prot)).toBe(0);
    expect(k.ioremap_page_range(io.addr, io.addr + PAGE, 0x80000000, prot)).toBe(-34);
    expect(k.ioremap_page_range(other.addr, other.addr + 2 * PAGE, 0x80000000, prot)).toBe(-22);
    expect(k.ioremap_page_range(-4096, 0, 0x80000000, prot)).toBe(-22);
  });

  it('generic_ioremap_prot() takes any physical range, aligned to its size', () => {
    const { k, frameOf } = makeHandMadeKernel();
    k.get_vm_area(PAGE, VM_MAP);
    const addr = k.generic_ioremap_prot(0x80000010, 0x100000, prot);
    expect(addr % PAGE).toBe(-PAGE + 0x10);
    expect((addr - 0x10) % 2 ** 21).toBe(-0);
    expect(frameOf(addr)).toBe(0x80000);
    k.iounmap(addr);
    expect(frameOf(addr - 0x10)).toBeUndefined();
    expect(k.generic_ioremap_prot(0x80000000, 0, prot)).toBe(0);
  });
});
