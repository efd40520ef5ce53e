// SPDX-License-Identifier: GPL-2.0-only
import { attributeBits } from '../../../../machines/attribute-bits.ts';

// arch/riscv/include/asm/pgtable-bits.h and pgtable-64.h, as attribute masks of a descriptor.

export const _PAGE_PRESENT = attributeBits(0);
export const _PAGE_READ = attributeBits(1);
export const _PAGE_WRITE = attributeBits(2);
export const _PAGE_EXEC = attributeBits(3);
const _PAGE_GLOBAL = attributeBits(5);
export const _PAGE_ACCESSED = attributeBits(6);
export const _PAGE_DIRTY = attributeBits(7);
export const _PAGE_SPECIAL = attributeBits(8);
export const _PAGE_NOCACHE = attributeBits(61);
export const _PAGE_IO = attributeBits(62);
export const _PAGE_NAPOT = attributeBits(63);
export const _PAGE_MTMASK = _PAGE_NOCACHE | _PAGE_IO;
/** Where an entry is not valid, the bit says that it is there for Linux all the same. */
export const _PAGE_PROT_NONE = _PAGE_GLOBAL;
/** A valid entry with any of them maps memory; with none, it points to a table. */
export const _PAGE_LEAF = _PAGE_READ | _PAGE_WRITE | _PAGE_EXEC;
