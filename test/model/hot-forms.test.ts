// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocateTable } from '../../src/model/hardware/page-tables.ts';
import { formsInPlace } from '../../src/model/in-place.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import type { LinkedKernel } from '../../src/run/link.ts';
import { EventLog } from '../../src/trace/event-log.ts';
import type { Machine } from '../../src/trace/machine.ts';
import type { CType, FunctionType } from '../../src/translate/c-type.ts';
import { linkModelWith } from './model-with-c.ts';

const machines = ['arm64-4k', 'arm64-64k', 'x86_64-4level', 'riscv64-sv48'].map((name) =>
  machineNamed(name)!,
);

/** The functions of a machine that have code of their own in hot code, and how C declares them. */
function formsOf(machine: Machine): (readonly [string, FunctionType])[] {
  const declared = linkModelWith(machine, '', []);
  return [...formsInPlace(machine)].flatMap(([name, { hot }]) => {
    const type = declared.prototypeOf(name);
    return hot === undefined || type === undefined ? [] : [[name, type] as const];
  });
}

/** C that calls each function with values of which both halves are given, so that they may be any 64 bits. */
function callers(forms: readonly (readonly [string, FunctionType])[]): string {
  const given = (type: CType, i: number): string => {
    const bits = `((unsigned long)h${i} << 32 | l${i})`;
    return type.kind === 'descriptor' ? `__pte(${bits})` : type.kind === 'pointer' ? `(void *)${bits}` : bits;
  };
  const returned = (type: CType, call: string): string => {
    if (type.kind === 'void') return `${call}; return 0;`;
    return type.kind === 'descriptor' ? `return pte_val(${call});` : `return (unsigned long)${call};`;
  };
  return forms
    .map(([name, { parameters, result }]) => {
      const list = parameters.map((_, i) => `unsigned int h${i}, unsigned int l${i}`).join(', ');
      const args = parameters.map(({ type }, i) => given(type, i)).join(', ');
      return `unsigned long call_${name}(${list || 'void'}) { ${returned(result, `${name}(${args})`)} }\n`;
    })
    .join('');
}

/**
 * A value for a parameter; where it is a place in a table, the place's number. Entries are any 64 bits; addresses are those that
 * machines have, for functions of the model refuse others.
 */
function valueFor(machine: Machine, type: CType): fc.Arbitrary<Given> {
  const { vmemmapStart, ramStart, ramPages } = machine.addresses;
  const pfn = fc.integer({ min: -5, max: ramStart + ramPages + 5 }).map(BigInt);
  if (type.kind === 'descriptor') return anyEntry(pfn);
  if (type.kind === 'pointer') {
    const page = pfn.map((n) => BigInt(vmemmapStart) + n * 64n);
    const isPage = type.to.kind === 'struct' && type.to.tag === 'page';
    return isPage
      ? page
      : fc.oneof({ weight: 4, arbitrary: fc.record({ place: fc.nat(600) }) }, page, fc.constant(0n));
  }
  // How many: of millions nobody would see the end.
  if (type.kind === 'integer' && type.size < 8) return fc.nat(3).map(BigInt);
  const address = fc.integer({ min: -(2 ** 47), max: 2 ** 47 }).map(BigInt);
  return fc.oneof(
    pfn,
    address,
    fc.nat(3).map(BigInt),
    fc.nat(4).map((n) => BigInt(n) << 21n),
  );
}

function anyEntry(pfn: fc.Arbitrary<bigint>): fc.Arbitrary<bigint> {
  const any = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const usual = fc
    .tuple(pfn, fc.nat(0xfff))
    .map(([n, attributes]) => BigInt.asUintN(64, (n << 12n) | BigInt(attributes)));
  return fc.oneof(fc.constant(0n), any, usual);
}

/** A kernel that is booted once: what is done to it adds up, in two of them alike. */
function booted(linked: LinkedKernel) {
  const events = new EventLog();
  linked.boot(events);
  return { linked, events };
}

/** What a call gives, and all that it does to a table of entries. */
function outcome(
  { linked, events }: ReturnType<typeof booted>,
  name: string,
  args: readonly Given[],
  before: readonly bigint[],
  isLazy: boolean,
) {
  const { kernel: k } = linked;
  linked.runtime.restart();
  const start = events.length;
  const table = allocateTable(k, 'pte');
  for (const [i, bits] of before.entries())
    linked.call('__set_entry', [table + 8 * i, high(bits), low(bits)]);
  if (isLazy) linked.call('arch_enter_lazy_mmu_mode', []);
  const values = args.map((arg) => (typeof arg === 'bigint' ? arg : BigInt(table + 8 * arg.place)));
  let result: string;
  try {
    const halves = values.flatMap((value) => [high(value), low(value)]);
    result = String(linked.call(`call_${name}`, halves));
  } catch (error) {
    result = String(error);
  }
  if (isLazy) linked.call('arch_leave_lazy_mmu_mode', []);
  const after = before.map((_, i) => String(k.mem.ldDescriptor(table + 8 * i)));
  return { result, after, events: events.slice(start) };
}

type Given = bigint | { readonly place: number };
const high = (value: bigint): number => Number((value >> 32n) & 0xffffffffn);
const low = (value: bigint): number => Number(value & 0xffffffffn);

const SETTER =
  'void __set_entry(pte_t *at, unsigned int h, unsigned int l) { *at = __pte((unsigned long)h << 32 | l); }\n';

test.each(machines.map((machine) => [machine.name, machine] as const))(
  'on %s hot code does of each accessor what JavaScript does, of any 64 bits',
  (_, machine) => {
    const forms = formsOf(machine);
    expect(forms.length).toBeGreaterThan(15);
    const entryPoints = [
      '__set_entry',
      'arch_enter_lazy_mmu_mode',
      'arch_leave_lazy_mmu_mode',
      ...forms.map(([name]) => `call_${name}`),
    ];
    const text = SETTER + callers(forms);
    const [cold, hot] = [
      linkModelWith(machine, text, entryPoints),
      linkModelWith(machine, text, entryPoints),
    ];
    hot.heat();
    expect(hot.cold).toEqual([]);
    for (const [name, { parameters }] of forms) {
      const args = fc.tuple(...parameters.map(({ type }) => valueFor(machine, type)));
      const before = fc.array(anyEntry(fc.nat(2 ** 20).map(BigInt)), { maxLength: 4 });
      const [ours, theirs] = [booted(hot), booted(cold)];
      fc.assert(
        fc.property(args, before, fc.boolean(), (given, entries, isLazy) => {
          expect(outcome(ours, name, given, entries, isLazy)).toEqual(
            outcome(theirs, name, given, entries, isLazy),
          );
        }),
        { numRuns: 40 },
      );
    }
  },
);
