// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, VirtAddr } from '../base/units.ts';
import type { LevelName } from '../trace/machine.ts';
import type { Kernel } from '../model/kernel.ts';

/**
 * The entry of the kernel's tables where a mapping of `size` bytes at `addr` begins, in the table of the level whose
 * entries are the largest that `size` holds a whole number of. Tables that lack are made.
 */
export function entryPointer(k: Kernel, addr: VirtAddr, size: ByteCount): Ptr | undefined {
  const level = k.machine.levels.find(({ shift, leaf }) => leaf !== undefined && size % 2 ** shift === 0);
  return level === undefined ? undefined : descend(k, addr, level.name);
}

function descend(k: Kernel, addr: VirtAddr, level: LevelName): Ptr | undefined {
  const initMm = k.globals['init_mm']!;
  const p4d = k.p4d_alloc(initMm, k.pgd_offset_k(addr), addr);
  if (p4d === 0) return undefined;
  const pud = k.pud_alloc(initMm, p4d, addr);
  if (pud === 0 || level === 'pud') return pud === 0 ? undefined : pud;
  const pmd = k.pmd_alloc(initMm, pud, addr);
  if (pmd === 0 || level === 'pmd') return pmd === 0 ? undefined : pmd;
  const pte = k.pte_alloc_kernel(pmd, addr);
  return pte === 0 ? undefined : pte;
}
