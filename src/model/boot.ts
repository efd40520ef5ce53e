// SPDX-License-Identifier: GPL-2.0-only
import { allocateTable, connectMmu } from './hardware/page-tables.ts';
import { hardwareLevel, levelSize } from './hardware/levels.ts';
import type { Kernel } from './kernel.ts';

/**
 * Brings the kernel up for one scenario: the MMU with an empty kernel page table, CPUs, locks and the vmalloc layer.
 * Storage of global variables exists already, zeroed.
 */
export function boot(k: Kernel): void {
  connectMmu(k);
  const init_mm = k.globals['init_mm']!;
  const root = k.machine.levels[0]!.name;
  k.structs.mm_struct(init_mm).pgd = allocateTable(k, root);
  for (let cpu = 0; cpu < Number(k.machine.config['CONFIG_NR_CPUS']); cpu++) {
    k.set_bit(cpu, k.globals['__cpu_possible_mask']!);
  }
  if (k.machine.config['CONFIG_X86_64'] === true) preallocateVmallocTables(k, init_mm);
  if (k.machine.arch === 'riscv') chooseLevels(k);
  k.vmalloc_init();
}

/**
 * One riscv kernel runs on tables of three to five levels, and asks two variables how many there are.
 * @kernel arch/riscv/mm/init.c set_satp_mode
 */
function chooseLevels(k: Kernel): void {
  const { globals, machine, mem } = k;
  mem.st8(globals['pgtable_l4_enabled']!, hardwareLevel(machine, 'pud') === undefined ? 0 : 1);
  mem.st8(globals['pgtable_l5_enabled']!, hardwareLevel(machine, 'p4d') === undefined ? 0 : 1);
}

/**
 * x86_64 links the tables below the root for all of vmalloc space at boot, so that root tables need not be kept in step.
 * @kernel arch/x86/mm/init_64.c preallocate_vmalloc_pages
 */
function preallocateVmallocTables(k: Kernel, init_mm: number): void {
  const { vmallocStart, vmallocEnd } = k.machine.addresses;
  const size = levelSize(k.machine, 'pgd');
  const isFiveLevel = hardwareLevel(k.machine, 'p4d') !== undefined;
  for (let addr = Math.floor(vmallocStart / size) * size; addr < vmallocEnd; addr += size) {
    // Without the locks of p4d_alloc(): nobody else is there yet, and this is done at every boot.
    const entry = k.pgd_offset_k(addr);
    if (isFiveLevel) k.pgd_populate(init_mm, entry, allocateTable(k, 'p4d'));
    else k.p4d_populate(init_mm, entry, allocateTable(k, 'pud'));
  }
}
