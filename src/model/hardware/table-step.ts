// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../base/descriptor.ts';
import type { Ptr, VirtAddr } from '../../base/units.ts';
import type { KernelWorld } from '../kernel.ts';
import { frameOf } from './entry.ts';
import { entryIndex, type LevelGeometry } from './levels.ts';

/** The table that an entry points to. */
export function tableBelow(k: KernelWorld, entry: Descriptor): Ptr {
  return k.machine.addresses.pageOffset + frameOf(k.machine, entry) * k.pageSize;
}

/** The entry for `addr` in a table. Emits `walk`. */
export function lookUp(k: KernelWorld, level: LevelGeometry, table: Ptr, addr: VirtAddr): Ptr {
  k.trace.stores.walk(level.place, addr);
  return table + entryIndex(level, addr) * 8;
}
