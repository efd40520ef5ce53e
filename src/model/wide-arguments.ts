// SPDX-License-Identifier: GPL-2.0-only

/**
 * Functions that take any 64 bits in their integer parameters, so also values beyond ±2^53. All others of the model
 * take addresses, sizes and counts as plain numbers.
 */
export const functionsWithWideArguments: ReadonlySet<string> = new Set([
  ...['__pte', '__pmd', '__pud', '__p4d', '__pgd', '__pgprot', 'pgattr_change_is_safe', 'ioremap_allowed'],
  // What is no page may be told to lie anywhere.
  ...['pmd_set_huge', 'pud_set_huge'],
  ...['__ffs', '__ffs64', '__fls', 'ffz', 'ffs', 'fls', 'fls64', 'fls_long', 'hweight64', 'hweight_long'],
  ...['__ilog2_u64', '__roundup_pow_of_two', '__rounddown_pow_of_two', 'is_power_of_2', 'get_order'],
  ...['get_count_order', 'get_count_order_long', 'size_mul', 'size_add', 'xa_find', 'xa_find_after'],
  ...['kmalloc', 'kzalloc', 'kmalloc_node', 'kzalloc_node', 'kmalloc_array', 'kcalloc', 'kmalloc_array_node'],
  ...['kcalloc_node', 'kvmalloc', 'kvmalloc_node', 'kvzalloc', 'kvmalloc_array', 'kvcalloc'],
  ...['snprintf', 'scnprintf', 'sprintf', 'kasprintf'],
  ...['atomic64', 'atomic_long'].flatMap((prefix) =>
    ['set', 'add', 'sub', 'add_return', 'sub_return', 'sub_and_test', 'xchg', 'cmpxchg'].map(
      (op) => `${prefix}_${op}`,
    ),
  ),
]);
