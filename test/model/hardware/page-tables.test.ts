// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, test } from 'vitest';
import { entryFor } from '../../../src/model/hardware/entry.ts';
import { allocateTable } from '../../../src/model/hardware/page-tables.ts';
import { arm64With4k } from '../../../src/model/machines/arm64-4k.ts';
import { pageKernel } from '../../../src/model/mm/page-kernel.ts';
import type { TableWriteEvent, TraceEvent } from '../../../src/trace/events.ts';
import { bootKernel } from '../booted-kernel.ts';

const addr = arm64With4k.addresses.vmallocStart;
const writes = (events: readonly TraceEvent[]): TableWriteEvent[] =>
  events.filter((event) => event.kind === 'table-write');

describe('a table that is filled before it is linked', () => {
  test('tells its entries when it becomes reachable, with their addresses', () => {
    const { k, events } = bootKernel(arm64With4k);
    const init_mm = k.globals['init_mm']!;
    const pud = k.pud_alloc(init_mm, k.p4d_offset(k.pgd_offset_k(addr), addr), addr);
    const pmd = k.pmd_alloc(init_mm, pud, addr);
    const table = allocateTable(k, 'pte');
    const page = entryFor(arm64With4k, 0x80000, pageKernel(k));
    events.length = 0;
    k.set_pte(table + 3 * 8, page);
    expect(writes(events).map((event) => event.addr)).toEqual([undefined]);
    expect(k.mem.translate(addr + 3 * 4096, 'read')).toBeUndefined();

    events.length = 0;
    k.pmd_populate_kernel(init_mm, pmd, table);
    expect(
      writes(events).map(({ level, addr: at, before, after }) => ({ level, at, before, after })),
    ).toEqual([
      { level: 'pmd', at: addr, before: 0, after: k.mem.ldDescriptor(pmd) },
      { level: 'pte', at: addr + 3 * 4096, before: 0, after: page },
    ]);
    expect(k.mem.translate(addr + 3 * 4096 + 7, 'read')).toBe(0x80000 * 4096 + 7);
  });

  test('is unreachable again after its entry is cleared', () => {
    const { k, events } = bootKernel(arm64With4k);
    const init_mm = k.globals['init_mm']!;
    const pud = k.pud_alloc(init_mm, k.p4d_offset(k.pgd_offset_k(addr), addr), addr);
    const pmd = k.pmd_alloc(init_mm, pud, addr);
    const pte = k.pte_alloc_kernel(pmd, addr);
    k.pmd_clear(pmd);
    events.length = 0;
    k.set_pte(pte, entryFor(arm64With4k, 0x80000, pageKernel(k)));
    expect(writes(events).map((event) => event.addr)).toEqual([undefined]);
  });
});

describe('the MMU', () => {
  test('takes a block at its level and refuses a write where the entry is read-only', () => {
    const { k } = bootKernel(arm64With4k);
    const at = Math.ceil(addr / 2 ** 21) * 2 ** 21;
    expect(k.vmap_page_range(at, at + 2 ** 21, 0x200000 * 600, pageKernel(k))).toBe(0);
    expect(k.mem.translate(at + 0x12345, 'write')).toBe(0x200000 * 600 + 0x12345);
    const pmd = k.pmd_off_k(at);
    k.set_pmd(pmd, k.pte_wrprotect(k.mem.ldDescriptor(pmd)));
    expect(k.mem.translate(at, 'write')).toBeUndefined();
    expect(k.mem.translate(at, 'read')).toBe(0x200000 * 600);
  });
});
