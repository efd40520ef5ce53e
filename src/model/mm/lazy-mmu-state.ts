// SPDX-License-Identifier: GPL-2.0-only
import { lazyMmuEntered, lazyMmuLeft } from '../../trace/constant-events.ts';
import type { Kernel } from '../kernel.ts';
import { partOfState } from '../part-of-state.ts';

/** Lazy MMU mode of the running task: how deep, and whether barriers wait for its end. */
export interface LazyMmu {
  depth: number;
  pending: boolean;
}

export const lazyMmu = partOfState((): LazyMmu => ({ depth: 0, pending: false }));

/** It is entered or left until it is as deep as that. Emits `scope`. */
export function setLazyDepth(k: Kernel, depth: number): void {
  const lazy = k.state(lazyMmu);
  for (; lazy.depth < depth; lazy.depth++) k.trace.emit(lazyMmuEntered);
  for (; lazy.depth > depth; lazy.depth--) k.trace.emit(lazyMmuLeft);
}
