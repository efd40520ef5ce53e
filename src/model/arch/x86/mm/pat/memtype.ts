// SPDX-License-Identifier: GPL-2.0-only
import type { PhysAddr, Ptr } from '../../../../../base/units.ts';
import type { Kernel } from '../../../../kernel.ts';

// arch/x86/mm/pat/memtype.c: which memory type a range of physical memory was promised to somebody with.

/**
 * @kernel arch/x86/mm/pat/memtype.c memtype_reserve
 * @fidelity stub: nobody else asks for a type that could be in conflict
 * @returns 0
 */
export function memtype_reserve(
  _k: Kernel,
  _start: PhysAddr,
  _end: PhysAddr,
  _req_type: number,
  _new_type: Ptr,
): number {
  return 0;
}

/** @kernel arch/x86/mm/pat/memtype.c memtype_free @fidelity stub: see memtype_reserve() @returns 0 */
export function memtype_free(_k: Kernel, _start: PhysAddr, _end: PhysAddr): number {
  return 0;
}
