// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../../base/descriptor.ts';
import { withAttributes, withoutAttributes } from '../../../../hardware/entry.ts';
import type { Kernel } from '../../../../kernel.ts';
import { ATTRINDX, PTE_ATTRINDX_MASK, PTE_PXN, PTE_TABLE_BIT, PTE_UXN, TYPE_SECT } from './pgtable-bits.ts';

// arch/arm64/include/asm/pgtable.h: protections made from others.

function withType(prot: Descriptor, index: number, more: number): Descriptor {
  return withAttributes(withoutAttributes(prot, PTE_ATTRINDX_MASK), index | more);
}

/**
 * Without BTI there is no guarded bit to take away.
 * @kernel arch/arm64/include/asm/pgtable.h pgprot_nx
 * @fidelity dup
 */
export function pgprot_nx(_k: Kernel, prot: Descriptor): Descriptor {
  return withAttributes(prot, PTE_PXN);
}

/** @kernel arch/arm64/include/asm/pgtable.h pgprot_noncached @fidelity dup */
export function pgprot_noncached(_k: Kernel, prot: Descriptor): Descriptor {
  return withType(prot, ATTRINDX.DEVICE_nGnRnE, PTE_PXN | PTE_UXN);
}

/** @kernel arch/arm64/include/asm/pgtable.h pgprot_writecombine @fidelity dup */
export function pgprot_writecombine(_k: Kernel, prot: Descriptor): Descriptor {
  return withType(prot, ATTRINDX.NORMAL_NC, PTE_PXN | PTE_UXN);
}

/** @kernel arch/arm64/include/asm/pgtable.h pgprot_device @fidelity dup */
export function pgprot_device(_k: Kernel, prot: Descriptor): Descriptor {
  return withType(prot, ATTRINDX.DEVICE_nGnRE, PTE_PXN | PTE_UXN);
}

/** @kernel arch/arm64/include/asm/pgtable.h pgprot_tagged @fidelity dup */
export function pgprot_tagged(_k: Kernel, prot: Descriptor): Descriptor {
  return withType(prot, ATTRINDX.NORMAL_TAGGED, 0);
}

/** @kernel arch/arm64/include/asm/pgtable.h pgprot_mhp @fidelity dup */
export function pgprot_mhp(k: Kernel, prot: Descriptor): Descriptor {
  return k.pgprot_tagged(prot);
}

/** @kernel arch/arm64/include/asm/pgtable.h mk_pmd_sect_prot @fidelity dup */
export function mk_pmd_sect_prot(_k: Kernel, prot: Descriptor): Descriptor {
  return withAttributes(withoutAttributes(prot, PTE_TABLE_BIT), TYPE_SECT);
}

/** @kernel arch/arm64/include/asm/pgtable.h mk_pud_sect_prot @fidelity dup */
export function mk_pud_sect_prot(_k: Kernel, prot: Descriptor): Descriptor {
  return withAttributes(withoutAttributes(prot, PTE_TABLE_BIT), TYPE_SECT);
}
