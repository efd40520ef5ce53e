// SPDX-License-Identifier: GPL-2.0-only
import * as levels from './include/asm/pgtable-levels.ts';
import * as entries from './include/asm/pgtable.ts';
import * as vmalloc from './include/asm/vmalloc.ts';
import * as hugetlbpage from './mm/hugetlbpage.ts';
import * as pageattr from './mm/pageattr.ts';
import * as pgtable from './mm/pgtable.ts';

/** What riscv implements itself. All exports of these modules are the kernel's symbols. */
export const riscvModules = [levels, entries, vmalloc, hugetlbpage, pageattr, pgtable];

/** Their functions by name. */
export type RiscvSymbols = typeof levels &
  typeof entries &
  typeof vmalloc &
  typeof hugetlbpage &
  typeof pageattr &
  typeof pgtable;
