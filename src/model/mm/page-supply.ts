// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, Pfn } from '../../base/units.ts';
import type { KernelWorld } from '../kernel.ts';
import { holdPages } from './compound-page.ts';
import { partOfState } from '../part-of-state.ts';

export interface PageSupply {
  /** The lowest frame that was never handed out, not counting reserved runs. */
  next: Pfn;
  /** Runs that a scenario took for itself, by first frame. */
  readonly reserved: { readonly pfn: Pfn; readonly end: Pfn }[];
  /** Pages whose taker does not ask for zeroes hold what somebody left there. Scenarios set it. */
  used: boolean;
}

export const pageSupply = partOfState((): PageSupply => ({ next: 0, used: false, reserved: [] }));

/** The first frame that may be handed out next. */
export function firstFreeFrame(k: KernelWorld): Pfn {
  return Math.max(heapEnd(k), k.state(pageSupply).next);
}

function heapEnd(k: KernelWorld): Pfn {
  const { heapStart, heapSize } = k.machine.addresses;
  return heapStart + heapSize / k.pageSize;
}

function ramEnd(k: KernelWorld): Pfn {
  return k.machine.addresses.ramStart + k.machine.addresses.ramPages;
}

/**
 * Takes `count` frames from `pfn` on for a scenario: pages of which it knows where they are. False when some of them
 * are in use, lie in the kernel's heap or are no RAM. Emits `page` for blocks that cover them.
 */
export function reservePages(k: KernelWorld, pfn: Pfn, count: PageCount): boolean {
  const supply = k.state(pageSupply);
  const end = pfn + count;
  if (pfn < firstFreeFrame(k) || end > ramEnd(k)) return false;
  if (supply.reserved.some((run) => pfn < run.end && run.pfn < end)) return false;
  supply.reserved.push({ pfn, end });
  for (let each = pfn; each < end;) {
    const order = largestOrder(each, end);
    k.trace.emit({ kind: 'page', change: 'alloc', pfn: each, order });
    each += 2 ** order;
  }
  holdPages(k, pfn, count);
  return true;
}

/** The order of the largest aligned block that begins at `pfn` and does not reach beyond `end`. */
function largestOrder(pfn: Pfn, end: Pfn): number {
  let order = 0;
  while (pfn % 2 ** (order + 1) === 0 && pfn + 2 ** (order + 1) <= end) order++;
  return order;
}

/** The lowest free block of `count` frames, a power of two, aligned to its size. */
export function findBlock(k: KernelWorld, supply: PageSupply, count: PageCount): Pfn | undefined {
  let pfn = Math.ceil(firstFreeFrame(k) / count) * count;
  for (;;) {
    const hit = supply.reserved.find((run) => pfn < run.end && run.pfn < pfn + count);
    if (hit === undefined) break;
    pfn = Math.ceil(hit.end / count) * count;
  }
  return pfn + count <= ramEnd(k) ? pfn : undefined;
}
