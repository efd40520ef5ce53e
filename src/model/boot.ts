// SPDX-License-Identifier: GPL-2.0-only
import { bootX86 } from './arch/x86/boot.ts';
import { levelsOf } from './hardware/levels.ts';
import { allocateTable, connectMmu } from './hardware/page-tables.ts';
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
  if (k.machine.config['CONFIG_X86_64'] === true) bootX86(k, init_mm);
  if (k.machine.arch === 'riscv') chooseLevels(k);
  k.vmalloc_init();
}

/**
 * One riscv kernel runs on tables of three to five levels, and asks two variables how many there are.
 * @kernel arch/riscv/mm/init.c set_satp_mode
 */
function chooseLevels(k: Kernel): void {
  const { globals, machine, mem } = k;
  mem.st8(globals['pgtable_l4_enabled']!, levelsOf(machine).pud.level === undefined ? 0 : 1);
  mem.st8(globals['pgtable_l5_enabled']!, levelsOf(machine).p4d.level === undefined ? 0 : 1);
}
