// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../../trace/machine.ts';
import { anyOf, isAlways, isEmpty, isOfType, unless } from '../../entry-forms.ts';
import { isFolded, levelsOf } from '../../hardware/levels.ts';
import type { InPlace } from '../../in-place-form.ts';
import * as bits from './include/asm/pgtable-bits.ts';

// arm64's accessors of entries above the page level, in place (../../in-place.ts). Where the next level is folded, an entry
// is the folded table itself.

const isTable = isOfType(bits.PTE_TYPE_MASK, bits.TYPE_TABLE);
const isPresent = anyOf(bits.PTE_VALID | bits.PTE_PRESENT_INVALID);

/** Predicate of an entry's address: false where a table is linked there, else what the function says and does. */
const isNoTableAt: InPlace = {
  print: ([at], { call }) => ({
    condition: `(i32(mem.entries.at(${at})) & ${bits.PTE_TYPE_MASK}) !== ${bits.TYPE_TABLE} && ${call(at!)} !== 0`,
  }),
};

export function upperLevelForms(machine: Machine): Readonly<Record<string, InPlace>> {
  const { p4d, pud, pmd } = levelsOf(machine);
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
  };
}
