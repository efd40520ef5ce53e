// SPDX-License-Identifier: GPL-2.0-only
import {
  anyOf,
  hardware,
  leavesTruth,
  loadsEntry,
  storesNext,
  storesEntry,
  takesEntry,
  writeStoresNext,
} from '../../entry-forms.ts';
import type { InPlace } from '../../in-place-form.ts';
import * as bits from './include/asm/pgtable-bits.ts';

/** x86's accessors in place (../../in-place.ts). */
export const x86InPlace: Readonly<Record<string, InPlace>> = {
  pte_none: {
    print: ([pte]) => ({
      condition: `(typeof ${pte} === 'number' && ${pte} - (${pte} & ${bits._PAGE_KNL_ERRATUM_MASK}) === 0)`,
    }),
    hot: leavesTruth(({ code, args: [pte] }) =>
      code.get(pte!).i64(~hardware(bits._PAGE_KNL_ERRATUM_MASK)).op('i64.and', 'i64.eqz'),
    ),
  },
  pte_present: anyOf(bits._PAGE_PRESENT | bits._PAGE_PROTNONE),
  pte_young: anyOf(bits._PAGE_ACCESSED),
  pte_dirty: anyOf(bits._PAGE_DIRTY),
  pte_write: anyOf(bits._PAGE_RW),
  ptep_get: loadsEntry,
  set_pte_at: storesEntry(storesNext, writeStoresNext),
  ptep_get_and_clear: takesEntry,
};
