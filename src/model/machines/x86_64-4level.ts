// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../trace/machine.ts';
import { kernelConfig } from './kernel-config.ts';
import { x86Attributes, x86LargePage, x86Page, x86Table, x86TableOnly } from './x86-attributes.ts';

const PGTBL_P4D_MODIFIED = 2;

/** x86_64 with four levels, 1 GiB pages and no KASLR. */
export const x86_64With4Levels: Machine = {
  name: 'x86_64-4level',
  title: 'x86_64, four levels, 2 MiB and 1 GiB pages',
  arch: 'x86',
  pageShift: 12,
  levels: [
    { name: 'pgd', shift: 39, entries: 512, table: x86TableOnly },
    { name: 'pud', shift: 30, entries: 512, table: x86Table, leaf: x86LargePage },
    { name: 'pmd', shift: 21, entries: 512, table: x86Table, leaf: x86LargePage },
    { name: 'pte', shift: 12, entries: 512, leaf: x86Page },
  ],
  attributes: x86Attributes,
  splitsLive: true,
  cachesVirtuallyIndexed: false,
  syncMask: PGTBL_P4D_MODIFIED,
  addresses: {
    pageOffset: -0x778000000000, // 0xffff888000000000
    vmemmapStart: -0x160000000000, // 0xffffea0000000000
    vmallocStart: -0x370000000000, // 0xffffc90000000000
    vmallocEnd: -0x170000000000, // 0xffffe90000000000: 32 TiB on
    fixaddrTop: -0x801000, // 0xffffffffff7ff000
    ramStart: 0x100, // above the first MiB
    ramPages: 0x3fff00, // up to 16 GiB
    heapStart: 0x1000,
    heapSize: 0x4000000,
  },
  config: {
    ...kernelConfig,
    CONFIG_X86: true,
    CONFIG_X86_64: true,
    CONFIG_X86_PAT: true,
    CONFIG_PGTABLE_LEVELS: 4,
    CONFIG_PAGE_SHIFT: 12,
    CONFIG_PHYSICAL_START: 0x1000000,
  },
};
