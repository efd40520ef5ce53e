// SPDX-License-Identifier: GPL-2.0-only
import { DESCRIPTOR_ROTATION, type Descriptor } from '../../../base/descriptor.ts';
import type { PhysAddr, Ptr } from '../../../base/units.ts';
import type { Machine } from '../../../trace/machine.ts';
import {
  anyOf,
  hardware,
  isAlways,
  isEmpty,
  isOfType,
  leavesTruth,
  storesAlone,
  unless,
  valueOrCall,
} from '../../entry-forms.ts';
import { NO_ENTRY } from '../../hardware/hot-helpers.ts';
import { frameUnit, plainFrames } from '../../hardware/entry.ts';
import { isFolded, levelsOf, type LevelGeometry } from '../../hardware/levels.ts';
import type { InPlace } from '../../in-place-form.ts';
import type { Kernel } from '../../kernel.ts';
import * as bits from './include/asm/pgtable-bits.ts';
import { publishEntry, writePublish } from './mm/publish-entry.ts';

// arm64's accessors of entries above the page level, in place (../../in-place.ts). Where the next level is folded, an entry
// is the folded table itself.

const isTable = isOfType(bits.PTE_TYPE_MASK, bits.TYPE_TABLE);
const isPresent = anyOf(bits.PTE_VALID | bits.PTE_PRESENT_INVALID);

/** Predicate of an entry's address: false where a table is linked there, else what the function says and does. */
const isNoTableAt: InPlace = {
  print: ([at], { call }) => ({
    condition: `(i32(mem.entries.at(${at})) & ${bits.PTE_TYPE_MASK}) !== ${bits.TYPE_TABLE} && ${call(at!)} !== 0`,
  }),
  hot: leavesTruth(({ code, helpers, args: [at], call }) => {
    const entry = code.local('i64');
    code.get(at!);
    helpers.entryAt(code);
    code
      .tee(entry)
      .i64(hardware(bits.PTE_TYPE_MASK))
      .op('i64.and')
      .i64(hardware(bits.TYPE_TABLE))
      .op('i64.ne');
    code.get(entry).i64(NO_ENTRY).op('i64.eq', 'i32.or');
    code.if('i32', call, () => code.i32(0));
  }),
};

// Of this file, so that the engine knows what they are.
const BLOCK = bits.TYPE_SECT;
const TABLE_BIT = bits.PTE_TABLE_BIT;
const VALID = bits.PTE_VALID;

/** `(at, phys, prot)`: a block where no entry is; 1. */
function setsBlock(machine: Machine, { size, level }: LevelGeometry): InPlace | undefined {
  if (level === undefined) return undefined;
  const unit = frameUnit(machine);
  const { pageShift } = machine;
  const pageSize = 2 ** pageShift;
  const frames = plainFrames(machine);
  return {
    shortcut: (k: Kernel, at: Ptr, phys: PhysAddr, prot: Descriptor) => {
      const isPlain =
        typeof phys === 'number' &&
        phys >= 0 &&
        phys / pageSize < frames &&
        typeof prot === 'number' &&
        prot >= 0 &&
        prot < unit;
      if (!isPlain || Math.floor(phys / size) * size !== phys || k.mem.entries.at(at) !== 0)
        return Number.NaN;
      const attributes = (prot & ~TABLE_BIT) | BLOCK;
      if (!storesAlone(k, at, (phys / pageSize) * unit + attributes)) return Number.NaN;
      if ((attributes & VALID) !== 0) publishEntry(k);
      return 1;
    },
    print: ([at, phys, prot], { call, shortcut, temporary }) =>
      valueOrCall(temporary(), shortcut(at!, phys!, prot!), call(at!, phys!, prot!)),
    hot: ({ code, helpers, args: [at, phys, prot], call }) => {
      const entry = code.local('i64');
      const shift = Math.log2(unit) - DESCRIPTOR_ROTATION;
      code
        .get(phys!)
        .i64(frames * pageSize)
        .op('i64.lt_u')
        .get(phys!)
        .i64(size - 1)
        .op('i64.and', 'i64.eqz', 'i32.and');
      code
        .get(prot!)
        .i64(~hardware(unit - 1))
        .op('i64.and', 'i64.eqz', 'i32.and')
        .get(at!);
      helpers.entryAt(code);
      code.op('i64.eqz', 'i32.and');
      code.if(
        'i32',
        () => {
          code
            .get(phys!)
            .i64(pageShift)
            .op('i64.shr_u')
            .i64(shift)
            .op('i64.shl')
            .get(prot!)
            .i64(~hardware(TABLE_BIT))
            .op('i64.and');
          code.op('i64.or').i64(hardware(BLOCK)).op('i64.or').set(entry).get(at!).get(entry);
          helpers.storeAlone(code);
          code.if(
            'i32',
            () => {
              code.get(entry).i64(hardware(VALID)).op('i64.and').i64(0).op('i64.ne');
              code.if(undefined, () => writePublish(code, helpers)).i32(1);
            },
            call,
          );
        },
        call,
      );
    },
  };
}

export function upperLevelForms(machine: Machine): Readonly<Record<string, InPlace>> {
  const { p4d, pud, pmd } = levelsOf(machine);
  const setsBlockAtPud = setsBlock(machine, pud);
  const below = (level: typeof pmd, form: InPlace): InPlace => (isFolded(level) ? isAlways(false) : form);
  return {
    pgd_none: below(p4d, isEmpty),
    p4d_none: below(pud, isEmpty),
    pud_none: below(pmd, isEmpty),
    pmd_none: isEmpty,
    pgd_bad: below(p4d, unless(isTable)),
    p4d_bad: below(pud, unless(isTable)),
    pud_bad: below(pmd, unless(isTable)),
    pmd_bad: unless(isTable),
    pmd_table: isTable,
    pmd_sect: isOfType(bits.PTE_TYPE_MASK, bits.TYPE_SECT),
    pud_present: isFolded(pmd) ? isAlways(true) : isPresent,
    pmd_present: isPresent,
    pgd_none_or_clear_bad: isNoTableAt,
    p4d_none_or_clear_bad: isNoTableAt,
    pud_none_or_clear_bad: isNoTableAt,
    pmd_none_or_clear_bad: isNoTableAt,
    p4d_clear_huge: isAlways(false),
    pud_clear_huge: isNoTableAt,
    pmd_clear_huge: isNoTableAt,
    ...(setsBlockAtPud === undefined ? {} : { pud_set_huge: setsBlockAtPud }),
    pmd_set_huge: setsBlock(machine, pmd)!,
  };
}
