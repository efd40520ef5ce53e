// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../trace/machine.ts';
import { arm64Attributes, arm64Block, arm64Page, arm64Table } from './arm64-attributes.ts';
import { kernelConfig } from './kernel-config.ts';

/**
 * arm64 with 4 KiB pages and 48-bit addresses: an Armv8.0 core, which cannot change the size of a live
 * mapping.
 */
export const arm64With4k: Machine = {
  name: 'arm64-4k',
  title: 'arm64, 4 KiB pages, 48-bit VA, without BBML2_NOABORT',
  arch: 'arm64',
  pageShift: 12,
  levels: [
    { name: 'pgd', shift: 39, entries: 512, table: arm64Table },
    { name: 'pud', shift: 30, entries: 512, table: arm64Table, leaf: arm64Block },
    { name: 'pmd', shift: 21, entries: 512, table: arm64Table, leaf: arm64Block, contiguousEntries: 16 },
    { name: 'pte', shift: 12, entries: 512, leaf: arm64Page, contiguousEntries: 16 },
  ],
  attributes: arm64Attributes(12),
  splitsLive: false,
  cachesVirtuallyIndexed: false,
  syncMask: 0,
  addresses: {
    pageOffset: -0x1000000000000, // 0xffff000000000000
    vmemmapStart: -0x20040000000, // 0xfffffdffc0000000: 2 TiB of struct page below -1 GiB
    vmallocStart: -0x7fff80000000, // 0xffff800080000000: above 2 GiB of module space
    vmallocEnd: -0x20040800000, // 0xfffffdffbf800000: 8 MiB below the struct pages
    fixaddrTop: -0x800000, // 0xffffffffff800000
    ramStart: 0x40000, // 1 GiB
    ramPages: 0x400000, // 16 GiB
    heapStart: 0x40000,
    heapSize: 0x4000000,
  },
  config: {
    ...kernelConfig,
    CONFIG_ARM64: true,
    CONFIG_ARM64_4K_PAGES: true,
    CONFIG_ARM64_PAGE_SHIFT: 12,
    CONFIG_ARM64_VA_BITS: 48,
    CONFIG_ARM64_VA_BITS_48: true,
    CONFIG_ARM64_PA_BITS: 48,
    CONFIG_ARM64_CONT_PTE_SHIFT: 4,
    CONFIG_ARM64_CONT_PMD_SHIFT: 4,
    CONFIG_ARM64_CONTPTE: true,
    CONFIG_ARM64_BTI: true,
    CONFIG_PGTABLE_LEVELS: 4,
    CONFIG_PAGE_SHIFT: 12,
  },
};

/** The same with FEAT_BBM level 2 without conflict aborts (Armv8.4 and later cores on Linux's list). */
export const arm64With4kBbml2: Machine = {
  ...arm64With4k,
  name: 'arm64-4k-bbml2',
  title: 'arm64, 4 KiB pages, 48-bit VA, with BBML2_NOABORT',
  splitsLive: true,
};
