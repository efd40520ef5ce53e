// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Shift } from '../../../../base/units.ts';
import { levelsOf } from '../../../hardware/levels.ts';
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
  const ptes = levelsOf(machine).pte.level?.contiguousEntries ?? 1;
  const pmds = levelsOf(machine).pmd.level?.contiguousEntries ?? 1;
  const pteShift = levelsOf(machine).pte.shift + Math.log2(ptes);
  const pmdShift = levelsOf(machine).pmd.shift + Math.log2(pmds);
  return { ptes, pteShift, pteSize: 2 ** pteShift, pmds, pmdShift, pmdSize: 2 ** pmdShift };
});
