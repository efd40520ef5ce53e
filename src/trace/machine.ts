// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, PageCount, Pfn, Shift, VirtAddr } from '../base/units.ts';

/**
 * A machine as data: what page-table walkers, TLBs and caches of one configuration do. A trace carries its machine,
 * so that it can be judged without the model.
 */
export interface Machine {
  /** As given to `--machine`. */
  readonly name: string;
  /** One line for people. */
  readonly title: string;
  readonly arch: 'arm64' | 'x86' | 'riscv';
  readonly pageShift: Shift;
  /** The levels that exist in hardware, root first, last is the PTE level; folded levels are absent. */
  readonly levels: readonly Level[];
  readonly attributes: Attributes;
  /** A live block or contiguous mapping may be replaced by smaller entries (or back) without break-before-make. */
  readonly splitsLive: boolean;
  /** Data caches are indexed by virtual address: flush_cache_vmap/vunmap do work. */
  readonly cachesVirtuallyIndexed: boolean;
  /** Bits of `pgtbl_mod_mask` (ARCH_PAGE_TABLE_SYNC_MASK) whose change must reach arch_sync_kernel_mappings(). */
  readonly syncMask: number;
  readonly addresses: AddressMap;
  /** Kconfig: `CONFIG_HUGETLB_PAGE: true`; absent means not set. */
  readonly config: Readonly<Record<string, string | number | boolean>>;
}

export type LevelName = 'pgd' | 'p4d' | 'pud' | 'pmd' | 'pte';

export interface Level {
  readonly name: LevelName;
  /** log2 of the bytes that one entry covers. */
  readonly shift: Shift;
  /** Entries in a table of this level. */
  readonly entries: number;
  /** How an entry that maps memory looks; absent where the level cannot hold one. */
  readonly leaf?: AttributeMatch;
  /** How an entry that points to the next table looks; absent at the last level. */
  readonly table?: AttributeMatch;
  /** Entries of a contiguous run (arm64) or the largest NAPOT run (riscv); absent where there is none. */
  readonly contiguousEntries?: number;
}

/** Attributes are the 26-bit values of `attributesOf()` (src/base/descriptor.ts). */
export interface AttributeMatch {
  readonly mask: number;
  /** What the masked bits must be, or `any` for at least one of them set. */
  readonly value: number | 'any';
}

export interface Attributes {
  /** The walker accepts the entry. */
  readonly valid: AttributeMatch;
  readonly writable: AttributeMatch;
  /** Executable by the kernel. */
  readonly executable: AttributeMatch;
  readonly user: AttributeMatch;
  /** Memory type and cacheability bits. */
  readonly memoryType: number;
  /** The contiguous (arm64) or NAPOT (riscv) bit; 0 where there is none. */
  readonly contiguous: number;
  /** The bits that a leaf takes from the protection asked for: neither type nor size nor state bits. */
  readonly protection: number;
  /** Bit of the hardware entry where the page-frame number begins (12 on arm64-4k and x86, 10 on riscv). */
  readonly pfnShift: Shift;
}

export interface AddressMap {
  /** The linear map: virtual address of physical address 0. */
  readonly pageOffset: VirtAddr;
  readonly vmemmapStart: VirtAddr;
  readonly vmallocStart: VirtAddr;
  /** Exclusive, page aligned. */
  readonly vmallocEnd: VirtAddr;
  /** Top of the fixmap, exclusive. */
  readonly fixaddrTop: VirtAddr;
  /** RAM: pages with a valid page-frame number. */
  readonly ramStart: Pfn;
  readonly ramPages: PageCount;
  /** Where the kernel's own objects lie (a part of RAM), and how much there is. */
  readonly heapStart: Pfn;
  readonly heapSize: ByteCount;
}

/** More than any architecture's fixmap takes, in bytes; it ends at `fixaddrTop`. */
export const FIXMAP_SIZE: ByteCount = 2 ** 23;

/** Slots for single pages at fixed addresses. */
export function inFixmap({ addresses: { fixaddrTop } }: Machine, addr: VirtAddr): boolean {
  return addr >= fixaddrTop - FIXMAP_SIZE && addr < fixaddrTop;
}
