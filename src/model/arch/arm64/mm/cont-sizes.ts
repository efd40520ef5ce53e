// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Shift } from '../../../../base/units.ts';
import { hardwareLevel, levelShift } from '../../../hardware/levels.ts';
import { perMachine } from '../../../hardware/per-machine.ts';

/** CONT_PTES, CONT_PTE_SIZE, CONT_PMD_SIZE and so on, of one machine. */
export interface ContSizes {
  readonly ptes: number;
  readonly pteShift: Shift;
  readonly pteSize: ByteCount;
  readonly pmds: number;
  readonly pmdShift: Shift;
  readonly pmdSize: ByteCount;
}

export const contSizes = perMachine((machine): ContSizes => {
  const ptes = hardwareLevel(machine, 'pte')?.contiguousEntries ?? 1;
  const pmds = hardwareLevel(machine, 'pmd')?.contiguousEntries ?? 1;
  const pteShift = levelShift(machine, 'pte') + Math.log2(ptes);
  const pmdShift = levelShift(machine, 'pmd') + Math.log2(pmds);
  return { ptes, pteShift, pteSize: 2 ** pteShift, pmds, pmdShift, pmdSize: 2 ** pmdShift };
});
