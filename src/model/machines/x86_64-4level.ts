// SPDX-License-Identifier: GPL-2.0-only
import type { AttributeMatch, Machine } from '../../trace/machine.ts';
import { attributeBits } from './attribute-bits.ts';
import { kernelConfig } from './kernel-config.ts';

const PRESENT = attributeBits(0);
const RW = attributeBits(1);
const USER = attributeBits(2);
const CACHE = attributeBits(3, 4);
const PSE = attributeBits(7);
const GLOBAL = attributeBits(8);
const NX = attributeBits(63);

/** The root has no leaf format: bit 7 is reserved there. */
const rootTable: AttributeMatch = { mask: PRESENT, value: PRESENT };
const table: AttributeMatch = { mask: PRESENT | PSE, value: PRESENT };
const largePage: AttributeMatch = { mask: PRESENT | PSE, value: PRESENT | PSE };
const page: AttributeMatch = { mask: PRESENT, value: PRESENT };

const PGTBL_P4D_MODIFIED = 2;

/** x86_64 with four levels, 1 GiB pages and no KASLR. */
export const x86_64With4Levels: Machine = {
  name: 'x86_64-4level',
  title: 'x86_64, four levels, 2 MiB and 1 GiB pages',
  arch: 'x86',
  pageShift: 12,
  levels: [
    { name: 'pgd', shift: 39, entries: 512, table: rootTable },
    { name: 'pud', shift: 30, entries: 512, table, leaf: largePage },
    { name: 'pmd', shift: 21, entries: 512, table, leaf: largePage },
    { name: 'pte', shift: 12, entries: 512, leaf: page },
  ],
  attributes: {
    valid: page,
    writable: { mask: RW, value: RW },
    executable: { mask: NX, value: 0 },
    user: { mask: USER, value: USER },
    memoryType: CACHE,
    contiguous: 0,
    protection: RW | USER | CACHE | GLOBAL | NX,
    pfnShift: 12,
  },
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
