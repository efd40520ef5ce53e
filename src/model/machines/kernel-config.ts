// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../trace/machine.ts';

/**
 * What every modelled kernel is built with: a 64-bit SMP kernel with an MMU and without debugging
 * instruments.
 */
export const kernelConfig: Machine['config'] = {
  CONFIG_64BIT: true,
  CONFIG_MMU: true,
  CONFIG_SMP: true,
  CONFIG_NR_CPUS: 4,
  CONFIG_HZ: 250,
  CONFIG_PRINTK: true,
  CONFIG_MODULES: true,
  CONFIG_PROC_FS: true,
  CONFIG_NODES_SHIFT: 0,
  CONFIG_SPARSEMEM_VMEMMAP: true,
  CONFIG_HUGETLB_PAGE: true,
  CONFIG_TRANSPARENT_HUGEPAGE: true,
  CONFIG_HAVE_ARCH_HUGE_VMAP: true,
  CONFIG_HAVE_ARCH_HUGE_VMALLOC: true,
  CONFIG_ARCH_HAS_SET_MEMORY: true,
  CONFIG_ARCH_HAS_SET_DIRECT_MAP: true,
  CONFIG_ARCH_HAS_PTE_SPECIAL: true,
  CONFIG_STRICT_KERNEL_RWX: true,
  CONFIG_STRICT_MODULE_RWX: true,
  CONFIG_HAVE_VMAP_PFN: true,
  CONFIG_VMAP_PFN: true,
  CONFIG_MIGRATION: true,
  CONFIG_MEMORY_HOTPLUG: true,
  CONFIG_MEMORY_FAILURE: true,
};
