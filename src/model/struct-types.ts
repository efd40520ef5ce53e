// SPDX-License-Identifier: GPL-2.0-only

/**
 * The C structs that model code looks into, as their fields appear in TypeScript: pointers and 64-bit integers are
 * numbers here (a value beyond ±2^53 is refused as not modelled), smaller integers are numbers. Offsets are not
 * written down: they come from the C declarations at link time, as BTF relocation does it.
 * Embedded structs appear as the address of their first byte.
 */
export interface StructTypes {
  page: { flags: number; memcg_data: number };
  mm_struct: { pgd: number; page_table_lock: number; mmap_lock: number };
  task_struct: { flags: number };
  rb_augment_callbacks: { propagate: number; copy: number; rotate: number };
  kmem_cache: { name: number; object_size: number; align: number; flags: number; ctor: number };
  work_struct: { pending: number; entry: number; func: number };
  irq_work: { pending: number; func: number };
  workqueue_struct: { unused: number };
  xarray: { xa_flags: number };
  notifier_block: { notifier_call: number; next: number };
  blocking_notifier_head: { head: number };
  iov_iter: { count: number };
  shrinker: { flags: number };
  mm_walk: { ops: number; mm: number; pgd: number; action: number; private: number };
  mm_walk_ops: {
    pgd_entry: number;
    p4d_entry: number;
    pud_entry: number;
    pmd_entry: number;
    pte_entry: number;
    pte_hole: number;
  };
  vm_struct: {
    next: number;
    addr: number;
    size: number;
    flags: number;
    pages: number;
    page_order: number;
    nr_pages: number;
    phys_addr: number;
    caller: number;
    requested_size: number;
  };
  vm_area_struct: {
    vm_start: number;
    vm_end: number;
    vm_mm: number;
    vm_flags: number;
    vm_private_data: number;
  };
  hstate: { order: number };
  mhp_params: { altmap: number };
  vmap_area: {
    va_start: number;
    va_end: number;
    rb_node: number;
    list: number;
    subtree_max_size: number;
    vm: number;
    flags: number;
  };
  cpuinfo_x86: { x86: number; x86_clflush_size: number };
}
