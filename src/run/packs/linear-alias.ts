// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import { areaAt, type Operation, type Scenario } from '../scenario.ts';
import { USUAL_GFP } from '../scenario-text.ts';
import type { Shapes } from './shapes.ts';

/** A block of larger pages has more of them than a table of its linear addresses is worth. */
const MOST_PAGES = 1024;

/**
 * Areas whose pages have other rights in the linear map for a while, by set_memory_*() under `rodata=full` or by
 * somebody else, and what vfree() makes of that.
 */
export function linearAliasScenarios({ run, block }: Shapes): readonly Scenario[] {
  const two: Operation = { call: 'vmalloc', size: 2 };
  const scenarios: (readonly Operation[])[] = [
    [reset(3), set('ro', 0, 3), free],
    [reset(3), set('ro', 1, 1), set('rw', 1, 1), set('ro', 2, 1), free, reset(2)],
    [two, set('ro', 0, 2), set('x', 0, 2), set('rw', 0, 2), free],
    [two, ...takenOut(1), free],
    [reset(1), protectAlias(0, 'ro'), free],
    [reset(3), protectAlias(0, 'ro'), protectAlias(2, 'ro'), free],
    [two, protectAlias(1, 'ro'), protectAlias(1, 'rw'), free],
  ];
  for (const size of [run, block]) {
    if (2 * size > MOST_PAGES) continue;
    const large = reset(size, ['VM_ALLOW_HUGE_VMAP']);
    scenarios.push([large, protectAlias(0, 'ro'), protectAlias(size - 1, 'ro'), free]);
  }
  return scenarios.map((operations) => ({ operations: [linearPages(operations), ...operations] }));
}

/** Tables for all that the first of the calls may take, and for some pages beside. */
function linearPages([first]: readonly Operation[]): Operation {
  const size = first !== undefined && 'size' in first ? first.size : 0;
  return { call: 'arch_parse_debug_rodata', size: 2 * size + 16 };
}

const free: Operation = { call: 'vfree', area: 1 };

/** Memory whose owner says that vfree() has to put things right. */
function reset(size: PageCount, more: readonly string[] = []): Operation {
  const flags = ['VM_FLUSH_RESET_PERMS', ...more];
  return { call: '__vmalloc_node_range', size, align: 1, prot: 'rw', flags, gfp: USUAL_GFP };
}

function set(change: 'ro' | 'rw' | 'x', page: PageCount, size: PageCount): Operation {
  return { call: `set_memory_${change}`, at: areaAt(1, page), size };
}

function protectAlias(page: PageCount, prot: 'ro' | 'rw'): Operation {
  return { call: 'update_mapping_prot', at: areaAt(1, page), prot };
}

/** One page of two is not there for a while. */
function takenOut(page: PageCount): readonly Operation[] {
  const at = areaAt(1, page);
  const isThere: Operation = { call: 'kernel_page_present', at };
  return [
    isThere,
    { call: 'set_direct_map_invalid_noflush', at },
    isThere,
    { call: 'kernel_page_present', at: areaAt(1, 0) },
    { call: 'vm_unmap_aliases' },
    { call: 'set_direct_map_default_noflush', at },
    isThere,
  ];
}
