// SPDX-License-Identifier: GPL-2.0-only
import { allocators, type Operation } from './scenario.ts';

/** What the text form of a scenario knows, in the order in which it is named to who mistypes one. */
export const calls: readonly Operation['call'][] = [
  ...([
    'vmap',
    'vunmap',
    'get_vm_area',
    'vmap_pages_range',
    'vmap_page_range',
    'ioremap_page_range',
  ] as const),
  ...(['vunmap_range', 'set_memory_ro', 'set_memory_rw', 'set_memory_nx', 'set_memory_x'] as const),
  ...(['set_memory_valid', 'ioremap_prot', 'iounmap', 'vm_area_map_pages', 'vm_area_unmap_pages'] as const),
  ...allocators,
  ...(['__vmalloc', '__vmalloc_node', '__vmalloc_node_range', 'vrealloc', '__get_vm_area_caller'] as const),
  ...(['vfree', 'vfree_atomic', 'free_vm_area', 'vm_map_ram', 'vm_unmap_ram'] as const),
  ...(['remap_vmalloc_range', 'vmalloc_to_page', 'vmalloc_to_pfn', 'flush_scheduled_work'] as const),
  ...([
    'set_huge_pte_at',
    'huge_ptep_get',
    'huge_ptep_set_wrprotect',
    'huge_ptep_set_access_flags',
    'huge_ptep_get_and_clear',
    'huge_ptep_clear_flush',
    'huge_pte_clear',
    'huge_pte_alloc',
    'huge_ptep_modify_prot_start',
    'huge_ptep_modify_prot_commit',
    'arch_make_huge_pte',
    'arch_hugetlb_valid_size',
    'hugetlb_mask_last_page',
    'vm_unmap_aliases',
    'set_nohugeiomap',
  ] as const),
  ...(['map_mem', '__map_memblock', '__set_fixmap', 'update_mapping_prot', 'create_pgd_mapping'] as const),
  ...(['arch_add_memory', 'arch_remove_memory', 'is_vmalloc_addr'] as const),
  ...(['arch_parse_debug_rodata', 'kernel_page_present'] as const),
  ...(['set_direct_map_invalid_noflush', 'set_direct_map_default_noflush'] as const),
  ...(['vread_iter', 'vmalloc_dump_obj', 'vmalloc_info_show', 'vmap_pfn'] as const),
  ...(['vmap_node_shrink_count', 'vmap_node_shrink_scan'] as const),
  ...(['pcpu_get_vm_areas', 'pcpu_free_vm_areas'] as const),
];
