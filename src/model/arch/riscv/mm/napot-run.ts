// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Shift } from '../../../../base/units.ts';
import type { Kernel } from '../../../kernel.ts';
import { levelsOf } from '../../../hardware/levels.ts';

/** The one NAPOT run that exists: 64 KiB. Undefined without Svnapot. */
export function napotRun(k: Kernel): { readonly shift: Shift; readonly size: ByteCount } | undefined {
  const entries = levelsOf(k.machine).pte.level?.contiguousEntries;
  if (entries === undefined || k.has_svnapot() === 0) return undefined;
  const size = entries * k.pageSize;
  return { shift: Math.log2(size), size };
}
