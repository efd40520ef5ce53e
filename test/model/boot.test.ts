// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, test } from 'vitest';
import { machines } from '../../src/model/machines/machine-list.ts';
import { pageKernel } from '../../src/model/mm/page-kernel.ts';
import { reservePages } from '../../src/model/mm/page-supply.ts';
import { bootKernel, pageArray } from './booted-kernel.ts';

const VM_MAP = 4;

describe.each(machines.map((machine) => [machine.name, machine] as const))('%s', (_name, machine) => {
  test('vmap() maps pages so that the MMU finds them, vunmap() unmaps them', () => {
    const { k, events } = bootKernel(machine);
    const pageSize = 2 ** machine.pageShift;
    const pfn = 2 ** 31 / pageSize;
    expect(reservePages(k, pfn, 4)).toBe(true);
    const pages = pageArray(k, [pfn, pfn + 2, pfn + 1, pfn + 3]);
    const addr = k.vmap(pages, 4, VM_MAP, pageKernel(k));
    expect(addr).toBeGreaterThanOrEqual(machine.addresses.vmallocStart);
    expect([0, 1, 2, 3].map((i) => k.mem.translate(addr + i * pageSize + 5, 'write'))).toEqual(
      [0, 2, 1, 3].map((i) => (pfn + i) * pageSize + 5),
    );
    k.vunmap(addr);
    expect(k.mem.translate(addr, 'read')).toBeUndefined();
    expect(events.filter((event) => event.kind === 'warn' || event.kind === 'fault')).toEqual([]);
  });

  test('vmalloc() memory reads back what was written', () => {
    const { k } = bootKernel(machine);
    const pageSize = 2 ** machine.pageShift;
    const addr = k.vmalloc(3 * pageSize);
    k.mem.st64(addr + 2 * pageSize, 0x1234);
    expect(k.mem.ld64(addr + 2 * pageSize)).toBe(0x1234);
    k.vfree(addr);
  });
});
