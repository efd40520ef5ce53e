// SPDX-License-Identifier: GPL-2.0-only
import { bitsOfDescriptor, descriptorFromBits, type Descriptor } from '../../../base/descriptor.ts';
import type { U64 } from '../../../base/u64.ts';
import type { Kernel } from '../../kernel.ts';

// asm/pgtable-types.h of every architecture: an entry or protection from hardware bits, and back.

/** @kernel arch/arm64/include/asm/pgtable-types.h __pte @fidelity dup */
export function __pte(_k: Kernel, val: U64): Descriptor {
  return descriptorFromBits(val);
}

/** @kernel arch/arm64/include/asm/pgtable-types.h pte_val @fidelity dup */
export function pte_val(_k: Kernel, pte: Descriptor): U64 {
  return bitsOfDescriptor(pte);
}

/** @kernel arch/arm64/include/asm/pgtable-types.h __pmd @fidelity dup */
export function __pmd(_k: Kernel, val: U64): Descriptor {
  return descriptorFromBits(val);
}

/** @kernel arch/arm64/include/asm/pgtable-types.h pmd_val @fidelity dup */
export function pmd_val(_k: Kernel, pmd: Descriptor): U64 {
  return bitsOfDescriptor(pmd);
}

/** @kernel arch/arm64/include/asm/pgtable-types.h __pud @fidelity dup */
export function __pud(_k: Kernel, val: U64): Descriptor {
  return descriptorFromBits(val);
}

/** @kernel arch/arm64/include/asm/pgtable-types.h pud_val @fidelity dup */
export function pud_val(_k: Kernel, pud: Descriptor): U64 {
  return bitsOfDescriptor(pud);
}

/** @kernel arch/arm64/include/asm/pgtable-types.h __p4d @fidelity dup */
export function __p4d(_k: Kernel, val: U64): Descriptor {
  return descriptorFromBits(val);
}

/** @kernel arch/arm64/include/asm/pgtable-types.h p4d_val @fidelity dup */
export function p4d_val(_k: Kernel, p4d: Descriptor): U64 {
  return bitsOfDescriptor(p4d);
}

/** @kernel arch/arm64/include/asm/pgtable-types.h __pgd @fidelity dup */
export function __pgd(_k: Kernel, val: U64): Descriptor {
  return descriptorFromBits(val);
}

/** @kernel arch/arm64/include/asm/pgtable-types.h pgd_val @fidelity dup */
export function pgd_val(_k: Kernel, pgd: Descriptor): U64 {
  return bitsOfDescriptor(pgd);
}

/** @kernel arch/arm64/include/asm/pgtable-types.h __pgprot @fidelity dup */
export function __pgprot(_k: Kernel, val: U64): Descriptor {
  return descriptorFromBits(val);
}

/** @kernel arch/arm64/include/asm/pgtable-types.h pgprot_val @fidelity dup */
export function pgprot_val(_k: Kernel, prot: Descriptor): U64 {
  return bitsOfDescriptor(prot);
}

/** @kernel include/linux/pgtable.h pte_same @fidelity dup */
export function pte_same(_k: Kernel, a: Descriptor, b: Descriptor): number {
  return a === b ? 1 : 0;
}

/** @kernel arch/arm64/include/asm/pgtable.h pmd_pte @fidelity dup */
export function pmd_pte(_k: Kernel, pmd: Descriptor): Descriptor {
  return pmd;
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_pmd @fidelity dup */
export function pte_pmd(_k: Kernel, pte: Descriptor): Descriptor {
  return pte;
}

/** @kernel arch/arm64/include/asm/pgtable.h pud_pte @fidelity dup */
export function pud_pte(_k: Kernel, pud: Descriptor): Descriptor {
  return pud;
}

/** @kernel arch/arm64/include/asm/pgtable.h pte_pud @fidelity dup */
export function pte_pud(_k: Kernel, pte: Descriptor): Descriptor {
  return pte;
}
