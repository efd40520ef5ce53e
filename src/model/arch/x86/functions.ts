// SPDX-License-Identifier: GPL-2.0-only
import * as levels from './include/asm/pgtable-levels.ts';
import * as types from './include/asm/pgtable-types.ts';
import * as entries from './include/asm/pgtable.ts';
import * as specialInsns from './include/asm/special_insns.ts';
import * as tlbflush from './include/asm/tlbflush.ts';
import * as vmalloc from './include/asm/vmalloc.ts';
import * as hugetlbpage from './mm/hugetlbpage.ts';
import * as init from './mm/init.ts';
import * as ioremap from './mm/ioremap.ts';
import * as memtype from './mm/pat/memtype.ts';
import * as setMemory from './mm/pat/set_memory.ts';
import * as pgtable from './mm/pgtable.ts';

/** What x86 implements itself. All exports of these modules are the kernel's symbols. */
export const x86Modules = [
  ...[levels, entries, types, specialInsns, tlbflush, vmalloc],
  ...[hugetlbpage, init, ioremap, memtype, setMemory, pgtable],
];

/** Their functions by name. */
export type X86Symbols = typeof levels &
  typeof entries &
  typeof types &
  typeof specialInsns &
  typeof tlbflush &
  typeof vmalloc &
  typeof hugetlbpage &
  typeof init &
  typeof ioremap &
  typeof memtype &
  typeof setMemory &
  typeof pgtable;
