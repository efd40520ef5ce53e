// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Descriptor } from '../../src/base/descriptor.ts';
import { fromBig, lowHalf, type U64 } from '../../src/base/u64.ts';
import { KernelOops } from '../../src/model/hardware/kernel-oops.ts';
import { allocateTable } from '../../src/model/hardware/page-tables.ts';
import { formsInPlace } from '../../src/model/in-place.ts';
import { isPrinted, type PrintedForm } from '../../src/base/in-place-form.ts';
import type { InPlace } from '../../src/model/in-place-form.ts';
import type { Kernel } from '../../src/model/kernel.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { modelSymbols } from '../../src/model/symbols.ts';
import type { Machine } from '../../src/trace/machine.ts';
import { bootKernel, type BootedKernel } from './booted-kernel.ts';

function printedForms(machine: Machine): (readonly [string, InPlace & PrintedForm])[] {
  return [...formsInPlace(machine)].flatMap(([name, form]) =>
    isPrinted(form) ? [[name, form] as const] : [],
  );
}

const machines = ['arm64-4k', 'arm64-64k', 'x86_64-4level', 'riscv64-sv48'].map((name) =>
  machineNamed(name)!,
);

/** The form as a function with the parameters of the kernel's function. */
function made(k: Kernel, name: string, form: InPlace & PrintedForm): (...args: U64[]) => unknown {
  const parameters = modelSymbols(k.machine)[name]!.length - 1;
  const args = Array.from({ length: parameters }, (_, i) => `a${i}`);
  const temporaries: string[] = [];
  const text = form.print(args, {
    call: (...texts) => `k.${name}(${texts.join(', ')})`,
    shortcut: (...texts) => `shortcut(k, ${texts.join(', ')})`,
    temporary: () => `t${temporaries.push('') - 1}`,
  });
  const value = 'value' in text ? text.value : `(${text.condition}) ? 1 : 0`;
  const declared = temporaries.map((_, i) => `let t${i};`).join(' ');
  // oxlint-disable-next-line no-implied-eval, no-new-func -- the text that is tested
  const make = new Function(
    'k',
    'mem',
    'shortcut',
    'i32',
    `return (${args.join(', ')}) => { ${declared} return ${value}; };`,
  );
  return make(k, k.mem, form.shortcut, lowHalf) as (...args: U64[]) => unknown;
}

