// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { WARN_ON } from './bug.ts';
import { vmallocState } from './vmalloc-state.ts';

/** Enters an area into the index of ranges in use. */
export function insertBusy(k: Kernel, area: Ptr): void {
  const { busy, locks } = k.state(vmallocState);
  const va = k.structs.vmap_area(area);
  k.spin_lock(locks.busy);
  const overlap = busy.insert({ start: va.va_start, end: va.va_end, area });
  WARN_ON(k, overlap !== undefined, 'vmalloc bug: areas overlap');
  k.spin_unlock(locks.busy);
}

/** Takes an area out of the index of ranges in use. */
export function unlinkBusy(k: Kernel, area: Ptr): void {
  const { busy, locks } = k.state(vmallocState);
  k.spin_lock(locks.busy);
  WARN_ON(k, !busy.remove(k.structs.vmap_area(area).va_start), 'RB_EMPTY_NODE(&va->rb_node)');
  k.spin_unlock(locks.busy);
}
