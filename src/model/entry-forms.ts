// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../base/descriptor.ts';
import type { Ptr } from '../base/units.ts';
import type { InPlace } from './in-place-form.ts';
import type { Kernel } from './kernel.ts';

// Forms of accessors (in-place.ts) that architectures have in common.

/** Predicate of one entry: it is all zeroes. */
export const isEmpty: InPlace = { print: ([entry]) => ({ condition: `${entry} === 0` }) };

/** Predicate of one entry: any bit of a mask of attributes is set. */
export function anyOf(mask: number): InPlace {
  return { print: ([entry]) => ({ condition: `(i32(${entry}) & ${mask}) !== 0` }) };
}

/** Predicate of one entry: all bits of a mask of attributes are set. */
export function allOf(mask: number): InPlace {
  return { print: ([entry]) => ({ condition: `(i32(${entry}) & ${mask}) === ${mask}` }) };
}

/** The entry at an address. */
export const loadsEntry: InPlace = {
  print: ([at], { call, temporary }) => valueOrCall(temporary(), `mem.entries.at(${at})`, call(at!)),
};

/** `(mm, addr, ptep)`: the entry at `ptep`, which is 0 afterwards. */
export const takesEntry: InPlace = {
  shortcut: (k: Kernel, at: Ptr) => {
    const entry = k.mem.entries.at(at);
    return entry === entry && storesAlone(k, at, 0) ? entry : Number.NaN;
  },
  print: ([mm, addr, at], { call, shortcut, temporary }) =>
    valueOrCall(temporary(), shortcut(at!), call(mm!, addr!, at!)),
};

/**
 * `(mm, addr, ptep, pte)`: stores one entry.
 * @param store what it does beside; false where it did nothing
 */
export function storesEntry(store: (k: Kernel, at: Ptr, entry: Descriptor) => boolean): InPlace {
  return {
    shortcut: store,
    print: ([mm, addr, at, entry], { call, shortcut }) => ({
      value: `(${shortcut(at!, entry!)} || ${call(mm!, addr!, at!, entry!)})`,
    }),
  };
}

/** Stores an entry of a table; false, and nothing is stored, where somebody asks at every store who calls. */
export function storesAlone(k: Kernel, at: Ptr, entry: Descriptor): boolean {
  return k.trace.isWatched !== true && k.mem.entries.set(at, entry);
}

function valueOrCall(kept: string, value: string, call: string): { readonly value: string } {
  return { value: `((${kept} = ${value}) === ${kept} ? ${kept} : ${call})` };
}
