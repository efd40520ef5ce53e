// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../trace/machine.ts';
import { kernelConfig } from './kernel-config.ts';
import { x86Attributes, x86LargePage, x86Page, x86Table, x86TableOnly } from './x86-attributes.ts';

const PGTBL_PUD_MODIFIED = 4;
const PGTBL_PMD_MODIFIED = 8;

/**
 * No machine that exists: the entries and functions of x86 with what 32-bit machines have had, so that the calls for them
 * are put to the test. Caches are indexed by virtual address, as on old ARM and PA-RISC. The two upper levels of the
 * kernel's tables are copied for each process, as on 32-bit x86 with PAE, where vmalloc space has no tables at boot and
 * every change there must reach arch_sync_kernel_mappings(). Three levels, no 1 GiB leaves; `long` has 64 bits all the
 * same, as the model knows no other.
 */
export const syntheticVivt: Machine = {
  name: 'synthetic-vivt',
  title: 'synthetic: x86 entries, three levels, virtually indexed caches, tables copied for each process',
  arch: 'x86',
  pageShift: 12,
  levels: [
    { name: 'pgd', shift: 30, entries: 512, table: x86TableOnly },
    { name: 'pmd', shift: 21, entries: 512, table: x86Table, leaf: x86LargePage },
    { name: 'pte', shift: 12, entries: 512, leaf: x86Page },
  ],
  attributes: x86Attributes,
  splitsLive: true,
  cachesVirtuallyIndexed: true,
  syncMask: PGTBL_PUD_MODIFIED | PGTBL_PMD_MODIFIED,
  addresses: {
    pageOffset: -0x4000000000, // 0xffffffc000000000
    vmallocStart: -0x3000000000, // 0xffffffd000000000
    vmallocEnd: -0x2000000000, // 0xffffffe000000000: 64 GiB on
    vmemmapStart: -0x1000000000, // 0xfffffff000000000
    fixaddrTop: -0x801000, // 0xffffffffff7ff000
    ramStart: 0x100, // above the first MiB
    ramPages: 0x3fff00, // up to 16 GiB
    heapStart: 0x1000,
    heapSize: 0x4000000,
  },
  config: {
    ...kernelConfig,
    CONFIG_X86: true,
    CONFIG_X86_PAE: true,
    CONFIG_X86_PAT: true,
    CONFIG_PGTABLE_LEVELS: 3,
    CONFIG_PAGE_SHIFT: 12,
    CONFIG_PHYSICAL_START: 0x1000000,
  },
};
