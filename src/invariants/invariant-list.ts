// SPDX-License-Identifier: GPL-2.0-only
import { boundsPages } from './bounds/pages.ts';
import { ends } from './ends.ts';
import { flushCacheVmap } from './flush/cache-vmap.ts';
import type { Invariant } from './invariant.ts';
import { mapAlign } from './map/align.ts';
import { mapExact } from './map/exact.ts';
import { warn } from './warn.ts';

/** Every promise, in the order of reports. */
export const invariants: readonly Invariant[] = [mapExact, mapAlign, boundsPages, flushCacheVmap, warn, ends];

/** The invariant of that id, as given to `rewalk invariants`. */
export function invariantNamed(id: string): Invariant | undefined {
  return invariants.find((invariant) => invariant.id === id);
}
