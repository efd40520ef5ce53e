// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, VirtAddr } from '../base/units.ts';
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

/** The same for one huge page, whose size the callee finds in hugetlb's record. */
export function makeHugeVma(stage: Stage, mm: Ptr, addr: VirtAddr, size: ByteCount): Ptr {
  const vma = makeVma(stage, addr, addr + size);
  const fields = stage.kernel.structs.vm_area_struct(vma);
  fields.vm_mm = mm;
  fields.vm_private_data = makeHstate(stage, size);
  return vma;
}

/** What hugetlb knows of a size. */
export function makeHstate({ kernel: k, pageSize }: Stage, size: ByteCount): Ptr {
  const hstate = k.mem.allocate({ name: 'hstate', size: k.sizeof('hstate'), zeroed: true });
  k.structs.hstate(hstate).order = Math.log2(size / pageSize);
  return hstate;
}

/** A process that sees the kernel's own tables, so that one set of them is enough: it is only not the kernel. */
export function makeProcess({ kernel: k, initMm }: Stage): Ptr {
  const mm = k.mem.allocate({ name: 'mm_struct', size: k.sizeof('mm_struct'), zeroed: true });
  k.structs.mm_struct(mm).pgd = k.structs.mm_struct(initMm).pgd;
  return mm;
}
