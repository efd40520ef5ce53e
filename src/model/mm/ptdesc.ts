// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { mayAllocate, noteRefusal } from './allocation-limit.ts';
import { __GFP_DIRECT_RECLAIM, __GFP_NOFAIL, __GFP_ZERO } from './gfp-bits.ts';

// include/linux/mm.h: pages that are to be page tables.

/**
 * Memory for a page table. Without __GFP_ZERO its bytes are whatever they are: a walker that reads them faults.
 * @kernel include/linux/mm.h pagetable_alloc
 * @fidelity custom: of the heap; no constructor is needed. Emits `alloc`, `alloc-failure`.
 * @returns its struct ptdesc, or NULL
 */
export function pagetable_alloc(k: Kernel, gfp: number, order: number): Ptr {
  const asked = { what: 'table', name: 'page table' } as const;
  if ((gfp & __GFP_DIRECT_RECLAIM) !== 0) k.might_sleep();
  if ((gfp & __GFP_NOFAIL) === 0 && !mayAllocate(k, asked)) return 0;
  const size = 2 ** (k.machine.pageShift + order);
  const zeroed = (gfp & __GFP_ZERO) !== 0;
  const addr = k.mem.allocate({ name: asked.name, size, align: size, zeroed });
  if (addr === 0) {
    noteRefusal(k, asked);
    return 0;
  }
  k.trace.emit({ kind: 'alloc', what: 'table', addr, size, name: asked.name });
  const page = k.virt_to_page(addr);
  k.set_page_count(page, 1);
  return page;
}

/** @kernel include/linux/mm.h pagetable_free @fidelity custom: see pagetable_alloc() Emits `free`. */
export function pagetable_free(k: Kernel, pt: Ptr): void {
  k.__free_pages(pt, 0);
}
