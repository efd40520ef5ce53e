// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr, VirtAddr } from '../base/units.ts';
import type { Machine } from '../trace/machine.ts';
import { DESCRIPTOR_ROTATION } from '../base/descriptor.ts';
import type { WasmCode } from '../base/wasm-module.ts';
import { isItself, PLAIN_BITS, valueOrCall, writeIsPlain } from './entry-forms.ts';
import { NO_ENTRY } from './hardware/hot-helpers.ts';
import { frameUnit } from './hardware/entry.ts';
import { isFolded, levelsOf, type LevelGeometry } from './hardware/levels.ts';
import { lookUp } from './hardware/table-step.ts';
import type { InPlace } from './in-place-form.ts';
import type { Kernel } from './kernel.ts';

// Forms (in-place.ts) of the steps from one level of page tables to the next, which all architectures have in common.

/** Steps from an entry to the next level, and from an address to the end of what an entry covers. */
export function levelForms(machine: Machine): Readonly<Record<string, InPlace>> {
  const { pgd, p4d, pud, pmd, pte } = levelsOf(machine);
  return {
    pgd_offset_k: stepsFromRoot(pgd),
    pgd_addr_end: endWithin(pgd),
    p4d_addr_end: endWithin(p4d),
    pud_addr_end: endWithin(pud),
    pmd_addr_end: endWithin(pmd),
    p4d_offset: isFolded(p4d) ? isItself : stepsTo(machine, p4d, 0),
    pud_offset: isFolded(pud) ? isItself : stepsTo(machine, pud, 0),
    pmd_offset: isFolded(pmd) ? isItself : stepsTo(machine, pmd, 0),
    pte_offset_kernel: stepsTo(machine, pte, 0),
    p4d_alloc_track: isFolded(p4d) ? readsSecond : stepsTo(machine, p4d, 1),
    pud_alloc_track: isFolded(pud) ? readsSecond : stepsTo(machine, pud, 1),
    pmd_alloc_track: isFolded(pmd) ? readsSecond : stepsTo(machine, pmd, 1),
    pte_alloc_kernel_track: stepsTo(machine, pte, 0),
  };
}

/** `(addr, end)`: the nearer one of two ends, of which an end of 0 is that of all addresses. */
function endWithin(level: LevelGeometry): InPlace {
  if (isFolded(level)) {
    return { print: ([, end]) => ({ value: end! }), hot: ({ code, args: [, end] }) => void code.get(end!) };
  }
  const { size } = level;
  return {
    hot: ({ code, args: [addr, end], call }) => {
      const next = code.local('i64');
      const nearer = (): void => {
        code.get(addr!).i64(-Number(size)).op('i64.and').i64(size).op('i64.add').tee(next).get(end!);
        code.get(next).i64(1).op('i64.sub').get(end!).i64(1).op('i64.sub', 'i64.lt_u', 'select');
      };
      writeIsPlain(code, addr!);
      writeIsPlain(code, end!);
      code.op('i32.and').if('i64', nearer, call);
    },
    print: ([addr, end], { call, temporary }) => {
      const next = temporary();
      const nearer = `${next} < ${end} === (${next} < 1 === ${end} < 1) ? ${next} : ${end}`;
      const known = `typeof ${addr} === 'number' && typeof ${end} === 'number'`;
      return {
        value: `(${known} ? (${next} = Math.floor(${addr} / ${size}) * ${size} + ${size}, ${nearer}) : ${call(addr!, end!)})`,
      };
    },
  };
}

/** `(mm, above, …)`: `above`, where an entry must be. */
const readsSecond: InPlace = {
  print: ([, above]) => ({ value: `(mem.ldDescriptor(${above}), ${above})` }),
  hot: ({ code, helpers, args: [, above], call }) => {
    code.get(above!);
    helpers.entryAt(code);
    code.i64(NO_ENTRY).op('i64.ne');
    code.if('i64', () => code.get(above!), call);
  },
};

/** `(addr)`: the entry for `addr` in the kernel's own root. */
function stepsFromRoot(level: LevelGeometry): InPlace {
  return {
    shortcut: (k: Kernel, addr: VirtAddr) => {
      if (typeof addr !== 'number' || k.trace.isWatched === true) return Number.NaN;
      return lookUp(k, level, k.structs.mm_struct(k.globals['init_mm']!).pgd, addr);
    },
    print: ([addr], { call, shortcut, temporary }) =>
      valueOrCall(temporary(), shortcut(addr!), `+${call(addr!)}`),
    hot: ({ code, helpers, args: [addr], pointerIn, call }) => {
      const step = (): void => {
        pointerIn('init_mm', 'mm_struct', 'pgd');
        code.get(addr!).i32(level.place);
        helpers.walk(code);
        writeEntryBehind(code, level, addr!);
      };
      writeIsPlain(code, addr!);
      code.if('i64', step, call);
    },
  };
}

/**
 * `(…, above, addr, …)`: the entry for `addr` in the table that `above` points to, where it points to one.
 * @param place of the argument `above`
 */
function stepsTo(machine: Machine, level: LevelGeometry, place: number): InPlace {
  // As tableBelow() and lookUp() compute it, with numbers that are known beforehand; all of them are powers of two.
  const { pageOffset } = machine.addresses;
  const pageSize = 2 ** machine.pageShift;
  const unit = frameUnit(machine);
  const framesIn1 = 1 / unit;
  const entriesIn1 = 1 / level.size;
  const { place: levelPlace, last } = level;
  return {
    shortcut: (k: Kernel, above: Ptr, addr: VirtAddr) => {
      const entry = k.mem.entries.at(above);
      if (!(entry >= unit) || typeof addr !== 'number' || k.trace.isWatched === true) return Number.NaN;
      k.trace.stores.walk(levelPlace, addr);
      const table = pageOffset + Math.floor(entry * framesIn1) * pageSize;
      return table + (Math.floor(addr * entriesIn1) & last) * 8;
    },
    hot: ({ code, helpers, args, call }) => {
      const [above, addr] = [args[place]!, args[place + 1]!];
      const rotated = code.local('i64');
      const step = (): void => {
        code.get(addr).i32(levelPlace);
        helpers.walk(code);
        code.get(rotated).i64(Math.log2(unit)).op('i64.shr_u').i64(machine.pageShift).op('i64.shl');
        code.i64(pageOffset).op('i64.add');
        writeEntryBehind(code, level, addr);
      };
      code.get(above);
      helpers.entryAt(code);
      // What is none has bits that a plain entry does not have, and is no link to follow.
      code.i64(DESCRIPTOR_ROTATION).op('i64.rotl').tee(rotated);
      code
        .i64(unit)
        .op('i64.sub')
        .i64(2 ** PLAIN_BITS - unit)
        .op('i64.lt_u');
      writeIsPlain(code, addr);
      code.op('i32.and').if('i64', step, call);
    },
    print: (args, { call, shortcut, temporary }) =>
      valueOrCall(temporary(), shortcut(args[place]!, args[place + 1]!), `+${call(...args)}`),
  };
}

/** The address of a table is on the stack; that of its entry for the address in a local takes its place. */
function writeEntryBehind(code: WasmCode, { shift, last }: LevelGeometry, addr: number): void {
  code.get(addr).i64(shift).op('i64.shr_u').i64(last).op('i64.and').i64(3).op('i64.shl', 'i64.add');
}
