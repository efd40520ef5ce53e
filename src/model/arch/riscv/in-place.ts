// SPDX-License-Identifier: GPL-2.0-only
import {
  anyOf,
  isEmpty,
  loadsEntry,
  storesNext,
  storesEntry,
  takesEntry,
  writeStoresNext,
} from '../../entry-forms.ts';
import type { InPlace } from '../../in-place-form.ts';
import * as bits from './include/asm/pgtable-bits.ts';

/** riscv's accessors in place (../../in-place.ts). */
export const riscvInPlace: Readonly<Record<string, InPlace>> = {
  pte_none: isEmpty,
  pte_present: anyOf(bits._PAGE_PRESENT | bits._PAGE_PROT_NONE),
  pte_napot: anyOf(bits._PAGE_NAPOT),
  pte_young: anyOf(bits._PAGE_ACCESSED),
  pte_dirty: anyOf(bits._PAGE_DIRTY),
  pte_write: anyOf(bits._PAGE_WRITE),
  ptep_get: loadsEntry,
  set_pte_at: storesEntry(storesNext, writeStoresNext),
  ptep_get_and_clear: takesEntry,
};
