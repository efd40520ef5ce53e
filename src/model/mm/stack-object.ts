// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';

/** A local variable whose address C functions take: it lives in the kernel's memory while `use` runs. */
export function onStack<T>(
  k: Kernel,
  object: { readonly name: string; readonly size: ByteCount },
  use: (at: Ptr) => T,
): T {
  const at = k.mem.allocate({ ...object, guard: 64 });
  if (at === 0) return k.notModelled(`kernel stack: no room for ${object.name}`);
  const result = use(at);
  k.mem.releaseNewest(at);
  return result;
}
