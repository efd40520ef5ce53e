// SPDX-License-Identifier: GPL-2.0-only
import * as levels from './include/asm/pgtable-levels.ts';
import * as protection from './include/asm/pgtable-protection.ts';
import * as set from './include/asm/pgtable-set.ts';
import * as pgtable from './include/asm/pgtable.ts';
import * as tlbflush from './include/asm/tlbflush.ts';
import * as setup from './include/asm/setup.ts';
import * as threadInfo from './include/asm/thread-info.ts';
import * as vmalloc from './include/asm/vmalloc.ts';
import * as fixmap from './mm/fixmap.ts';
import * as hugetlbpage from './mm/hugetlbpage.ts';
import * as mmu from './mm/mmu.ts';
import * as pageattr from './mm/pageattr.ts';
import * as splitLeaf from './mm/split-leaf.ts';

/** What arm64 implements itself. All exports of these modules are the kernel's symbols. */
export const arm64Modules = [
  levels,
  protection,
  set,
  pgtable,
  tlbflush,
  setup,
  threadInfo,
  vmalloc,
  fixmap,
  hugetlbpage,
  mmu,
  pageattr,
  splitLeaf,
];

/** Their functions by name. */
export type Arm64Symbols = typeof levels &
  typeof protection &
  typeof set &
  typeof pgtable &
  typeof tlbflush &
  typeof setup &
  typeof threadInfo &
  typeof vmalloc &
  typeof fixmap &
  typeof hugetlbpage &
  typeof mmu &
  typeof pageattr &
  typeof splitLeaf;
