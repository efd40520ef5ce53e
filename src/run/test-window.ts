// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, VirtAddr } from '../base/units.ts';
import type { Machine } from '../trace/machine.ts';

// The range in vmalloc space where scenarios map at places of their own choice: no area lies in it.

const GIB = 2 ** 30;
const TIB = 2 ** 40;

/**
 * Bytes from the start of the window to where the root table's next entry begins: a gibibyte, or the largest leaf or
 * contiguous run where that is more. The start is aligned to all of them, and ranges across every level's border are
 * at hand.
 */
export function windowToBorder({ levels, attributes }: Machine): ByteCount {
  const leaves = levels.filter(({ leaf }) => leaf !== undefined);
  const sizes = leaves.map(({ shift, contiguousEntries }) => {
    return 2 ** shift * (attributes.contiguous === 0 ? 1 : (contiguousEntries ?? 1));
  });
  return Math.max(GIB, ...sizes);
}

/** First address of the window; as far into vmalloc space as no area of a scenario reaches. */
export function windowStartOf(machine: Machine): VirtAddr {
  const { vmallocStart, vmallocEnd } = machine.addresses;
  const rootEntry = 2 ** machine.levels[0]!.shift;
  const from = vmallocStart + Math.min(TIB, (vmallocEnd - vmallocStart) / 4);
  return Math.ceil(from / rootEntry) * rootEntry - windowToBorder(machine);
}
