// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../../base/units.ts';
import { levelsOf } from '../../hardware/levels.ts';
import { allocateTable } from '../../hardware/page-tables.ts';
import type { Kernel } from '../../kernel.ts';

/** What x86_64 does at boot that later code relies on. */
export function bootX86(k: Kernel, init_mm: Ptr): void {
  identifyCpu(k);
  preallocateVmallocTables(k, init_mm);
}

const FAMILY = 6;
/** Bytes that CLFLUSH writes back at once. */
const CACHE_LINE = 64;

/** @kernel arch/x86/kernel/cpu/common.c identify_boot_cpu */
function identifyCpu({ structs, globals }: Kernel): void {
  const cpu = structs.cpuinfo_x86(globals['boot_cpu_data']!);
  cpu.x86 = FAMILY;
  cpu.x86_clflush_size = CACHE_LINE;
}

/**
 * x86_64 links the tables below the root for all of vmalloc space at boot, so that root tables need not be kept in step.
 * @kernel arch/x86/mm/init_64.c preallocate_vmalloc_pages
 */
function preallocateVmallocTables(k: Kernel, init_mm: Ptr): void {
  const { vmallocStart, vmallocEnd } = k.machine.addresses;
  const size = levelsOf(k.machine).pgd.size;
  const isFiveLevel = levelsOf(k.machine).p4d.level !== undefined;
  for (let addr = Math.floor(vmallocStart / size) * size; addr < vmallocEnd; addr += size) {
    // Without the locks of p4d_alloc(): nobody else is there yet, and this is done at every boot.
    const entry = k.pgd_offset_k(addr);
    if (isFiveLevel) k.pgd_populate(init_mm, entry, allocateTable(k, 'p4d'));
    else k.p4d_populate(init_mm, entry, allocateTable(k, 'pud'));
  }
}
