// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../base/descriptor.ts';
import type { Ptr } from '../../../base/units.ts';
import {
  allOf,
  anyOf,
  isEmpty,
  loadsEntry,
  storesAlone,
  storesEntry,
  takesEntry,
} from '../../entry-forms.ts';
import { hasAttribute } from '../../hardware/entry.ts';
import type { InPlace } from '../../in-place-form.ts';
import type { Kernel } from '../../kernel.ts';
import * as bits from './include/asm/pgtable-bits.ts';
import { pte_valid_not_user } from './include/asm/pgtable.ts';
import { publishEntry } from './mm/publish-entry.ts';

/** arm64's accessors in place (../../in-place.ts). */
export const arm64InPlace: Readonly<Record<string, InPlace>> = {
  pte_none: isEmpty,
  pte_valid: anyOf(bits.PTE_VALID),
  pte_present: anyOf(bits.PTE_VALID | bits.PTE_PRESENT_INVALID),
  pte_cont: anyOf(bits.PTE_CONT),
  pte_valid_cont: allOf(bits.PTE_VALID | bits.PTE_CONT),
  pte_young: anyOf(bits.PTE_AF),
  pte_write: anyOf(bits.PTE_WRITE),
  ptep_get: loadsEntry,
  __ptep_get: loadsEntry,
  set_pte_at: storesEntry(setPteAt),
  __set_ptes: {
    shortcut: setPtes,
    print: ([mm, addr, at, pte, nr], { call, shortcut }) => ({
      value: `(${shortcut(at!, pte!, nr!)} || ${call(mm!, addr!, at!, pte!, nr!)})`,
    }),
  },
  ptep_get_and_clear: takesEntry,
  __ptep_get_and_clear: takesEntry,
};

function setPteAt(k: Kernel, at: Ptr, pte: Descriptor): boolean {
  const mayDiffer = hasAttribute(pte, bits.PTE_CONT) && k.machine.config['CONFIG_ARM64_CONTPTE'] === true;
  return !mayDiffer && setPte(k, at, pte);
}

/** A single one: runs are few. */
function setPtes(k: Kernel, at: Ptr, pte: Descriptor, nr: number): boolean {
  return nr === 1 && setPte(k, at, pte);
}

function setPte(k: Kernel, at: Ptr, pte: Descriptor): boolean {
  if (!storesAlone(k, at, pte)) return false;
  if (pte_valid_not_user(k, pte) !== 0) publishEntry(k);
  return true;
}
