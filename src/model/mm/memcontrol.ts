// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { partOfState } from '../part-of-state.ts';

// mm/memcontrol.c: one memory cgroup, which pages are charged to that are taken with __GFP_ACCOUNT.

/** How often each page is counted, and how much that is in all: a page that is taken off too often does not make up for another. */
const pageCharges = partOfState((): { readonly of: Map<Ptr, number>; pages: number } => ({
  of: new Map(),
  pages: 0,
}));

/**
 * Counts a page that is charged; for others it does nothing.
 * @kernel include/linux/memcontrol.h mod_memcg_page_state
 * @fidelity custom: one cgroup, and every page by itself. Emits `counter`.
 */
export function mod_memcg_page_state(k: Kernel, page: Ptr, _idx: number, val: number): void {
  if (k.structs.page(page).memcg_data === 0) return;
  const charges = k.state(pageCharges);
  const before = charges.of.get(page) ?? 0;
  charges.of.set(page, before + val);
  charges.pages += Math.abs(before + val) - Math.abs(before);
  k.trace.emit({ kind: 'counter', name: 'vmalloc pages of a memory cgroup', value: charges.pages });
}
