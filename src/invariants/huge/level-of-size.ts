// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount } from '../../base/units.ts';
import type { EntryFormat, LevelFormat } from '../../trace/page-table-entry.ts';

/** The level that a huge size belongs to: one leaf, or as few runs as it takes. */
export function levelOfSize(
  { levels, last }: EntryFormat,
  size: ByteCount,
): { readonly format: LevelFormat; readonly contiguous: boolean } {
  const block = levels.find((format) => format.level.leaf !== undefined && format.entrySize === size);
  if (block !== undefined) return { format: block, contiguous: false };
  const runs = levels.find(
    ({ runEntries, entrySize, tableSize }) =>
      runEntries > 1 && size % (runEntries * entrySize) === 0 && size < tableSize,
  );
  return { format: runs ?? last, contiguous: runs !== undefined };
}
