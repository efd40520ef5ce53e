// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../trace/machine.ts';
import { arm64Attributes, arm64Block, arm64Page, arm64Table } from './arm64-attributes.ts';
import { kernelConfig } from './kernel-config.ts';

/** arm64 with 64 KiB pages and 48-bit addresses: a root of 64 entries, three levels, blocks of 512 MiB. */
export const arm64With64k: Machine = {
  name: 'arm64-64k',
  title: 'arm64, 64 KiB pages, 48-bit VA, without BBML2_NOABORT',
  arch: 'arm64',
  pageShift: 16,
  levels: [
    { name: 'pgd', shift: 42, entries: 64, table: arm64Table },
    { name: 'pmd', shift: 29, entries: 8192, table: arm64Table, leaf: arm64Block, contiguousEntries: 32 },
    { name: 'pte', shift: 16, entries: 8192, leaf: arm64Page, contiguousEntries: 32 },
  ],
  attributes: arm64Attributes(16),
  splitsLive: false,
  cachesVirtuallyIndexed: false,
  syncMask: 0,
  addresses: {
    pageOffset: -0x1000000000000, // 0xffff000000000000
    vmemmapStart: -0x2040000000, // 0xffffffdfc0000000: 128 GiB of struct page below -1 GiB
    vmallocStart: -0x7fff80000000, // 0xffff800080000000: above 2 GiB of module space
    vmallocEnd: -0x2040800000, // 0xffffffdfbf800000: 8 MiB below the struct pages
    fixaddrTop: -0x800000, // 0xffffffffff800000
    ramStart: 0x4000, // 1 GiB
    ramPages: 0x400000, // 256 GiB: a row of blocks alone takes 16
    heapStart: 0x4000,
    heapSize: 0x4000000,
  },
  config: {
    ...kernelConfig,
    CONFIG_ARM64: true,
    CONFIG_ARM64_64K_PAGES: true,
    CONFIG_ARM64_PAGE_SHIFT: 16,
    CONFIG_ARM64_VA_BITS: 48,
    CONFIG_ARM64_VA_BITS_48: true,
    CONFIG_ARM64_PA_BITS: 48,
    CONFIG_ARM64_CONT_PTE_SHIFT: 5,
    CONFIG_ARM64_CONT_PMD_SHIFT: 5,
    CONFIG_ARM64_CONTPTE: true,
    CONFIG_ARM64_BTI: true,
    CONFIG_PGTABLE_LEVELS: 3,
    CONFIG_PAGE_SHIFT: 16,
  },
};

/** The same with FEAT_BBM level 2 without conflict aborts. */
export const arm64With64kBbml2: Machine = {
  ...arm64With64k,
  name: 'arm64-64k-bbml2',
  title: 'arm64, 64 KiB pages, 48-bit VA, with BBML2_NOABORT',
  splitsLive: true,
};
