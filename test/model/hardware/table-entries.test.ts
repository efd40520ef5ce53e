// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { descriptorFromBits } from '../../../src/base/descriptor.ts';
import { xor } from '../../../src/base/u64.ts';
import { storesAlone, storesNext } from '../../../src/model/entry-forms.ts';
import { entryFor } from '../../../src/model/hardware/entry.ts';
import { allocateTable, freeTable } from '../../../src/model/hardware/page-tables.ts';
import type { Kernel } from '../../../src/model/kernel.ts';
import { machineNamed } from '../../../src/model/machines/machine-list.ts';
import { pageKernel } from '../../../src/model/mm/page-kernel.ts';
import { EventLog } from '../../../src/trace/event-log.ts';
import type { TraceEvent } from '../../../src/trace/events.ts';
import type { Machine } from '../../../src/trace/machine.ts';
import { bootInto } from '../booted-kernel.ts';

/** What may come between stores to a table, and between them what is told of the table changes. */
type Step =
  | { readonly do: 'store'; readonly table: number; readonly index: number; readonly pfn: number }
  | {
      readonly do: 'store row';
      readonly table: number;
      readonly from: number;
      readonly pfn: number;
      /** How many frames each is behind the one before. */
      readonly steps: readonly number[];
      /** Those with the usual attributes; others differ in one bit. */
      readonly alike: readonly boolean[];
      readonly cpus: number;
      /** What is stored over one of them at once, and not to go on. */
      readonly over: 'byte' | 'entry' | 'nothing';
    }
  | { readonly do: 'tell' }
  | { readonly do: 'store byte'; readonly table: number; readonly index: number }
  | { readonly do: 'link' | 'unlink' | 'replace'; readonly table: number }
  | { readonly do: 'go to'; readonly cpu: number };

const TABLES = 2;
/** Bit 6 of an entry. */
const ATTRIBUTE = descriptorFromBits(1 << 6);
/** Where the steps store. */
const places = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 505, 506, 507, 508, 509, 510, 511];
const table = fc.nat(TABLES - 1);
const index = fc.constantFrom(0, 1, 7, 511);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('store' as const), table, index, pfn: fc.nat(3) }) },
  fc.record({ do: fc.constant('store byte' as const), table, index }),
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('store row' as const),
      table,
      from: fc.constantFrom(0, 2, 3, 505),
      // With the last, what an entry holds of the frame is carried from its lower half to the upper one, if each is the next.
      pfn: fc.constantFrom(0x80000, 0x80002, 0xffffd),
      steps: fc.oneof(
        fc.constant([1, 1, 1, 1, 1, 1, 1]),
        fc.array(fc.constantFrom(-3, 0, 1, 1, 2, 0x100000), { minLength: 7, maxLength: 7 }),
      ),
      alike: fc.oneof(
        { weight: 3, arbitrary: fc.constant([true, true, true, true, true, true, true]) },
        fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
      ),
      cpus: fc.integer({ min: 1, max: 2 }),
      over: fc.constantFrom('byte' as const, 'entry' as const, 'nothing' as const),
    }),
  },
  fc.constant({ do: 'tell' as const }),
  fc.record({ do: fc.constantFrom('link' as const, 'unlink' as const, 'replace' as const), table }),
  fc.record({ do: fc.constant('go to' as const), cpu: fc.nat(1) }),
);

/** Does the steps on tables of pages under one table; what stands in them at the end. */
function perform(k: Kernel, steps: readonly Step[]): unknown {
  const start = Math.ceil(k.machine.addresses.vmallocStart / 2 ** 30) * 2 ** 30;
  const init_mm = k.globals['init_mm']!;
  const pud = k.pud_alloc(init_mm, k.p4d_offset(k.pgd_offset_k(start), start), start);
  const pmds = Array.from({ length: TABLES }, (_, i) => k.pmd_alloc(init_mm, pud, start) + 8 * i);
  const tables = pmds.map(() => allocateTable(k, 'pte'));
  for (const each of steps) {
    if (each.do === 'go to') {
      k.cpu = each.cpu;
      continue;
    }
    if (each.do === 'tell') {
      k.trace.emit({ kind: 'fuel' });
      continue;
    }
    const at = tables[each.table]!;
    const pmd = pmds[each.table]!;
    if (each.do === 'store') {
      const entry = each.pfn === 0 ? 0 : entryFor(k.machine, 0x80000 + each.pfn, pageKernel(k));
      expect(storesAlone(k, at + 8 * each.index, entry)).toBe(true);
    } else if (each.do === 'store row') {
      let { pfn } = each;
      for (let i = 0; i < 7; i++) {
        const to = at + 8 * (each.from + i);
        const prot = xor(pageKernel(k), each.alike[i] === true ? 0 : ATTRIBUTE);
        k.cpu = Math.floor(i / 4) % each.cpus;
        expect(storesNext(k, to, entryFor(k.machine, pfn, prot))).toBe(true);
        pfn += each.steps[i]!;
      }
      const to = at + 8 * (each.from + 4);
      if (each.over === 'byte') k.mem.st8(to + 2, 0x55);
      if (each.over === 'entry') k.mem.stDescriptor(to, entryFor(k.machine, 0x80000, pageKernel(k)));
    } else if (each.do === 'store byte') k.mem.st8(at + 8 * each.index + 2, 0x55);
    else if (each.do === 'link') k.pmd_populate_kernel(init_mm, pmd, at);
    else {
      k.mem.stDescriptor(pmd, 0);
      if (each.do === 'replace') {
        storesAlone(k, at, 0);
        freeTable(k, at);
        expect(storesAlone(k, at, 0)).toBe(false);
        tables[each.table] = allocateTable(k, 'pte');
      }
    }
  }
  k.cpu = 0;
  return [...pmds, ...tables.flatMap((at) => places.map((i) => at + 8 * i))].map((at) =>
    k.mem.ldDescriptor(at),
  );
}

const machines = ['arm64-4k', 'x86_64-4level', 'riscv64-sv48'].map((name) => machineNamed(name)!);

test.each(machines.map((machine): [string, Machine] => [machine.name, machine]))(
  'on %s stores to the table of the last one are told as each for itself',
  (_, machine) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const array: TraceEvent[] = [];
        const entries = perform(bootInto(machine, array), steps);
        const log = new EventLog();
        expect(perform(bootInto(machine, log), steps)).toEqual(entries);
        expect([...log]).toEqual(array);
      }),
      { numRuns: 60 },
    );
  },
);

test('stores that go on from the last one end where the memory is given back', () => {
  const log = new EventLog();
  const k = bootInto(machines[0]!, log);
  const at = allocateTable(k, 'pte');
  const begun = log.length;
  const store = (i: number): boolean =>
    storesNext(k, at + 8 * i, entryFor(k.machine, 0x80000 + i, pageKernel(k)));
  expect([0, 1, 2, 3, 4].map(store)).toEqual(Array.from({ length: 5 }, () => true));
  k.mem.release(at);
  expect(store(5)).toBe(false);
  expect(log.length - begun).toBe(5);
  expect(log.at(-1)).toMatchObject({ kind: 'table-write', index: 4 });
});
