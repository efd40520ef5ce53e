// SPDX-License-Identifier: GPL-2.0-only
import { attributesOf, type Descriptor } from '../../../base/descriptor.ts';
import type { Ptr } from '../../../base/units.ts';
import type { Machine } from '../../../trace/machine.ts';
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
import { publishEntry } from './mm/publish-entry.ts';

/** arm64's accessors in place (../../in-place.ts). */
export function arm64InPlace({ config }: Machine): Readonly<Record<string, InPlace>> {
  return {
    ...asked,
    ...stored,
    ...(config['CONFIG_ARM64_CONTPTE'] === true ? { set_pte_at: setsFoldedPte } : {}),
  };
}

/** What an entry says. */
const asked: Readonly<Record<string, InPlace>> = {
  pte_none: isEmpty,
  pte_valid: anyOf(bits.PTE_VALID),
  pte_present: anyOf(bits.PTE_VALID | bits.PTE_PRESENT_INVALID),
  pte_cont: anyOf(bits.PTE_CONT),
  pte_valid_cont: allOf(bits.PTE_VALID | bits.PTE_CONT),
  pte_young: anyOf(bits.PTE_AF),
  pte_write: anyOf(bits.PTE_WRITE),
};

/** Entries in memory. */
const stored: Readonly<Record<string, InPlace>> = {
  ptep_get: loadsEntry,
  __ptep_get: loadsEntry,
  set_pte_at: storesEntry(setPte),
  __set_ptes: {
    shortcut: setPte,
    // A single one: runs are few.
    print: ([mm, addr, at, pte, nr], { call, shortcut }) => ({
      value: `(${nr} === 1 && ${shortcut(at!, pte!)} || ${call(mm!, addr!, at!, pte!, nr!)})`,
    }),
  },
  ptep_get_and_clear: takesEntry,
  __ptep_get_and_clear: takesEntry,
};

/** An entry of a run may be one of several that change. */
const setsFoldedPte = storesEntry((k, at, pte) => !hasAttribute(pte, bits.PTE_CONT) && setPte(k, at, pte));

const KERNEL_PAGE = bits.PTE_VALID | bits.PTE_UXN;

function setPte(k: Kernel, at: Ptr, pte: Descriptor): boolean {
  if (!storesAlone(k, at, pte)) return false;
  // As pte_valid_not_user() asks.
  if ((attributesOf(pte) & (KERNEL_PAGE | bits.PTE_USER)) === KERNEL_PAGE) publishEntry(k);
  return true;
}
