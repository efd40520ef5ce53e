// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../trace/machine.ts';
import { arm64Attributes, arm64Block, arm64Page, arm64Table } from './arm64-attributes.ts';
import { kernelConfig } from './kernel-config.ts';

/** arm64 with 16 KiB pages and 47-bit addresses: tables of 2048 entries, three levels, blocks of 32 MiB. */
export const arm64With16k: Machine = {
  name: 'arm64-16k',
  title: 'arm64, 16 KiB pages, 47-bit VA, without BBML2_NOABORT',
  arch: 'arm64',
  pageShift: 14,
  levels: [
    { name: 'pgd', shift: 36, entries: 2048, table: arm64Table },
    { name: 'pmd', shift: 25, entries: 2048, table: arm64Table, leaf: arm64Block, contiguousEntries: 32 },
    { name: 'pte', shift: 14, entries: 2048, leaf: arm64Page, contiguousEntries: 128 },
  ],
  attributes: arm64Attributes(14),
  splitsLive: false,
  cachesVirtuallyIndexed: false,
  syncMask: 0,
  addresses: {
    pageOffset: -0x800000000000, // 0xffff800000000000
    vmemmapStart: -0x4040000000, // 0xffffffbfc0000000: 256 GiB of struct page below -1 GiB
    vmallocStart: -0x3fff80000000, // 0xffffc00080000000: above 2 GiB of module space
    vmallocEnd: -0x4040800000, // 0xffffffbfbf800000: 8 MiB below the struct pages
    fixaddrTop: -0x800000, // 0xffffffffff800000
    ramStart: 0x10000, // 1 GiB
    ramPages: 0x100000, // 16 GiB
    heapStart: 0x10000,
    heapSize: 0x4000000,
  },
  config: {
    ...kernelConfig,
    CONFIG_ARM64: true,
    CONFIG_ARM64_16K_PAGES: true,
    CONFIG_ARM64_PAGE_SHIFT: 14,
    CONFIG_ARM64_VA_BITS: 47,
    CONFIG_ARM64_VA_BITS_47: true,
    CONFIG_ARM64_PA_BITS: 48,
    CONFIG_ARM64_CONT_PTE_SHIFT: 7,
    CONFIG_ARM64_CONT_PMD_SHIFT: 5,
    CONFIG_ARM64_CONTPTE: true,
    CONFIG_ARM64_BTI: true,
    CONFIG_PGTABLE_LEVELS: 3,
    CONFIG_PAGE_SHIFT: 14,
  },
};

/** The same with FEAT_BBM level 2 without conflict aborts. */
export const arm64With16kBbml2: Machine = {
  ...arm64With16k,
  name: 'arm64-16k-bbml2',
  title: 'arm64, 16 KiB pages, 47-bit VA, with BBML2_NOABORT',
  splitsLive: true,
};
