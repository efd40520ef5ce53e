// SPDX-License-Identifier: GPL-2.0-only
import { partOfState } from '../part-of-state.ts';

/** Lazy MMU mode of the running task: how deep, and whether barriers wait for its end. */
export interface LazyMmu {
  depth: number;
  pending: boolean;
}

export const lazyMmu = partOfState((): LazyMmu => ({ depth: 0, pending: false }));
