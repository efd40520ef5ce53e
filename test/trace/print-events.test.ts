// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { EventPrinter } from '../../src/trace/print-events.ts';
import { KIB64, mapIntent, PAGE, traceOn } from '../invariants/trace-on.ts';
import { arm64, VMALLOC } from './small-machines.ts';

it('prints what happened in the words of the kernel', () => {
  const pages = [
    { pfn: 0x50000, count: 16 },
    { pfn: 0, count: 1, bad: 'null' },
  ] as const;
  const { trace } = traceOn(arm64)
    .op('vmap_pages_range', mapIntent(arm64, { addr: VMALLOC, pages, maxShift: 16, legal: false }))
    .event({ kind: 'walk', level: 'pgd', addr: VMALLOC })
    .map('pte', VMALLOC, 0x50000, { contiguous: true })
    .event({ kind: 'alloc-failure', what: 'table', name: 'pte table' })
    .cacheVmap(VMALLOC + KIB64, VMALLOC + KIB64)
    .tlb(VMALLOC, VMALLOC + PAGE)
    .tlbAll()
    .event({ kind: 'lock', change: 'acquire', lock: -8192, name: 'vmap_area_lock' })
    .event({ kind: 'warn', call: 'WARN', condition: '!page' })
    .event({
      kind: 'fault',
      fault: 'out-of-bounds',
      access: 'read',
      addr: -4096,
      size: 8,
      object: { name: 'pages[]', addr: -8192, size: 4096 },
    })
    .returns({ value: -12, error: 12 })
    .area(VMALLOC, 2 * PAGE, 'VM_MAP', 'VM_ALLOW_HUGE_VMAP')
    .event({
      kind: 'operation',
      operation: 1,
      cpu: 0,
      name: 'vm_unmap_aliases',
      atEnd: true,
      intent: { kind: 'other' },
    });
  const printer = new EventPrinter(arm64);
  expect([...trace.events].map((event, n) => printer.print(event, n))).toMatchInlineSnapshot(`
    [
      "E0 call vmap_pages_range() on CPU0: map 68 KiB at 0xffff800080000000, pfn 0x50000+16 NULL, rw nx, leaves up to 64 KiB, must be refused",
      "E1 walk pgd 0xffff800080000000",
      "E2 alloc pud table 0xffff000040010000, 4096 bytes",
      "E3 table-write pgd 0xffff800000000000: none -> table pfn 0x40010",
      "E4 alloc pmd table 0xffff000040011000, 4096 bytes",
      "E5 table-write pud 0xffff800080000000: none -> table pfn 0x40011",
      "E6 alloc pte table 0xffff000040012000, 4096 bytes",
      "E7 table-write pmd 0xffff800080000000: none -> table pfn 0x40012",
      "E8 table-write pte 0xffff800080000000: none -> 4 KiB leaf pfn 0x50000 rw nx cont",
      "E9 alloc refused: pte table",
      "E10 flush_cache_vmap [0xffff800080010000, 0xffff800080010000) (empty)",
      "E11 flush_tlb_kernel_range [0xffff800080000000, 0xffff800080001000)",
      "E12 flush_tlb_all",
      "E13 acquire vmap_area_lock",
      "E14 WARN: !page",
      "E15 fault: out-of-bounds read of 8 bytes at 0xfffffffffffff000 of pages[] (4096 bytes at 0xffffffffffffe000)",
      "E16 barrier dsb ishst",
      "E17 barrier isb",
      "E18 return -ENOMEM",
      "E19 area [0xffff800080000000, 0xffff800080002000) VM_MAP|VM_ALLOW_HUGE_VMAP",
      "E20 call vm_unmap_aliases() at the end, where what was freed lazily is purged",
    ]
  `);
});
