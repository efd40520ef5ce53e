// SPDX-License-Identifier: GPL-2.0-only
import * as levels from './include/asm/pgtable-levels.ts';
import * as protection from './include/asm/pgtable-protection.ts';
import * as set from './include/asm/pgtable-set.ts';
import * as pgtable from './include/asm/pgtable.ts';
import * as tlbflush from './include/asm/tlbflush.ts';
import * as vmalloc from './include/asm/vmalloc.ts';
import * as hugetlbpage from './mm/hugetlbpage.ts';
import * as mmu from './mm/mmu.ts';
import * as pageattr from './mm/pageattr.ts';
import * as splitLeaf from './mm/split-leaf.ts';

/** What arm64 implements itself. */
export const arm64Functions = {
  ...levels,
  ...protection,
  ...set,
  ...pgtable,
  ...tlbflush,
  ...vmalloc,
  ...hugetlbpage,
  ...mmu,
  ...pageattr,
  ...splitLeaf,
};
