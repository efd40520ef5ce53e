// SPDX-License-Identifier: GPL-2.0-only
import type { AllocFailureEvent } from '../../trace/events.ts';
import type { KernelWorld } from '../kernel.ts';
import { partOfState } from '../part-of-state.ts';

/** Which allocations are refused. Scenarios set it. */
export interface AllocationLimit {
  /** How many still succeed; undefined for as many as there is memory. */
  remaining: number | undefined;
  /** The first refusal is the last. */
  once: boolean;
}

export const allocationLimit = partOfState((): AllocationLimit => ({ remaining: undefined, once: false }));

/** Somebody waits, and meanwhile others give back what they do not need. */
export function endRefusals(k: KernelWorld): void {
  k.state(allocationLimit).remaining = undefined;
}

export type Refused = Omit<AllocFailureEvent, 'kind'>;

/**
 * Asked once by every allocation of an object, a page or a table: false means that it must fail. Emits
 * `alloc-failure`.
 */
export function mayAllocate(k: KernelWorld, asked: Refused): boolean {
  const limit = k.state(allocationLimit);
  if (limit.remaining === undefined) return true;
  if (limit.remaining > 0) {
    limit.remaining--;
    return true;
  }
  if (limit.once) limit.remaining = undefined;
  noteRefusal(k, asked);
  return false;
}

/** Nothing is left to give. Emits `alloc-failure`. */
export function noteRefusal(k: KernelWorld, refused: Refused): void {
  k.trace.emit({ kind: 'alloc-failure', ...refused });
}
