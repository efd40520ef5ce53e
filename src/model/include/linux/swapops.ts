// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../../trace/machine.ts';

/**
 * Entries that name a page which is not there. Kernels before 6.6 ask in set_huge_pte_at() how large the page is that
 * such an entry names.
 * Of the 32 kinds the last is a page that could not be read back, the three before it are pages on the move, and the
 * one before those is broken memory: Linux 6.1 with CONFIG_MIGRATION and CONFIG_MEMORY_FAILURE, without device memory
 * and PTE markers.
 */
export const header = (machine: Machine): string => `
typedef struct { unsigned long val; } swp_entry_t;
#define SWP_TYPE_SHIFT 58
static inline int is_migration_entry(swp_entry_t entry)
{
	unsigned long kind = entry.val >> SWP_TYPE_SHIFT;
	return kind >= 28 && kind <= 30;
}
static inline int is_hwpoison_entry(swp_entry_t entry) { return entry.val >> SWP_TYPE_SHIFT == 27; }
${machine.arch === 'arm64' ? arm64 : unmodelled}`;

/** The kind of entry stands in five bits above bit 2, what it names in the fifty bits above them. */
const arm64 = `
static inline swp_entry_t pte_to_swp_entry(pte_t pte)
{
	unsigned long kind = (pte_val(pte) >> 3) & 31;
	unsigned long named = (pte_val(pte) >> 8) & ((1UL << 50) - 1);
	swp_entry_t entry;
	entry.val = (kind << SWP_TYPE_SHIFT) | named;
	return entry;
}
static inline unsigned long swp_offset_pfn(swp_entry_t entry)
{
	return entry.val & ((1UL << (CONFIG_ARM64_PA_BITS - PAGE_SHIFT)) - 1);
}
`;

const unmodelled = `
__unmodelled swp_entry_t pte_to_swp_entry(pte_t pte);
__unmodelled unsigned long swp_offset_pfn(swp_entry_t entry);
`;
