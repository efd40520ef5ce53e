// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../../../base/descriptor.ts';
import type { Ptr, VirtAddr } from '../../../../../base/units.ts';
import { hasAttribute } from '../../../../hardware/entry.ts';
import type { Kernel } from '../../../../kernel.ts';
import { _PAGE_NX, _PAGE_RW } from '../../include/asm/pgtable-bits.ts';

/** The entry that stands for an address, and what the levels above it allow. */
export interface FoundEntry {
  readonly at: Ptr;
  readonly level: 'p4d' | 'pud' | 'pmd' | 'pte';
  readonly aboveWritable: boolean;
  readonly aboveExecutable: boolean;
}

/**
 * A leaf, or an entry that is not present; undefined where an upper one is empty. Emits `walk`.
 * @kernel arch/x86/mm/pat/set_memory.c lookup_address_in_pgd_attr
 */
export function lookUpEntry(k: Kernel, addr: VirtAddr): FoundEntry | undefined {
  const above = { aboveWritable: true, aboveExecutable: true };
  const pass = (entry: Descriptor): void => {
    above.aboveWritable &&= hasAttribute(entry, _PAGE_RW);
    above.aboveExecutable &&= !hasAttribute(entry, _PAGE_NX);
  };
  const pgd = k.pgd_offset_k(addr);
  const pgdEntry = k.mem.ldDescriptor(pgd);
  if (k.pgd_none(pgdEntry) !== 0) return undefined;
  pass(pgdEntry);
  const p4d = k.p4d_offset(pgd, addr);
  const p4dEntry = k.mem.ldDescriptor(p4d);
  if (k.p4d_none(p4dEntry) !== 0) return undefined;
  if (k.p4d_leaf(p4dEntry) !== 0 || k.p4d_present(p4dEntry) === 0) return { at: p4d, level: 'p4d', ...above };
  pass(p4dEntry);
  const pud = k.pud_offset(p4d, addr);
  const pudEntry = k.mem.ldDescriptor(pud);
  if (k.pud_none(pudEntry) !== 0) return undefined;
  if (k.pud_leaf(pudEntry) !== 0 || k.pud_present(pudEntry) === 0) return { at: pud, level: 'pud', ...above };
  pass(pudEntry);
  const pmd = k.pmd_offset(pud, addr);
  const pmdEntry = k.mem.ldDescriptor(pmd);
  if (k.pmd_none(pmdEntry) !== 0) return undefined;
  if (k.pmd_leaf(pmdEntry) !== 0 || k.pmd_present(pmdEntry) === 0) return { at: pmd, level: 'pmd', ...above };
  pass(pmdEntry);
  return { at: k.pte_offset_kernel(pmd, addr), level: 'pte', ...above };
}
