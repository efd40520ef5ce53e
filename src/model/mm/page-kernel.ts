// SPDX-License-Identifier: GPL-2.0-only
import { descriptorFromBits, type Descriptor } from '../../base/descriptor.ts';
import type { Kernel } from '../kernel.ts';

const bit = (number: bigint): bigint => 1n << number;

/** Normal memory that the kernel may read and write, in hardware bits. */
const BITS = {
  // Page, inner shareable, accessed, writable (DBM), never executable (PXN, UXN), dirty.
  arm64: 3n | (3n << 8n) | bit(10n) | bit(51n) | bit(53n) | bit(54n) | bit(55n),
  // Present, writable, accessed, dirty, global, never executable.
  x86: bit(0n) | bit(1n) | bit(5n) | bit(6n) | bit(8n) | bit(63n),
  // Present, readable, writable, global, accessed, dirty.
  riscv: bit(0n) | bit(1n) | bit(2n) | bit(5n) | bit(6n) | bit(7n),
} as const;

/**
 * PAGE_KERNEL: the protection of ordinary kernel memory (arch/.../include/asm/pgtable-prot.h and its like).
 */
export function pageKernel(k: Kernel): Descriptor {
  return descriptorFromBits(BITS[k.machine.arch]);
}
