// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { KernelWorld } from '../kernel.ts';
import { partOfState } from '../part-of-state.ts';

/** What each struct xarray holds, by index. */
export const knownArrays = partOfState((): Map<Ptr, Map<number, Ptr>> => new Map());

/** What all arrays point to. */
export function arrayEntries(k: KernelWorld): readonly Ptr[] {
  return [...k.state(knownArrays).values()].flatMap((entries) => [...entries.values()]);
}
