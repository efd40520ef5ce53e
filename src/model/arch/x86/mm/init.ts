// SPDX-License-Identifier: GPL-2.0-only
import type { Pfn } from '../../../../base/units.ts';
import type { Kernel } from '../../../kernel.ts';

// arch/x86/mm/init.c: what of physical memory the linear map holds.

/** @kernel arch/x86/mm/init.c pfn_range_is_mapped @fidelity custom: all of RAM, which is one range, is mapped */
export function pfn_range_is_mapped(k: Kernel, start_pfn: Pfn, end_pfn: Pfn): number {
  const { ramStart, ramPages } = k.machine.addresses;
  return start_pfn >= ramStart && end_pfn <= ramStart + ramPages ? 1 : 0;
}
