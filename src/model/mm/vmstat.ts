// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { partOfState } from '../part-of-state.ts';

// mm/vmstat.c: how many pages are used for what. One node, and no differences that CPUs keep to themselves.

const pageCounters = partOfState((): { readonly pages: Map<number, PageCount> } => ({ pages: new Map() }));

/** @kernel mm/vmstat.c mod_node_page_state @fidelity custom: one node */
export function mod_node_page_state(k: Kernel, _pgdat: Ptr, item: number, delta: number): void {
  const { pages } = k.state(pageCounters);
  pages.set(item, (pages.get(item) ?? 0) + delta);
}

/** @kernel include/linux/vmstat.h mod_lruvec_page_state @fidelity custom: no memory cgroups */
export function mod_lruvec_page_state(k: Kernel, _page: Ptr, idx: number, val: number): void {
  k.mod_node_page_state(0, idx, val);
}

/** @kernel include/linux/vmstat.h inc_lruvec_page_state newer @fidelity custom: no memory cgroups */
export function inc_lruvec_page_state(k: Kernel, page: Ptr, idx: number): void {
  k.mod_lruvec_page_state(page, idx, 1);
}

/** @kernel include/linux/vmstat.h global_node_page_state @fidelity dup */
export function global_node_page_state(k: Kernel, item: number): PageCount {
  return Math.max(0, k.state(pageCounters).pages.get(item) ?? 0);
}
