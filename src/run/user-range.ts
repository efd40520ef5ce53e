// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr, VirtAddr } from '../base/units.ts';
import type { Stage } from './stage.ts';

/** A vm_area_struct of [start, end), as callers that work for a process hand it in. */
export function makeVma({ kernel: k, initMm }: Stage, start: VirtAddr, end: VirtAddr): Ptr {
  const vma = k.mem.allocate({ name: 'vm_area_struct', size: k.sizeof('vm_area_struct'), zeroed: true });
  const fields = k.structs.vm_area_struct(vma);
  fields.vm_start = start;
  fields.vm_end = end;
  fields.vm_mm = initMm;
  return vma;
}
