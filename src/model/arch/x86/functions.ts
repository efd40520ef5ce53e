// SPDX-License-Identifier: GPL-2.0-only
import * as levels from './include/asm/pgtable-levels.ts';
import * as entries from './include/asm/pgtable.ts';
import * as vmalloc from './include/asm/vmalloc.ts';
import * as hugetlbpage from './mm/hugetlbpage.ts';
import * as ioremap from './mm/ioremap.ts';
import * as setMemory from './mm/pat/set_memory.ts';
import * as pgtable from './mm/pgtable.ts';

/** What x86 implements itself. All exports of these modules are the kernel's symbols. */
export const x86Modules = [levels, entries, vmalloc, hugetlbpage, ioremap, setMemory, pgtable];

/** Their functions by name. */
export type X86Symbols = typeof levels &
  typeof entries &
  typeof vmalloc &
  typeof hugetlbpage &
  typeof ioremap &
  typeof setMemory &
  typeof pgtable;
