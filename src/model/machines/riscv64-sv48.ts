// SPDX-License-Identifier: GPL-2.0-only
import type { AttributeMatch, Machine } from '../../trace/machine.ts';
import { attributeBits } from './attribute-bits.ts';
import { kernelConfig } from './kernel-config.ts';

const VALID = attributeBits(0);
const READ = attributeBits(1);
const WRITE = attributeBits(2);
const EXEC = attributeBits(3);
const USER = attributeBits(4);
const GLOBAL = attributeBits(5);
const MEMORY_TYPE = attributeBits(61, 62);
const NAPOT = attributeBits(63);

/** Writable and not readable is reserved: neither of the two. */
const table: AttributeMatch = { mask: VALID | READ | WRITE | EXEC, value: VALID };
const leaf: AttributeMatch = { mask: READ | EXEC, value: 'any' };

/**
 * riscv64 with Sv48 (privileged specification, 12.5) and Svnapot (13): one of 16 entries maps 64 KiB, its size in the low
 * bits of its frame. RAM begins at physical address 0, where the linear map does. The specification lets a walker use
 * either the old or the new entry until a fence, so that a live leaf may be split.
 */
export const riscv64WithSv48: Machine = {
  name: 'riscv64-sv48',
  title: 'riscv64, Sv48 with Svnapot',
  arch: 'riscv',
  pageShift: 12,
  levels: [
    { name: 'pgd', shift: 39, entries: 512, table },
    { name: 'pud', shift: 30, entries: 512, table, leaf },
    { name: 'pmd', shift: 21, entries: 512, table, leaf },
    { name: 'pte', shift: 12, entries: 512, leaf, contiguousEntries: 16 },
  ],
  attributes: {
    valid: { mask: VALID, value: VALID },
    writable: { mask: WRITE, value: WRITE },
    executable: { mask: EXEC, value: EXEC },
    user: { mask: USER, value: USER },
    memoryType: MEMORY_TYPE,
    contiguous: NAPOT,
    protection: READ | WRITE | EXEC | USER | GLOBAL | MEMORY_TYPE,
    pfnShift: 10,
  },
  splitsLive: true,
  cachesVirtuallyIndexed: false,
  syncMask: 0,
  addresses: {
    pageOffset: -0x508000000000, // 0xffffaf8000000000
    vmemmapStart: -0x728000000000, // 0xffff8d8000000000
    vmallocStart: -0x708000000000, // 0xffff8f8000000000
    vmallocEnd: -0x508000000000, // 0xffffaf8000000000: 32 TiB on
    fixaddrTop: -0x728001000000, // 0xffff8d7fff000000
    ramStart: 0x200, // 2 MiB, below which firmware lies
    ramPages: 0x3ffe00, // up to 16 GiB
    heapStart: 0x1000,
    heapSize: 0x4000000,
  },
  config: {
    ...kernelConfig,
    CONFIG_RISCV: true,
    CONFIG_RISCV_ISA_SVNAPOT: true,
    CONFIG_RISCV_ISA_SVPBMT: true,
    CONFIG_PGTABLE_LEVELS: 5, // folded at boot, not when it is built
    CONFIG_PAGE_SHIFT: 12,
  },
};