/** Entries as they are, and any 64 bits. */
const anyEntry = (machine: Machine): fc.Arbitrary<Descriptor> =>
  fc.oneof(
    fc.constant<Descriptor>(0),
    fc.maxSafeInteger(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(fromBig),
    fc
      .tuple(fc.integer({ min: 0, max: 2 ** 26 - 1 }), fc.nat(machine.addresses.ramPages))
      .map(([attributes, pfn]) => (pfn + machine.addresses.ramStart) * 2 ** 26 + attributes),
  );

const anyPage = ({ addresses: { vmemmapStart, ramStart, ramPages } }: Machine): fc.Arbitrary<number> =>
  fc.oneof(
    fc.nat(ramStart + ramPages + 10).map((pfn) => vmemmapStart + pfn * 64),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  );

/** What the function may be given, by the name of its parameter in the model. */
function argumentsOf(machine: Machine, name: string): fc.Arbitrary<U64[]> {
  const one = /^(pte|pmd|pud|p4d|pgd)_/.test(name) ? [anyEntry(machine)] : [];
  const pfn = fc.integer({ min: -5, max: machine.addresses.ramStart + machine.addresses.ramPages + 5 });
  const page = anyPage(machine);
  // Of the kernel, of users, and the top of all addresses, which is 0.
  const end = fc.oneof(
    fc.integer({ min: -(2 ** 47), max: 2 ** 47 }),
    fc.integer({ min: -4, max: 4 }).map((n) => n * 2 ** 21),
  );
  const known: Readonly<Record<string, readonly fc.Arbitrary<U64>[]>> = {
    page_to_pfn: [page],
    page_to_phys: [page],
    pfn_valid: [pfn],
    pfn_pte: [fc.oneof(pfn, fc.nat(2 ** 30)), anyEntry(machine)],
    mk_pte: [page, anyEntry(machine)],
  };
  return fc.tuple(...(known[name] ?? (name.endsWith('_addr_end') ? [end, end] : one)));
}

test.each(machines.map((machine) => [machine.name, machine] as const))(
  'on %s each form answers what its function answers',
  (_, machine) => {
    const { k } = bootKernel(machine);
    const plain = k as unknown as Readonly<Record<string, (...args: U64[]) => unknown>>;
    const pure = printedForms(machine).filter(([name, form]) => !usesMemory(name) && form.asksTruth !== true);
    expect(pure.length).toBeGreaterThan(6);
    for (const [name, form] of pure) {
      const inPlace = made(k, name, form);
      fc.assert(
        fc.property(argumentsOf(machine, name), (args) => {
          expect(inPlace(...args)).toBe(plain[name]!(...args));
        }),
        { numRuns: 200 },
      );
    }
  },
);

/** It loads or stores an entry. */
function usesMemory(name: string): boolean {
  return /ptep_|set_pte|set_huge|_clear|_track$|_offset/.test(name);
}

/** Of a function that loads or stores an entry at an address. */
function argumentsFor(k: Kernel, name: string, at: number, entry: Descriptor, count: number): U64[] {
  if (name.endsWith('ptep_get')) return [at];
  if (name.includes('ptep') && name.includes('clear')) return [0, 0, at];
  if (name.includes('clear')) return [at];
  const somewhere = count * 0x12345678;
  const mask = k.mem.allocate({ name: 'mask', size: 4, zeroed: true });
  if (name.endsWith('_kernel_track')) return [at, somewhere, mask];
  if (name.endsWith('_track')) return [k.globals['init_mm']!, at, somewhere, mask];
  if (name === 'pgd_offset_k') return [somewhere];
  if (name.includes('_offset')) return [at, somewhere];
  if (name.endsWith('set_huge')) return [at, (count - 1) * 2 ** 31, entry];
  return name.endsWith('ptes') ? [0, 0, at, entry, count] : [0, 0, at, entry];
}

/** A table of pages, in it an entry at each of some places, and what happens when `use` has it. */
function onTable(
  machine: Machine,
  entries: readonly Descriptor[],
  use: (booted: BootedKernel, at: number) => unknown,
): unknown {
  const booted = bootKernel(machine);
  const { k, events } = booted;
  const at = allocateTable(k, 'pte');
  for (const [i, entry] of entries.entries()) k.mem.stDescriptor(at + 8 * i, entry);
  const result = use(booted, at);
  const after = entries.map((__, i) => k.mem.ldDescriptor(at + 8 * i));
  return { result, after, events: [...events] };
}

/** Any 64 bits may be an entry that leads nowhere. */
function resultOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    if (error instanceof KernelOops) return 'a fault';
    throw error;
  }
}

test.each(machines.map((machine) => [machine.name, machine] as const))(
  'on %s each form of what loads or stores an entry does what its function does',
  (_, machine) => {
    const pairs = printedForms(machine).filter(([name]) => usesMemory(name));
    expect(pairs.length).toBeGreaterThan(2);
    const entries = fc.array(anyEntry(machine), { minLength: 1, maxLength: 4 });
    for (const [name, form] of pairs) {
      fc.assert(
        fc.property(entries, anyEntry(machine), fc.boolean(), fc.nat(2), (before, entry, isLazy, more) => {
          const outcome = (call: (k: Kernel) => (...args: U64[]) => unknown): unknown =>
            onTable(machine, before, ({ k }, at) => {
              if (isLazy) k.arch_enter_lazy_mmu_mode();
              const result = resultOf(() => call(k)(...argumentsFor(k, name, at, entry, more + 1)));
              if (isLazy) k.arch_leave_lazy_mmu_mode();
              return name.includes('set') ? undefined : result;
            });
          const plain = (k: Kernel) => (k as unknown as Record<string, () => unknown>)[name]!.bind(k);
          expect(outcome((k) => made(k, name, form))).toEqual(outcome(plain));
        }),
        { numRuns: 25 },
      );
    }
  },
);

test('a warning in place is told where its condition holds, and nowhere else', () => {
  const { k, events } = bootKernel(machines[0]!);
  const [, form] = printedForms(k.machine).find(([name]) => name === '__warn_on')!;
  const warn = made(k, '__warn_on', form);
  const text = k.mem.allocate({ name: 'text', size: 2, zeroed: true });
  expect(warn(0, text)).toBe(0);
  expect(events).toEqual([]);
  expect(warn(1, text)).toBe(1);
  expect(events).toEqual([{ kind: 'warn', call: 'WARN', condition: '' }]);
});
