// SPDX-License-Identifier: GPL-2.0-only
import type { KernelWorld } from '../kernel.ts';

/** How many allocations still succeed; undefined for as many as there is memory. Scenarios set it. */
export interface AllocationLimit {
  remaining: number | undefined;
}

export const makeAllocationLimit = (): AllocationLimit => ({ remaining: undefined });

/** Asked once by every allocation of an object, a page or a table: false means that it must fail. */
export function mayAllocate(k: KernelWorld): boolean {
  const limit = k.state(makeAllocationLimit);
  if (limit.remaining === undefined) return true;
  if (limit.remaining === 0) return false;
  limit.remaining--;
  return true;
}
