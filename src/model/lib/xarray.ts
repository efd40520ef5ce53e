// SPDX-License-Identifier: GPL-2.0-only
import type { U64 } from '../../base/u64.ts';
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { mayAllocate } from '../mm/allocation-limit.ts';
import { knownArrays } from './array-entries.ts';

// lib/xarray.c: the entries are kept in TypeScript, by the address of the struct xarray.

const EBUSY = 16;
const ENOMEM = 12;

function entriesOf(k: Kernel, xa: Ptr): Map<number, Ptr> {
  const arrays = k.state(knownArrays);
  let entries = arrays.get(xa);
  if (entries === undefined) arrays.set(xa, (entries = new Map()));
  return entries;
}

/** @kernel include/linux/xarray.h xa_init @fidelity custom: entries are kept outside memory */
export function xa_init(k: Kernel, xa: Ptr): void {
  k.mem.fill(xa, 0, k.sizeof('xarray'));
  k.state(knownArrays).delete(xa);
}

/** @kernel lib/xarray.c xa_load @fidelity custom: entries are kept outside memory */
export function xa_load(k: Kernel, xa: Ptr, index: number): Ptr {
  return entriesOf(k, xa).get(index) ?? 0;
}

/** @kernel include/linux/xarray.h xa_insert @fidelity custom: entries are kept outside memory */
export function xa_insert(k: Kernel, xa: Ptr, index: number, entry: Ptr, _gfp: number): number {
  const entries = entriesOf(k, xa);
  if (entries.has(index)) return -EBUSY;
  if (!mayAllocate(k, { what: 'object', name: 'xa_node' })) return -ENOMEM;
  entries.set(index, entry);
  return 0;
}

/** @kernel lib/xarray.c xa_store @fidelity custom: entries are kept outside memory */
export function xa_store(k: Kernel, xa: Ptr, index: number, entry: Ptr, _gfp: number): Ptr {
  const entries = entriesOf(k, xa);
  const before = entries.get(index) ?? 0;
  if (entry === 0) entries.delete(index);
  else entries.set(index, entry);
  return before;
}

/** @kernel lib/xarray.c xa_erase @fidelity custom: entries are kept outside memory */
export function xa_erase(k: Kernel, xa: Ptr, index: number): Ptr {
  const entries = entriesOf(k, xa);
  const before = entries.get(index) ?? 0;
  entries.delete(index);
  return before;
}

function findFrom(k: Kernel, xa: Ptr, index: Ptr, from: number): Ptr {
  const found = [...entriesOf(k, xa).keys()].filter((each) => each >= from).sort((a, b) => a - b)[0];
  if (found === undefined) return 0;
  k.mem.st64(index, found);
  return entriesOf(k, xa).get(found)!;
}

/**
 * The first entry at or after `*index`.
 * @kernel lib/xarray.c xa_find
 * @fidelity custom: `max` is taken as unlimited
 */
export function xa_find(k: Kernel, xa: Ptr, index: Ptr, _max: U64, _filter: number): Ptr {
  return findFrom(k, xa, index, Number(k.mem.ld64(index)));
}

/**
 * The first entry after `*index`.
 * @kernel lib/xarray.c xa_find_after
 * @fidelity custom: `max` is taken as unlimited
 */
export function xa_find_after(k: Kernel, xa: Ptr, index: Ptr, _max: U64, _filter: number): Ptr {
  return findFrom(k, xa, index, Number(k.mem.ld64(index)) + 1);
}
