// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../base/descriptor.ts';
import type { ByteCount, Ptr, VirtAddr } from '../base/units.ts';
import type { Level, LevelName, Machine } from '../trace/machine.ts';
import { frameOf, matches } from '../model/hardware/entry.ts';
import type { Kernel } from '../model/kernel.ts';

/** The level whose entries map `size` bytes: the largest that it holds a whole number of. */
export function entryLevel({ levels }: Machine, size: ByteCount): Level | undefined {
  return levels.find(({ shift, leaf }) => leaf !== undefined && size % 2 ** shift === 0);
}

/** The entry of the kernel's tables where a mapping of `size` bytes at `addr` begins. Tables that lack are made. */
export function entryPointer(k: Kernel, addr: VirtAddr, size: ByteCount): Ptr | undefined {
  const level = entryLevel(k.machine, size);
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

/** The entry that translates an address of the kernel's half. */
export function leafEntry(
  { machine, mem, structs, globals }: Kernel,
  addr: VirtAddr,
): Descriptor | undefined {
  let table = structs.mm_struct(globals['init_mm']!).pgd;
  for (const { shift, entries, leaf } of machine.levels) {
    const entry = mem.ldDescriptor(table + (Math.floor(addr / 2 ** shift) & (entries - 1)) * 8);
    if (!matches(entry, machine.attributes.valid)) return undefined;
    if (leaf !== undefined && matches(entry, leaf)) return entry;
    table = machine.addresses.pageOffset + frameOf(machine, entry) * 2 ** machine.pageShift;
  }
  return undefined;
}
