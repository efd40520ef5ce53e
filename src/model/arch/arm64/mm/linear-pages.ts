// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../base/descriptor.ts';
import type { Ptr, VirtAddr } from '../../../../base/units.ts';
import type { PageRun } from '../../../../trace/events.ts';
import type { Kernel } from '../../../kernel.ts';
import { applyToRange } from '../../../mm/apply-to-range.ts';
import { levelSizes } from '../../../mm/level-sizes.ts';
import { partOfState } from '../../../part-of-state.ts';

/**
 * The part of the linear map that is in tables, as boot leaves it where pages may change one by one. None of it is, unless
 * a scenario asks: everybody else takes the linear map for granted, and tables of all memory are dear.
 */
export interface LinearPages {
  start: VirtAddr;
  /** Behind the last; equal to the start where there is no such part. */
  end: VirtAddr;
  /** It is made of blocks: a page must be split off before it changes. */
  blocks: boolean;
  /** The tree has it follow what set_memory_ro() and set_memory_rw() do to the same pages elsewhere. */
  follows: boolean;
}

export const linearPages = partOfState((): LinearPages => ({
  start: 0,
  end: 0,
  blocks: false,
  follows: false,
}));

/** Can the linear address of something change by itself? */
export function isLinearPage(k: Kernel, addr: VirtAddr): boolean {
  const { start, end } = k.state(linearPages);
  return addr >= start && addr < end;
}

/** Maps frames by pages from `start` on, over what may be there, in tables that are made if need be. Emits `table-write`. */
export function mapByPages(k: Kernel, start: VirtAddr, { pfn, count }: PageRun, prot: Descriptor): void {
  const fn = (ptep: Ptr, addr: VirtAddr): number => {
    k.__set_pte(ptep, k.pfn_pte(pfn + (addr - start) / k.pageSize, prot));
    return 0;
  };
  applyToRange(k, { mm: k.globals['init_mm']!, addr: start, size: count * k.pageSize, fn, create: true });
}

/** Maps frames by the blocks that hold them, with whatever else is in these. Emits `alloc`, `table-write`. */
export function mapByBlocks(k: Kernel, start: VirtAddr, { pfn, count }: PageRun, prot: Descriptor): void {
  const mm = k.globals['init_mm']!;
  const { pmdSize } = levelSizes(k.machine);
  const ahead = start - Math.floor(start / pmdSize) * pmdSize;
  for (let at = -ahead; at < count * k.pageSize; at += pmdSize) {
    const addr = start + at;
    const pud = k.pud_alloc(mm, k.p4d_alloc(mm, k.pgd_offset_k(addr), addr), addr);
    const block = k.pfn_pmd(pfn + at / k.pageSize, k.mk_pmd_sect_prot(prot));
    k.set_pmd(k.pmd_alloc(mm, pud, addr), block);
  }
}
