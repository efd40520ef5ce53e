// SPDX-License-Identifier: GPL-2.0-only
import { findDefinition, type Program } from './program.ts';
import type { KernelFunction } from './runtime.ts';

/** What scenarios call. */
const called = [
  ...[
    'vmap',
    'vunmap',
    'get_vm_area',
    'vmap_pages_range',
    'vmap_page_range',
    'ioremap_page_range',
    'vunmap_range',
  ],
  ...['set_memory_ro', 'set_memory_rw', 'set_memory_nx', 'set_memory_x'],
  'vm_unmap_aliases',
  'set_nohugeiomap',
  ...['set_huge_pte_at', 'huge_ptep_get_and_clear', 'arch_make_huge_pte'],
];

/** What scenarios ask the tree, to know what may be called for, and what came of it. */
const asked = ['find_vm_area', 'arch_hugetlb_valid_size', 'arch_vmap_pte_range_map_size'];

/** The entry points that a tree or the model has; the others are not reached. */
export function entryPointsOf(
  program: Program,
  modelFunctions: ReadonlyMap<string, KernelFunction>,
): readonly string[] {
  return [...called, ...asked].filter(
    (name) => modelFunctions.has(name) || findDefinition(program, name, undefined) !== undefined,
  );
}
