// SPDX-License-Identifier: GPL-2.0-only

/** Lazy MMU mode of the running task: how deep, and whether barriers wait for its end. */
export interface LazyMmu {
  depth: number;
  pending: boolean;
}

export const makeLazyMmu = (): LazyMmu => ({ depth: 0, pending: false });
