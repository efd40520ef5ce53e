// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';

/** A local variable whose address C functions take: it lives in the kernel's memory while `use` runs. */
export function onStack<T>(
  k: Kernel,
  object: { readonly name: string; readonly size: ByteCount },
  use: (at: Ptr) => T,
): T {
  const frame = k.mem.pushFrame();
  const result = use(k.mem.local(object.size, object.size, object.name));
  k.mem.popFrame(frame);
  return result;
}
