// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { partOfState } from '../part-of-state.ts';

// mm/memcontrol.c: one memory cgroup, which pages are charged to that are taken with __GFP_ACCOUNT.

const pageCharges = partOfState((): { pages: number } => ({ pages: 0 }));

/**
 * Counts for the cgroup that a page is charged to, if it is: for how many pages is up to the caller, who may name one page for
 * all that were charged together.
 * @kernel include/linux/memcontrol.h mod_memcg_page_state
 * @fidelity custom: one cgroup. Emits `counter`.
 */
export function mod_memcg_page_state(k: Kernel, page: Ptr, _idx: number, val: number): void {
  if (k.structs.page(page).memcg_data === 0) return;
  const charges = k.state(pageCharges);
  charges.pages += val;
  k.trace.emit({ kind: 'counter', name: 'vmalloc pages of a memory cgroup', value: charges.pages });
}
